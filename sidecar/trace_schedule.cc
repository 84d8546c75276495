#include "sidecar/trace_schedule.h"

#include <algorithm>

namespace rocktune {
namespace {

// Windows that count, or a database that is being changed.
bool Disturbs(TuningState state, std::optional<TrialDesign> open) {
  switch (state) {
    case TuningState::kApplying:
    case TuningState::kSettling:
    case TuningState::kRollingBack:
      return true;
    case TuningState::kMeasuring:
      return open.value_or(TrialDesign::kSwitchback) ==
             TrialDesign::kSwitchback;
    default:
      return false;
  }
}

}  // namespace

TraceSchedule::TraceSchedule(const TracePlan& plan, absl::Time start)
    : plan_(plan), due_(start + plan.every / 3), last_(start) {}

TraceSchedule::Step TraceSchedule::Next(absl::Time now, TuningState state,
                                        TuningMode mode,
                                        std::optional<TrialDesign> open) {
  if (running_) {
    if (now - begin_ < plan_.length) return Step::kNothing;
    running_ = false;
    last_ = now;
    due_ = std::max(due_, begin_ + (now - begin_) / kMostTraceShare);
    return Step::kFinish;
  }
  if (!plan_.bursts || mode == TuningMode::kOff || now < due_ ||
      state == TuningState::kDetached) {
    return Step::kNothing;
  }
  if (Disturbs(state, open) && now - last_ < kLongestWithoutTrace) {
    return Step::kNothing;
  }
  running_ = true;
  begin_ = now;
  due_ = now + plan_.every;
  return Step::kStart;
}

}  // namespace rocktune
