#include "sidecar/machine_config.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"

namespace rocktune {

TuningMode ModeOf(Mode mode) {
  switch (mode) {
    case Mode::kOff:
      return TuningMode::kOff;
    case Mode::kObserve:
      return TuningMode::kObserve;
    case Mode::kSuggest:
      return TuningMode::kSuggest;
    case Mode::kApprove:
      return TuningMode::kApprove;
    case Mode::kAuto:
      return TuningMode::kAuto;
  }
  return TuningMode::kOff;
}

ObjectiveKind ObjectiveOf(Objective objective) {
  switch (objective) {
    case Objective::kBalanced:
      return ObjectiveKind::kBalanced;
    case Objective::kThroughput:
      return ObjectiveKind::kThroughput;
    case Objective::kP99:
      return ObjectiveKind::kP99;
    case Objective::kEfficiency:
      return ObjectiveKind::kEfficiency;
  }
  return ObjectiveKind::kBalanced;
}

std::vector<Limit> LimitsOf(const Config& config) {
  std::vector<Limit> limits;
  for (const std::string& text : config.limits) {
    absl::StatusOr<Limit> limit = ParseLimit(text);
    if (limit.ok()) limits.push_back(*std::move(limit));
  }
  return limits;
}

MachineConfig MachineConfigOf(const Config& config, TuningMode mode) {
  MachineConfig machine;
  machine.mode = mode;
  machine.baseline = absl::FromChrono(config.baseline);
  machine.one_way_baseline = absl::FromChrono(config.one_way_baseline);
  machine.settle = absl::FromChrono(config.settle);
  machine.settle_max = absl::FromChrono(config.settle_max);
  machine.measure_min = absl::FromChrono(config.measure_min);
  machine.measure_max = absl::FromChrono(config.measure_max);
  machine.probation = absl::FromChrono(config.probation);
  machine.cool_down = absl::FromChrono(config.cool_down);
  machine.max_changes = config.max_changes_per_trial;
  machine.verdict.min_effect = config.min_effect;
  machine.verdict.objective = ObjectiveOf(config.objective);
  machine.verdict.limits = LimitsOf(config);
  machine.option_writes_per_hour = config.option_writes_per_hour;
  machine.guardrails.p99_ratio = config.guard_p99_ratio;
  // A gain may cost two thirds of what would end its trial.
  machine.verdict.max_p99_ratio = std::max(1.0, config.guard_p99_ratio * 2 / 3);
  machine.guardrails.throughput_ratio = config.guard_throughput_ratio;
  machine.guardrails.stall_share = config.guard_stall_share;
  machine.guardrails.windows = config.guard_windows;
  return machine;
}

TracePlan TracePlanOf(const Config& config) {
  return {config.trace_bursts, absl::FromChrono(config.trace_every),
          absl::FromChrono(config.trace_length), config.query_trace};
}

}  // namespace rocktune
