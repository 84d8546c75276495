// Harm that comes late: after a trial was won, before it is kept for good.
#ifndef ROCKTUNE_POLICY_PROBATION_H_
#define ROCKTUNE_POLICY_PROBATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "policy/verdict.h"
#include "policy/window.h"

namespace rocktune {

struct ProbationInput {
  absl::Span<const Window> baseline;   // of the trial
  absl::Span<const Window> candidate;  // that won it
  absl::Span<const Window> probation;  // since then, oldest first
  OpMix mix;
  bool saturated = false;
  double window_noise = 0.05;  // of the log of one window's cost
};

// One sentence when the gain has gone (the cost is above the baseline's beyond
// the noise), compaction debt grew through the whole probation, a limit of the
// operator is broken, or stalls set in. nullopt: keep.
std::optional<std::string> DelayedHarm(const ProbationInput& input,
                                       const VerdictConfig& config);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_PROBATION_H_
