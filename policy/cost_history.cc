#include "policy/cost_history.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rocktune {
namespace {

// After a hole this long neighbours are none. A guess.
constexpr absl::Duration kLongestHole = absl::Minutes(10);
constexpr size_t kLeastWindows = 8;
// Independent places a spread is learned from, at the least.
constexpr double kLeastPlaces = 4;
// A spread grows with the span to this power: not at all or less when the
// noise forgets, 1/2 for a random walk, 1 for a straight drift. What was seen
// is itself uncertain. The caution is a guess.
constexpr double kWalk = 0.5;
constexpr double kLine = 1;
constexpr double kGrowthCaution = 0.4;
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

std::vector<std::vector<double>> CostHistory::Stretches() const {
  std::vector<std::vector<double>> stretches;
  for (size_t i = 0; i < samples_.size(); ++i) {
    if (i == 0 || samples_[i].stretch != samples_[i - 1].stretch) {
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

std::optional<CostHistory::Placebo> CostHistory::PlaceboSpread(
    int before, int gap, int after) const {
  if (before < 1 || after < 1 || gap < 0) return std::nullopt;
  const std::vector<std::vector<double>> stretches = Stretches();
  const Span whole = {static_cast<size_t>(before), static_cast<size_t>(gap),
                      static_cast<size_t>(after)};
  // The span shrinks until it has room in enough independent places.
  for (double part = 1; part * before + part * after >= 2; part *= 0.8) {
    std::optional<Placebo> placebo = Compare(stretches, whole.Part(part));
    if (!placebo || placebo->independent < kLeastPlaces) continue;
    if (part < 1) {
      const double growth =
          Growth(stretches, whole.Part(part), placebo->spread);
      placebo->spread *= std::pow(part, -growth);
    }
    return placebo;
  }
  return std::nullopt;
}

double CostHistory::Growth(const std::vector<std::vector<double>>& stretches,
                           const Span& place, double spread) {
  if (place.before < 4 || place.after < 4) return kWalk;
  const std::optional<Placebo> quarter = Compare(stretches, place.Part(0.25));
  if (!quarter || quarter->spread <= 0 || spread <= 0) return kWalk;
  const double seen = std::log(spread / quarter->spread) / std::log(4.0);
  return std::clamp(seen + kGrowthCaution, 0.0, kLine);
}

CostHistory::Span CostHistory::Span::Part(double part) const {
  const auto cut = [part](size_t windows) {
    return static_cast<size_t>(
        std::lround(part * static_cast<double>(windows)));
  };
  return {std::max<size_t>(1, cut(before)), cut(gap),
          std::max<size_t>(1, cut(after))};
}

std::optional<CostHistory::Placebo> CostHistory::Compare(
    const std::vector<std::vector<double>>& stretches, const Span& place) {
  double squares = 0, covered = 0;
  size_t places = 0;
  for (const std::vector<double>& stretch : stretches) {
    if (stretch.size() < place.Windows()) continue;
    covered += static_cast<double>(stretch.size());
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
  placebo.independent =
      std::max(1.0, covered / static_cast<double>(place.Windows()));
  return placebo;
}

}  // namespace rocktune
