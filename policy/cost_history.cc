#include "policy/cost_history.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rocktune {
namespace {

// After a hole this long neighbours are none. A guess.
constexpr absl::Duration kLongestHole = absl::Minutes(10);
constexpr size_t kLeastWindows = 8;
// Degrees of freedom a spread is learned from, at the least.
constexpr double kLeastDegrees = 6;
// A spread at a longer span than the history has room for is extrapolated by
// the slope it was seen to have between a third of the longest span that has
// room and that span: falling at most so, rising at most like a random walk.
constexpr double kSteepestFall = -0.25;  // half of what white noise does
constexpr double kSteepestRise = 0.5;
// What is known of the present values and load is enough by itself when it has
// room for a few places of this part of a span. A guess.
constexpr double kEnoughOfSpan = 0.2;
// Windows a residual is taken against: drift over more does not count.
constexpr size_t kDetrend = 30;
constexpr double kOutlier = 3;  // sigmas; larger residuals count as this
// Two neighbouring blocks may correlate by this much. A guess.
constexpr double kNearlyUncorrelated = 0.3;

double Median(std::vector<double> values) {
  const size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + middle, values.end());
  return values[middle];
}

// Of neighbouring block means of `length` windows each, for AR(1) noise.
double BlockCorrelation(double memory, int length) {
  double within = length, between = 0;
  for (int lag = 1; lag < length; ++lag) {
    within += 2 * (length - lag) * std::pow(memory, lag);
  }
  for (int lag = 1; lag < 2 * length; ++lag) {
    between += (length - std::abs(length - lag)) * std::pow(memory, lag);
  }
  return between / within;
}

}  // namespace

void CostHistory::Add(absl::Time at, double cost) {
  if (!(cost > 0) || !std::isfinite(cost)) return;
  if (!samples_.empty() &&
      (at < samples_.back().at || at - samples_.back().at > kLongestHole)) {
    Break();
  }
  samples_.push_back({at, static_cast<float>(std::log(cost)), stretch_});
  if (samples_.size() > kMaxWindows) samples_.pop_front();
}

void CostHistory::Break() { ++stretch_; }

void CostHistory::StartOver() { first_of_now_ = ++stretch_; }

CostHistory::Logs CostHistory::Stretches(uint32_t first) const {
  Logs stretches;
  for (size_t i = 0; i < samples_.size(); ++i) {
    if (samples_[i].stretch < first) continue;
    if (stretches.empty() || samples_[i].stretch != samples_[i - 1].stretch) {
      stretches.emplace_back();
    }
    stretches.back().push_back(samples_[i].log_cost);
  }
  return stretches;
}

std::optional<double> CostHistory::WindowNoise() const {
  std::vector<double> steps;
  for (size_t i = 1; i < samples_.size(); ++i) {
    if (samples_[i].stretch != samples_[i - 1].stretch) continue;
    steps.push_back(std::abs(samples_[i].log_cost - samples_[i - 1].log_cost));
  }
  if (steps.size() < kLeastWindows) return std::nullopt;
  // 1.4826 sigma is the normal's median absolute deviation; a step has the
  // noise of two windows.
  return 1.4826 / std::sqrt(2.0) * Median(std::move(steps));
}

double CostHistory::Memory() const {
  double product = 0, square = 0, places = 0;
  for (const std::vector<double>& stretch : Stretches()) {
    for (size_t at = 0; at + kLeastWindows <= stretch.size(); at += kDetrend) {
      const std::vector<double> part(
          stretch.begin() + static_cast<ptrdiff_t>(at),
          stretch.begin() +
              static_cast<ptrdiff_t>(std::min(at + kDetrend, stretch.size())));
      const double middle = Median(part);
      std::vector<double> sizes;
      sizes.reserve(part.size());
      for (double x : part) sizes.push_back(std::abs(x - middle));
      const double most = kOutlier * 1.4826 * Median(sizes);
      double before = 0;
      for (size_t i = 0; i < part.size(); ++i) {
        const double here = std::clamp(part[i] - middle, -most, most);
        if (i > 0) product += here * before;
        square += here * here;
        before = here;
      }
      // Residuals around an estimated middle look less alike than they are:
      // by about (1 + 3 r) / n (Kendall 1954), here for the r of no memory.
      places += 1;
    }
  }
  if (square <= 0) return 0;
  const double bias = places / static_cast<double>(samples_.size());
  const double seen = product / square;
  return std::clamp(seen + bias * (1 + 3 * std::max(seen, 0.0)), 0.0, 0.95);
}

int CostHistory::BlockWindows(int least, int most) const {
  const double memory = Memory();
  int length = std::max(1, least);
  while (length < most &&
         BlockCorrelation(memory, length) > kNearlyUncorrelated) {
    ++length;
  }
  return length;
}

int CostHistory::PairBlockWindows(int least, int most, int lost) const {
  const std::vector<std::vector<double>> stretches = Stretches();
  int best = least;
  double least_cost = 0;
  for (int length = std::max(1, least); length <= most; ++length) {
    const size_t n = static_cast<size_t>(length);
    const std::optional<Placebo> pair = Compare(stretches, {n, 0, n});
    if (!pair || pair->independent < kLeastDegrees) break;
    const double cost = pair->spread * pair->spread * (length + lost);
    if (length == least || cost < least_cost) {
      best = length;
      least_cost = cost;
    }
  }
  return best;
}

std::optional<CostHistory::Placebo> CostHistory::PlaceboSpread(
    int before, int gap, int after) const {
  if (before < 1 || after < 1 || gap < 0) return std::nullopt;
  const Span wanted = {static_cast<size_t>(before), static_cast<size_t>(gap),
                       static_cast<size_t>(after)};
  if (first_of_now_ > 0) {
    const auto now = SpreadIn(Stretches(first_of_now_), wanted, kEnoughOfSpan);
    if (now) return now;
  }
  return SpreadIn(Stretches(), wanted, 0);
}

std::optional<CostHistory::Placebo> CostHistory::SpreadIn(const Logs& stretches,
                                                          const Span& wanted,
                                                          double least_part) {
  const auto windows = static_cast<double>(wanted.Windows());
  auto at = [&](double part) {
    const auto of = [part](size_t n) {
      return static_cast<size_t>(std::lround(part * static_cast<double>(n)));
    };
    const Span place = {std::max<size_t>(1, of(wanted.before)), of(wanted.gap),
                        std::max<size_t>(1, of(wanted.after))};
    return Compare(stretches, place);
  };
  // The span shrinks until it has room in enough places.
  double part = 1;
  std::optional<Placebo> longest;
  for (; part * windows >= 3 && part >= least_part; part *= 0.8) {
    longest = at(part);
    if (longest && longest->independent >= kLeastDegrees) break;
    longest.reset();
  }
  if (!longest || part == 1) return longest;
  const std::optional<Placebo> shorter = at(part / 3);
  double slope = kSteepestRise;
  if (shorter && shorter->spread > 0 && longest->spread > 0) {
    slope =
        std::clamp(std::log(longest->spread / shorter->spread) / std::log(3.0),
                   kSteepestFall, kSteepestRise);
  }
  longest->spread *= std::pow(1 / part, slope);
  return longest;
}

std::optional<CostHistory::Placebo> CostHistory::Compare(const Logs& stretches,
                                                         const Span& place) {
  double squares = 0, degrees = 0;
  size_t places = 0;
  const double arm =
      static_cast<double>(place.before + place.gap + place.after) / 2;
  for (const std::vector<double>& stretch : stretches) {
    if (stretch.size() < place.Windows()) continue;
    // Overlapping places tell more than those side by side: about 1.5 n / m
    // less 2 for white noise, n / m for a random walk (equivalent degrees of
    // freedom of the overlapping Allan variance; Howe, Allan, Barnes 1981).
    degrees +=
        std::max(1.0, 1.25 * static_cast<double>(stretch.size()) / arm - 2);
    std::vector<double> sums = {0};
    for (double x : stretch) sums.push_back(sums.back() + x);
    for (size_t at = 0; at + place.Windows() <= stretch.size(); ++at) {
      const size_t middle = at + place.before;
      const size_t later = middle + place.gap;
      const double first =
          (sums[middle] - sums[at]) / static_cast<double>(place.before);
      const double second = (sums[later + place.after] - sums[later]) /
                            static_cast<double>(place.after);
      squares += (second - first) * (second - first);
      ++places;
    }
  }
  if (places == 0) return std::nullopt;
  Placebo placebo;
  placebo.spread = std::sqrt(squares / static_cast<double>(places));
  placebo.independent = std::max(1.0, degrees);
  return placebo;
}

}  // namespace rocktune
