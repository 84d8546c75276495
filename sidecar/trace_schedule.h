// When a burst of tracing begins and ends.
#ifndef ROCKTUNE_SIDECAR_TRACE_SCHEDULE_H_
#define ROCKTUNE_SIDECAR_TRACE_SCHEDULE_H_

#include <optional>

#include "absl/time/time.h"
#include "policy/state.h"
#include "policy/trial.h"

namespace rocktune {

struct TracePlan {
  bool bursts = true;
  absl::Duration every = absl::Seconds(60);
  absl::Duration length = absl::Seconds(2);
  bool writes = false;  // with the query trace: the host opted in
};

// Bursts take at most this share of the time, however late a tick comes.
inline constexpr double kMostTraceShare = 0.05;
// For so long a trial may keep bursts away.
inline constexpr absl::Duration kLongestWithoutTrace = absl::Minutes(10);

// One thread at a time; asked at every tick.
class TraceSchedule {
 public:
  // The first burst comes a third of the interval after `start`: early enough
  // for the first trial, after the start of the host.
  TraceSchedule(const TracePlan& plan, absl::Time start);

  enum class Step { kNothing, kStart, kFinish };
  // What to do now, and taken for done. A burst that is running is finished in
  // any state. None begins while a change is being set or measured in short
  // blocks, which it would disturb, unless there was none for
  // kLongestWithoutTrace. A trial that goes one way is long, its baseline had
  // bursts too, and they say whether the keys are still used alike. `open`:
  // how the open trial is measured, if there is one.
  Step Next(absl::Time now, TuningState state, TuningMode mode,
            std::optional<TrialDesign> open = std::nullopt);

  // The burst could not begin: the host traces. Tried again after `every`.
  void DidNotStart() { running_ = false; }

  bool running() const { return running_; }

 private:
  const TracePlan plan_;
  absl::Time due_;
  absl::Time last_;  // end of the last burst
  absl::Time begin_;
  bool running_ = false;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_TRACE_SCHEDULE_H_
