// What goes into the tuning machine (events) and what comes out (actions).
// The machine decides; the driver does what the actions say, without opinions.
#ifndef ROCKTUNE_POLICY_MACHINE_IO_H_
#define ROCKTUNE_POLICY_MACHINE_IO_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "policy/advisor.h"
#include "policy/apply_report.h"
#include "policy/command.h"
#include "policy/facts.h"
#include "policy/option.h"
#include "policy/trace_facts.h"
#include "policy/trial.h"
#include "policy/window.h"
#include "policy/workload_memory.h"

namespace rocktune {

namespace event {

// First event. `values` are in force now. `unfinished` are trials of this
// database that a crash left open; `proven` are values an earlier session
// proved, as far as the restart policy wants them tried (`keep_proven`: set
// at once instead).
struct Started {
  OptionValues values;
  std::vector<Trial> unfinished;
  OptionValues proven;
  bool keep_proven = false;
  // What earlier sessions proved under which load.
  std::vector<MemoryEntry> memory;
};

// One window, with what the applier and the stall conditions say at its end.
struct WindowClosed {
  Window window;
  double stall_nearness = 0;  // 0 .. 1 (stopped)
  std::string stall_cause;
  bool settled = true;  // nothing is left to re-apply
};

// Values read back outside of an apply, to notice what others changed.
// `epoch` is the machine's epoch() at the time the reading began.
struct ValuesRead {
  OptionValues values;
  uint64_t epoch = 0;
};

// A burst of tracing is over.
struct TraceTaken {
  TraceFacts facts;
};

struct AdviceArrived {
  uint64_t consultation = 0;  // of the Consult action
  Advice advice;
};

// The advisor has something to say that it did not have when it was consulted.
struct AdviceOffered {};

struct TrialRecorded {
  uint64_t ticket = 0;         // of the RecordTrial action
  absl::StatusOr<int64_t> id;  // of the history, or why it is not durable
};

struct ApplyFinished {
  uint64_t epoch = 0;  // of the ApplyValues action
  ApplyReport report;
};

struct CommandGiven {
  uint64_t ticket = 0;  // comes back in the Reply action
  Command command;
};

// Something of ours broke: tuning freezes, an open trial is rolled back.
struct Trouble {
  std::string why;
};

struct FamiliesChanged {
  DatabaseFacts facts;
};

// The host wants its database back: an open trial is rolled back, values at
// attach are restored if asked, then DetachReady follows.
struct DetachRequested {
  bool restore = false;
};

}  // namespace event

using Event =
    std::variant<event::Started, event::WindowClosed, event::ValuesRead,
                 event::TraceTaken, event::AdviceArrived, event::AdviceOffered,
                 event::TrialRecorded, event::ApplyFinished,
                 event::CommandGiven, event::Trouble, event::FamiliesChanged,
                 event::DetachRequested>;

namespace action {

// Ask the advisor (TuningMachine::Input) and answer with AdviceArrived.
struct Consult {
  uint64_t consultation = 0;
};

// Make the trial and its inverse durable, then TrialRecorded.
struct RecordTrial {
  uint64_t ticket = 0;
  Trial trial;
};

// Set the values, then ApplyFinished.
struct ApplyValues {
  uint64_t epoch = 0;
  ChangeSet change_set;
  bool is_rollback = false;
  bool relieves_stall = false;
};

// Write the verdict to the history. Nothing waits for it.
struct CloseTrial {
  Trial trial;
};

// What was read back after the values of a trial were set, for the history.
struct RecordReadBack {
  int64_t trial = 0;
  std::vector<ReadBackValue> values;
};

// The proven values that differ from those at attach, for the next session.
// `trial` proved them; 0 when an operator rolled back.
struct SaveProven {
  OptionValues values;
  int64_t trial = 0;
};

// What is now known of one region of loads, for this and the next session.
struct SaveMemory {
  MemoryEntry entry;
};
struct ForgetMemory {
  int64_t id = 0;
};

// The operators' pins, for the next session.
struct SavePins {
  std::vector<Pin> pins;
};

// Tell the advisor what came of its proposal / that the load changed.
struct Learn {
  Trial trial;
};
struct Forget {};

// A line for the history and the host's log.
struct Note {
  std::string kind;  // "state", "trial", "operator", "freeze", "recovery", ...
  std::string line;
  int64_t trial = 0;
  std::optional<uint32_t> uid;
};

// Answer the operator's command.
struct Reply {
  uint64_t ticket = 0;
  absl::StatusOr<CommandReply> reply;
};

struct DetachReady {};

}  // namespace action

using Action =
    std::variant<action::Consult, action::RecordTrial, action::ApplyValues,
                 action::CloseTrial, action::RecordReadBack, action::SaveProven,
                 action::SaveMemory, action::ForgetMemory, action::SavePins,
                 action::Learn, action::Forget, action::Note, action::Reply,
                 action::DetachReady>;

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_MACHINE_IO_H_
