// The states of tuning one database, named once and used everywhere.
#ifndef ROCKTUNE_POLICY_STATE_H_
#define ROCKTUNE_POLICY_STATE_H_

#include "absl/strings/string_view.h"

namespace rocktune {

enum class TuningState {
  kDetached,
  kBaselining,  // measuring the incumbent
  kConsulting,  // waiting for an advisor
  kVetting,     // calibrating; or waiting for an operator's approval
  kApplying,    // inverse being recorded, values being set
  kSettling,    // in force; jobs and caches catch up, nothing counted
  kMeasuring,   // windows count for the verdict
  kProbation,   // kept, still watched for delayed harm
  kRollingBack,
  kCoolingDown,  // between trials
  kConverged,    // the advisor has nothing left; left when the load changes
  kFrozen,
};
absl::string_view ToString(TuningState state);

// How much the tuner may do. (Its public twin is in rocktune/config.h.)
enum class TuningMode { kOff, kObserve, kSuggest, kApprove, kAuto };
absl::string_view ToString(TuningMode mode);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_STATE_H_
