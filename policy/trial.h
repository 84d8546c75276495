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

struct Trial {
  int64_t id = 0;  // of the history; 0 until recorded
  std::string database;
  ProposalSource source = ProposalSource::kExpert;
  std::string summary;
  ChangeSet change_set;
  ChangeSet inverse;
  std::vector<CalibrationNote> notes;
  absl::Time opened;
  absl::Time closed = absl::InfiniteFuture();
  Verdict verdict = Verdict::kOpen;
  Effect effect;
  ArmSummary baseline;
  ArmSummary candidate;
  int windows_dropped = 0;
  absl::Duration in_force;  // how long the candidate's values were in force
  std::string why;          // one sentence with the numbers
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_TRIAL_H_
