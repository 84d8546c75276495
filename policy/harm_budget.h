// How much service time trials may cost: an advisor that does harm again and
// again is asked ever more seldom, however bad its advice.
#ifndef ROCKTUNE_POLICY_HARM_BUDGET_H_
#define ROCKTUNE_POLICY_HARM_BUDGET_H_

#include <algorithm>

#include "absl/time/time.h"
#include "policy/trial.h"

namespace rocktune {

// Seconds of lost service: a bucket that refills evenly. Not thread-safe.
class HarmBudget {
 public:
  // Part of the time that may be lost, and how much at once (the first trials
  // of a database are its most daring). Guesses, set by simulation so that
  // less than 1 % of a day is lost under an advisor that is always wrong.
  static constexpr double kPartOfTime = 0.003;
  static constexpr double kMostSeconds = 120;
  // A single trial never holds others back for more than some hours.
  static constexpr double kMostDebtSeconds = 60;

  // A trial that was rolled back: what it slowed for certain, while it was in
  // force and about as long afterwards (caches and debt recover).
  void Spend(const Trial& trial, absl::Time now) {
    Refill(now);
    const double speed =
        trial.ended == "guardrail" ? kGuardrailSpeed : 1 + trial.effect.high;
    const double lost = std::clamp(1 - speed, 0.0, 1.0);
    left_s_ -= 2 * lost * absl::ToDoubleSeconds(trial.in_force);
    left_s_ = std::max(left_s_, -kMostDebtSeconds);
  }

  // Until the next trial may begin.
  absl::Duration Wait(absl::Time now) {
    Refill(now);
    return left_s_ > 0 ? absl::ZeroDuration()
                       : absl::Seconds(1 - left_s_ / kPartOfTime);
  }

  void Reset() { left_s_ = kMostSeconds; }

 private:
  // A trial that a guardrail ended has no measured effect. A guess.
  static constexpr double kGuardrailSpeed = 0.3;

  void Refill(absl::Time now) {
    if (filled_ != absl::InfinitePast()) {
      left_s_ += kPartOfTime * absl::ToDoubleSeconds(now - filled_);
      left_s_ = std::min(left_s_, kMostSeconds);
    }
    filled_ = now;
  }

  double left_s_ = kMostSeconds;
  absl::Time filled_ = absl::InfinitePast();
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_HARM_BUDGET_H_
