#include "policy/promise_watch.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

// Of one step, in parts of the threshold.
constexpr double kMostOfOneBlock = 0.6;
constexpr double kLeastNoise = 0.25;  // of the decay; a guess

// Siegmund's approximation; `b` is the threshold with its overshoot.
double RunLength(double k, double b) {
  return (std::exp(2 * k * b) - 2 * k * b - 1) / (2 * k * k);
}

// What makes RunLength() the wanted one, by bisection: it grows with b.
double ThresholdFor(double k, double run_length) {
  constexpr double kOvershoot = 1.166;
  double low = kOvershoot, high = kOvershoot + 1;
  while (RunLength(k, high) < run_length) high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (RunLength(k, middle) < run_length ? low : high) = middle;
  }
  return high - kOvershoot;
}

}  // namespace

PromiseWatch::PromiseWatch(PromiseConfig config, double promised_cost,
                           double noise)
    : config_(config),
      log_promised_(std::log(promised_cost)),
      noise_(std::max(noise, kLeastNoise * config.decay)),
      slack_(std::log1p(config.decay) / noise_ / 2),
      threshold_(ThresholdFor(slack_, config.false_alarm_blocks)) {}

std::optional<std::string> PromiseWatch::Add(double cost) {
  if (!(cost > 0)) return std::nullopt;
  const double excess = (std::log(cost) - log_promised_) / noise_ - slack_;
  sum_ = std::max(0.0, sum_ + std::min(excess, kMostOfOneBlock * threshold_));
  if (sum_ <= 0) {
    blocks_ = 0;
    log_cost_sum_ = 0;
    return std::nullopt;
  }
  ++blocks_;
  log_cost_sum_ += std::log(cost);
  if (sum_ <= threshold_) return std::nullopt;
  const double mean = std::exp(log_cost_sum_ / blocks_);
  const double promised = std::exp(log_promised_);
  const std::string why = absl::StrFormat(
      "the cost was %.4g an operation over the last %d blocks where the trial "
      "promised %.4g: %.0f %% worse, and noise is %.1f %%",
      mean, blocks_, promised, 100 * (mean / promised - 1), 100 * noise_);
  sum_ = 0;
  blocks_ = 0;
  log_cost_sum_ = 0;
  return why;
}

}  // namespace rocktune
