// What an operator may ask for, and what is answered.
#ifndef ROCKTUNE_POLICY_COMMAND_H_
#define ROCKTUNE_POLICY_COMMAND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "policy/calibration.h"
#include "policy/option.h"
#include "policy/proposal.h"
#include "policy/state.h"

namespace rocktune {

enum class CommandKind {
  kFreeze,
  kResume,
  kMode,
  kRollback,
  kPropose,
  kApprove,
  kReject,
  kPin,
  kUnpin,
};
absl::string_view ToString(CommandKind kind);

// A change an operator asks for. `database` may be empty when only one is
// attached (and for freeze, resume, mode: all).
struct Command {
  CommandKind kind = CommandKind::kFreeze;
  std::string database;
  uint32_t uid = 0;
  std::string reason;
  TuningMode mode = TuningMode::kSuggest;  // kMode
  std::string rollback_to;                 // "last", "baseline", trial id
  std::vector<ProposedChange> changes;     // kPropose
  Pin pin;                                 // kPin, kUnpin
};

struct CommandReply {
  bool refused = false;                 // by calibration: nothing is done
  std::string message;                  // one sentence
  std::vector<CalibrationNote> notes;   // kPropose
  ChangeSet change_set;                 // what is tried, or was set
  std::vector<OptionKey> not_restored;  // kRollback: cannot be exact
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_COMMAND_H_
