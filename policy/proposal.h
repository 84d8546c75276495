// What an advisor says (untrusted) and what calibration makes of it (vetted).
#ifndef ROCKTUNE_POLICY_PROPOSAL_H_
#define ROCKTUNE_POLICY_PROPOSAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "policy/option.h"

namespace rocktune {

// Who proposed. Decides what calibration allows: only kOperator may name an
// approve-only option; nobody may name a forbidden one.
enum class ProposalSource { kExpert, kLlm, kReplay, kOperator, kHistory };
absl::string_view ToString(ProposalSource source);
// A model's words, now or recorded.
inline bool IsModel(ProposalSource source) {
  return source == ProposalSource::kLlm || source == ProposalSource::kReplay;
}

// One wish, as text of unknown quality: "write_buffer_size", "", "64 MB".
// An empty column family on a column-family option means every family.
struct ProposedChange {
  std::string option;
  std::string column_family;
  std::string value;
  std::string reason;
  std::string expected_effect;
};

struct Proposal {
  ProposalSource source = ProposalSource::kExpert;
  std::string summary;  // one line for people
  std::vector<ProposedChange> changes;
  // Proven before under this load: kept unless it does harm.
  bool confirms = false;
  // Puts back a value that may carry nothing: kept unless something is lost.
  bool simplifies = false;
  int64_t about_trial = 0;  // the kept trial it comes from; 0: none
};

// One vetted change. Both values are canonical (see OptionValues).
struct Change {
  OptionKey key;
  std::string before;
  std::string after;
  std::string reason;
};

struct ChangeSet {
  std::vector<Change> changes;
  bool empty() const { return changes.empty(); }
};

// The change set that restores the values before, in reverse order.
ChangeSet InverseOf(const ChangeSet& change_set);

// The steps of calibration, in order.
enum class CalibrationStep {
  kParse,
  kSpelling,
  kAllowed,
  kRange,
  kStepSize,
  kRelations,
  kBudget,
  kOperatorRules,
  kBundle,
};
absl::string_view ToString(CalibrationStep step);

// One thing calibration did. `code` is stable and machine-readable
// ("unknown_option", "below_floor", "raised_slowdown_trigger", ...).
struct CalibrationNote {
  CalibrationStep step = CalibrationStep::kParse;
  bool rejected = false;  // else corrected or added
  std::string option;     // as proposed
  std::string column_family;
  std::string code;
  std::string message;  // one sentence with the numbers
  std::string asked;    // value before the step
  std::string given;    // value after it; empty when rejected
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_PROPOSAL_H_
