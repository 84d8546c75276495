#include "policy/confidence_sequence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace rocktune {
namespace {

// l = kind / scale, kind = 1/4, 1/2, 1, 2, 4, 8: each the square of the one
// before it, so that one exponential serves all. For normal noise the best
// kind is effect / noise: with 5 % noise a window and blocks of 3 to 5 that is
// about 0.8 for an effect of 3 %, 1.5 for 5 % and 2.5 for 10 %.
constexpr double kLeastKind = 0.25;
constexpr std::array<double, 6> kWeights = {0.02, 0.08, 0.35, 0.40, 0.10, 0.05};

// The expected scale counts as this many differences.
constexpr double kScaleWeight = 4;
// A scale never moves further from the expected one than this, either way.
constexpr double kMostScaleRatio = 20;
constexpr double kLeastScale = 1e-6;
// Of a bound, in scales; bounds err on the wide side by it.
constexpr double kPrecision = 1e-3;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double MedianOf(std::vector<double> values) {
  if (values.empty()) return 0;
  const size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + middle, values.end());
  if (values.size() % 2 == 1) return values[middle];
  const double upper = values[middle];
  return (upper + *std::max_element(values.begin(), values.begin() + middle)) /
         2;
}

}  // namespace

PairedSequence::PairedSequence(double scale, double alpha)
    : scale_(std::max(scale, kLeastScale)),
      alpha_(alpha),
      low_(-kInfinity),
      high_(kInfinity) {}

void PairedSequence::Add(double difference) {
  if (!std::isfinite(difference)) return;
  scales_.push_back(NextScale());
  differences_.push_back(difference);
  low_ = Bound(low_, 1);
  high_ = -Bound(-high_, -1);
}

double PairedSequence::Mean() const {
  if (differences_.empty()) return 0;
  return std::accumulate(differences_.begin(), differences_.end(), 0.0) /
         static_cast<double>(differences_.size());
}

double PairedSequence::Median() const { return MedianOf(differences_); }

// From differences already seen, robustly, mixed with the expected scale.
double PairedSequence::NextScale() const {
  if (differences_.size() < 3) return scale_;
  const double median = Median();
  std::vector<double> sizes;
  for (double d : differences_) sizes.push_back(std::abs(d - median));
  // 1.4826: from median absolute deviation to the normal's sigma.
  const double seen =
      std::clamp(1.4826 * MedianOf(std::move(sizes)), scale_ / kMostScaleRatio,
                 scale_ * kMostScaleRatio);
  const double n = static_cast<double>(differences_.size());
  return std::exp((kScaleWeight * std::log(scale_) + n * std::log(seen)) /
                  (kScaleWeight + n));
}

// E_n(effect) for direction 1; mirrored for -1. Falls as `effect` grows. A
// product that overflows leaves no evidence, so logarithms are not needed.
double PairedSequence::Evidence(double effect, double direction) const {
  std::array<double, kWeights.size()> products;
  products.fill(1);
  for (size_t i = 0; i < differences_.size(); ++i) {
    const double x = direction * differences_[i] - effect;
    double odds = std::exp(-2 * kLeastKind * x / scales_[i]);
    for (double& product : products) {
      product *= (1 + odds) / 2;
      odds *= odds;
    }
  }
  double sum = 0;
  for (size_t kind = 0; kind < kWeights.size(); ++kind) {
    sum += kWeights[kind] / products[kind];
  }
  return sum;
}

// The largest effect that the evidence speaks against by 1 / alpha, at least
// `known`.
double PairedSequence::Bound(double known, double direction) const {
  const double wanted = 1 / alpha_;
  if (std::ldexp(1.0, std::min(pairs(), 1000)) < wanted) return known;
  if (std::isfinite(known) && Evidence(known, direction) < wanted) {
    return known;
  }
  // Steps outward from the mean: against -infinity the evidence is 2^n.
  const double spread = *std::max_element(scales_.begin(), scales_.end());
  double high = std::max(direction * Mean(), known) + spread;
  for (int i = 0; i < 30 && Evidence(high, direction) >= wanted; ++i) {
    high += spread * std::ldexp(1.0, i);
  }
  double low = known;
  if (!std::isfinite(low)) {
    low = direction * Mean() - spread;
    for (int i = 0; i < 30 && Evidence(low, direction) < wanted; ++i) {
      low -= spread * std::ldexp(1.0, i);
    }
    if (Evidence(low, direction) < wanted) return known;
  }
  // Regula falsi on the logarithm, in its Illinois form (Dowell, Jarratt 1971).
  double at_low = std::log(Evidence(low, direction) / wanted);
  double at_high = std::log(Evidence(high, direction) / wanted);
  while (high - low > kPrecision * spread) {
    const double share = at_low / (at_low - at_high);
    const double cut =
        std::isfinite(share) ? std::clamp(share, 0.02, 0.98) : 0.5;
    const double middle = low + cut * (high - low);
    const double here = std::log(Evidence(middle, direction) / wanted);
    if (here >= 0) {
      low = middle;
      at_low = here;
      at_high /= 2;
    } else {
      high = middle;
      at_high = here;
      at_low /= 2;
    }
  }
  return low;
}

}  // namespace rocktune
