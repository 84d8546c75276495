// After a trial was kept: does the database still do what the trial promised?
#ifndef ROCKTUNE_POLICY_PROMISE_WATCH_H_
#define ROCKTUNE_POLICY_PROMISE_WATCH_H_

#include <optional>
#include <string>

namespace rocktune {

struct PromiseConfig {
  double decay = 0.05;  // of the objective, to be worth a holdback trial
  // Blocks between two alarms that chance alone would raise (average run
  // length). A guess: a day of blocks of ten 1 s windows.
  double false_alarm_blocks = 8640;
};

// A one-sided CUSUM (Page 1954) on the log of the objective's cost against
// what the trial promised, on block means so that autocorrelated noise does not
// alarm:
//     S = max(0, S + min(z - k, 0.6 h)),  z = log(cost / promised) / noise
// with k = half the decay in units of the noise, which makes it the quickest
// test for that decay (Moustakides 1986), and alarm at S > h. The average run
// length without any decay is about (exp(2 k b) - 2 k b - 1) / (2 k^2) with
// b = h + 1.166 (Siegmund 1985): h is chosen so that it is what the
// configuration says. The bound of 0.6 h is ours: no single block alarms.
// Assumes that neighbouring blocks are nearly independent and `noise` is right;
// costs that are off by less than half the decay from the start, because the
// trial was lucky, never alarm of themselves. Not thread-safe.
class PromiseWatch {
 public:
  // `promised_cost` > 0: the candidate's objective cost per operation in the
  // trial; `noise`: standard deviation of its log over a block. Noise below a
  // quarter of the decay is taken for that much.
  PromiseWatch(PromiseConfig config, double promised_cost, double noise);

  // The cost of one block of windows under the same load; one that is not
  // above 0 is ignored. The reason with its numbers when the promise is
  // broken; starts anew afterwards.
  std::optional<std::string> Add(double cost);

  // h, for those who want to see how near an alarm is.
  double threshold() const { return threshold_; }

 private:
  PromiseConfig config_;
  double log_promised_;
  double noise_;
  double slack_;  // k
  double threshold_;
  double sum_ = 0;
  // Since the sum was last 0: what the reason speaks of.
  int blocks_ = 0;
  double log_cost_sum_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_PROMISE_WATCH_H_
