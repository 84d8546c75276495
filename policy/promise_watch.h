// After a trial was kept: does the database still do what the trial promised?
#ifndef ROCKTUNE_POLICY_PROMISE_WATCH_H_
#define ROCKTUNE_POLICY_PROMISE_WATCH_H_

#include <optional>
#include <string>

#include "policy/window.h"

namespace rocktune {

struct PromiseConfig {
  double decay = 0.05;  // of the objective, to be worth a holdback trial
  // Windows between two alarms that chance alone would raise (average run
  // length). A guess: a day of 1 s windows.
  double false_alarm_windows = 86400;
};

// A one-sided CUSUM on the log of the objective's cost against what the trial
// measured, on block means so that autocorrelated noise does not alarm.
// Not thread-safe.
class PromiseWatch {
 public:
  // `promised_cost`: the candidate's objective cost per operation in the
  // trial; `noise`: standard deviation of its log over a block.
  PromiseWatch(PromiseConfig config, double promised_cost, double noise);

  // The cost of one block of windows under the same load. The reason with its
  // numbers when the promise is broken; starts anew afterwards.
  std::optional<std::string> Add(double cost);

 private:
  PromiseConfig config_;
  double log_promised_;
  double noise_;
  double sum_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_PROMISE_WATCH_H_
