// A trial: apply, settle, measure; ends in a verdict.
#ifndef ROCKTUNE_POLICY_TRIAL_H_
#define ROCKTUNE_POLICY_TRIAL_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "policy/option.h"
#include "policy/proposal.h"
#include "policy/window.h"

namespace rocktune {

enum class Verdict {
  kOpen,  // no verdict yet
  kKept,
  kRegressed,
  kNoGain,
  kInconclusive,
  kAborted,
};
absl::string_view ToString(Verdict verdict);

// What one arm (incumbent or candidate) measured, over its windows.
struct ArmSummary {
  int windows = 0;
  double throughput_ops_per_s = 0;
  double service_time_us = 0;  // per operation at the baseline's mix
  std::array<double, kOpKinds> latency_us_mean{};
  std::array<double, kOpKinds> latency_us_p99{};
  double stall_share = 0;  // stall time / (window length), 0..1
  double cpu_us_per_op = 0;
  double write_bytes_per_user_byte = 0;
  uint64_t resident_bytes = 0;
};

// Relative improvement of the objective: +0.10 = 10 % better. [low, high] is
// the interval at `confidence`.
struct Effect {
  double mean = 0;
  double low = 0;
  double high = 0;
  double confidence = 0;
};

// How a trial compares its arms.
enum class TrialDesign {
  kSwitchback,   // incumbent and candidate alternate in blocks, paired
  kWarming,      // one way, judged once the effect has levelled off
  kBeforeAfter,  // one way, then a probation
};
absl::string_view ToString(TrialDesign design);

// One stretch of one arm, as the verdict saw it.
struct TrialBlock {
  bool candidate = false;
  int pair = 0;          // switchback: which pair it belongs to, from 0
  absl::Duration begin;  // since the trial was opened
  int windows = 0;       // that count
  int dropped = 0;       // left out: carry-over, unsettled, idle
  double cost = 0;       // the objective's, per operation; 0: did not count
};

// One row of the table of costs: less is better in all of them.
struct CostChange {
  std::string name;  // "cpu_us_per_op", "get_p99_us", ...
  double before = 0;
  double after = 0;
  Effect effect;  // relative improvement, as Trial::effect
};

struct Trial {
  // Blocks kept for the plot and the history.
  static constexpr size_t kMaxBlocks = 200;

  int64_t id = 0;  // of the history; 0 until recorded
  std::string database;
  ProposalSource source = ProposalSource::kExpert;
  std::string summary;
  bool confirms = false;  // see Proposal
  bool thins = false;     // Proposal::simplifies
  int64_t about_trial = 0;
  ChangeSet change_set;
  ChangeSet inverse;
  std::vector<CalibrationNote> notes;
  absl::Time opened;
  absl::Time closed = absl::InfiniteFuture();
  Verdict verdict = Verdict::kOpen;
  Effect effect;
  double min_effect = 0.02;  // the least improvement that was worth keeping
  ArmSummary baseline;
  ArmSummary candidate;
  int windows_dropped = 0;
  TrialDesign design = TrialDesign::kBeforeAfter;
  std::string design_why;          // one sentence
  std::vector<TrialBlock> blocks;  // oldest first, at most kMaxBlocks
  std::vector<CostChange> costs;   // secondary costs
  std::string ended;      // one word why it ended: "proven", "harm", "futile",
                          // "deadline", "load_shift", "guardrail", ...
  std::string expected;   // what was predicted before it, or empty
  std::string load;       // the profile it is about, in one line
  int option_writes = 0;  // calls that changed values, rollback included
  absl::Duration in_force;  // how long the candidate's values were in force
  std::string why;          // one sentence with the numbers
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_TRIAL_H_
