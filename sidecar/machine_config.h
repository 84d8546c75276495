// From the operator's configuration to that of a database's machine.
#ifndef ROCKTUNE_SIDECAR_MACHINE_CONFIG_H_
#define ROCKTUNE_SIDECAR_MACHINE_CONFIG_H_

#include <vector>

#include "policy/limits.h"
#include "policy/objective.h"
#include "policy/state.h"
#include "policy/tuning_machine.h"
#include "rocktune/config.h"
#include "sidecar/trace_schedule.h"

namespace rocktune {

TuningMode ModeOf(Mode mode);
ObjectiveKind ObjectiveOf(Objective objective);

// Of a configuration that CheckConfig() has passed, all; else those that can
// be read.
std::vector<Limit> LimitsOf(const Config& config);

// `config` has passed CheckConfig(). Its mode is overruled by `mode`, which an
// operator may have set since.
MachineConfig MachineConfigOf(const Config& config, TuningMode mode);

// When bursts of tracing come; of the same `config`.
TracePlan TracePlanOf(const Config& config);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_MACHINE_CONFIG_H_
