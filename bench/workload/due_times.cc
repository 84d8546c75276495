#include "bench/workload/due_times.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace rocktune {
namespace {

// The rate never falls below a twentieth of its mean: the steps below divide by
// it.
constexpr double kMaxAmplitude = 0.95;
// Newton's steps double the digits each, and start within one spacing.
constexpr int kSteps = 5;

}  // namespace

DueTimes::DueTimes(const Spec& spec)
    : rate_(spec.group->rate_ops_per_s / spec.group->threads),
      amplitude_(std::clamp(spec.group->sine_amplitude, 0.0, kMaxAmplitude)) {
  const double period_s = absl::ToDoubleSeconds(spec.group->sine_period);
  if (amplitude_ > 0 && period_s > 0 && std::isfinite(period_s)) {
    radians_per_s_ = 2 * M_PI / period_s;
  }
  std::mt19937_64 random(spec.group_seed);
  const double turn =
      (spec.thread + std::generate_canonical<double, 53>(random)) /
      spec.group->threads;
  offset_ = turn - std::floor(turn);
}

double DueTimes::RateAt(double seconds) const {
  if (radians_per_s_ == 0) return rate_;
  return rate_ * (1 + amplitude_ * std::sin(radians_per_s_ * seconds));
}

double DueTimes::Expected(double seconds) const {
  if (radians_per_s_ == 0) return rate_ * seconds;
  const double swing =
      (1 - std::cos(radians_per_s_ * seconds)) * amplitude_ / radians_per_s_;
  return rate_ * (seconds + swing);
}

double DueTimes::Next() {
  const double target = static_cast<double>(taken_++) + offset_;
  if (radians_per_s_ == 0) return target / rate_;
  double at = last_s_ + 1 / RateAt(last_s_);
  for (int i = 0; i < kSteps; ++i) {
    const double error = Expected(at) - target;
    // A millionth of a spacing.
    if (std::abs(error) < 1e-6) break;
    at -= error / RateAt(at);
  }
  last_s_ = std::max(at, last_s_);
  return last_s_;
}

uint64_t DueTimes::CountBy(double seconds) const {
  const double count = std::floor(Expected(seconds) - offset_) + 1;
  return count > 0 ? static_cast<uint64_t>(count) : 0;
}

}  // namespace rocktune
