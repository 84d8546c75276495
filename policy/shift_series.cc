#include "policy/shift_series.h"

#include <algorithm>
#include <cmath>

namespace rocktune {
namespace {

// How much the guess of the noise weighs, in values. A guess itself.
constexpr double kGuessWeight = 10;
// Deviations are clipped here, in standard deviations.
constexpr double kClip = 3.5;
// No load is steadier than this. A guess; only what is below it is lost.
constexpr double kLeastSpread = 0.03;
constexpr double kMostMemory = 0.95;
// Weight of the newest value in the recent mean.
constexpr double kRecent = 1.0 / 8;

}  // namespace

double ShiftSeries::spread() const {
  return std::max(kLeastSpread, std::sqrt(variance_));
}

double ShiftSeries::Phi() const {
  return std::clamp(covariance_ / variance_, 0.0, kMostMemory);
}

void ShiftSeries::Learn(double value) {
  count_ = std::min(count_ + 1, kMemory);
  if (count_ == 1) {
    mean_ = recent_ = value;
    last_deviation_ = 0;
    return;
  }
  const double limit = kClip * spread();
  const double deviation = std::clamp(value - mean_, -limit, limit);
  mean_ += deviation / count_;
  recent_ += kRecent * (value - recent_);
  noise_weight_ = std::min(noise_weight_ + 1, kMemory);
  const double gain = 1 / (noise_weight_ + kGuessWeight);
  variance_ += gain * (deviation * deviation - variance_);
  covariance_ += gain * (deviation * last_deviation_ - covariance_);
  last_deviation_ = deviation;
}

void ShiftSeries::Restart() {
  count_ = 0;
  noise_weight_ = std::min(noise_weight_, kGuessWeight);
}

double ShiftSeries::Expected(int steps) const {
  return mean_ + std::pow(Phi(), steps) * last_deviation_;
}

// Errors are e1 = n1 and e2 = phi n1 + n2 with independent innovations n, of
// variance spread^2 (1 - phi^2). A young mean has an error of its own.
double ShiftSeries::ErrorNoise(int steps) const {
  const double phi = Phi();
  const double innovation = 1 - phi * phi;
  const double errors = steps == 1 ? 1.0 : ((1 + phi) * (1 + phi) + 1) / 4;
  const double of_mean = std::min(1.0, (1 + phi) / (1 - phi) / count_);
  return std::max(kLeastSpread,
                  spread() * std::sqrt(innovation * errors +
                                       (1 - phi) * (1 - phi) * of_mean));
}

// An exponentially weighted mean of an autoregression.
double ShiftSeries::RecentNoise() const {
  const double kept = Phi() * (1 - kRecent);
  return spread() *
         std::sqrt(kRecent / (2 - kRecent) * (1 + kept) / (1 - kept));
}

}  // namespace rocktune
