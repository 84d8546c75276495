#include "policy/load_shift.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "policy/profile_dimensions.h"

namespace rocktune {

// The logarithm of one reading, and the noise that counting alone gives it.
struct LoadShiftDetector::Value {
  const DimensionRow* row = nullptr;
  double read = 0;
  double log = 0;
  double counting_noise = 0;
};

namespace {

// Fewer operations in a window say nothing about a mix. A guess.
constexpr uint64_t kIdleOperations = 30;
// Windows before anything can stand out of them.
constexpr double kLeastWindows = 5;
constexpr double kLeastDriftWindows = 30;
// One window arouses suspicion, the second confirms it, the mean convinces;
// in standard deviations.
constexpr double kSuspicious = 3;
constexpr double kConfirming = 2.5;
constexpr double kConvincing = 5;
constexpr double kDrifted = 6;
constexpr double kBeyondBursts = 2;
// What a move must be to be worth a baseline that starts anew.
constexpr double kLeastShareMoved = 0.025;
const double kLeastLogMoved = std::log(1.5);
const double kLeastLogRateMoved = std::log(2.0);

// Key sizes and deletes come with flushes, skew with traces: too rare.
constexpr ProfileDimension kWatched[] = {
    ProfileDimension::kGetShare,   ProfileDimension::kMultiGetShare,
    ProfileDimension::kWriteShare, ProfileDimension::kSeekShare,
    ProfileDimension::kFoundShare, ProfileDimension::kScanLength,
    ProfileDimension::kValueBytes, ProfileDimension::kReadBytes,
};

double LogOf(const DimensionRow& row, const Reading& reading) {
  if (row.measure != Measure::kShare) return std::log(reading.value + 1);
  // Half an operation keeps the odds of nothing and of everything finite.
  const double part = reading.value * reading.count;
  return std::log((part + 0.5) / (reading.count - part + 0.5));
}

// Of a share: that of log odds from counts. Of a size: of the mean of as many
// draws whose spread is their mean; more is learnt.
double CountingNoise(const DimensionRow& row, const Reading& reading) {
  if (row.measure != Measure::kShare) return 1 / std::sqrt(reading.count);
  const double part = reading.value * reading.count;
  return std::sqrt(1 / (part + 0.5) + 1 / (reading.count - part + 0.5));
}

double Unlog(const DimensionRow& row, double log) {
  if (row.measure != Measure::kShare) return std::exp(log) - 1;
  return 1 / (1 + std::exp(-log));
}

bool WorthTheName(const DimensionRow& row, double before_log,
                  double after_log) {
  if (std::abs(after_log - before_log) < kLeastLogMoved) return false;
  return row.measure != Measure::kShare ||
         std::abs(Unlog(row, after_log) - Unlog(row, before_log)) >=
             kLeastShareMoved;
}

LoadShift Shift(const DimensionRow& row, double before, double after,
                absl::Time since) {
  return {row.dimension, before, after, since, ChangeText(row, before, after)};
}

// How many times over: what makes one shift more telling than another.
double Times(const LoadShift& shift) {
  return std::abs(std::log((shift.after + 0.01) / (shift.before + 0.01)));
}

}  // namespace

// The expectation stays the one from before the run: nothing of a run is
// learnt until it turns out to be none.
std::optional<LoadShift> LoadShiftDetector::LookAtRun(const Value& value,
                                                      absl::Time at,
                                                      Watch* watch) {
  ShiftSeries& series = watch->series;
  const int step = watch->run + 1;
  const double error = value.log - series.Expected(step);
  const double noise = std::max(series.ErrorNoise(1), value.counting_noise);
  const double enough = watch->run == 0 ? kSuspicious : kConfirming;
  const bool same_way = watch->run == 0 || error * watch->run_error_sum > 0;
  if (std::abs(error) < enough * noise || !same_way ||
      std::abs(value.log - series.mean()) < kLeastLogMoved / 2) {
    if (watch->run > 0) series.Learn(watch->run_sum);
    watch->run = 0;
    series.Learn(value.log);
    return std::nullopt;
  }
  const double counting = value.counting_noise * value.counting_noise;
  if (watch->run == 0) {
    watch->run = 1;
    watch->run_since = at;
    watch->run_sum = value.log;
    watch->run_value_sum = value.read;
    watch->run_error_sum = error;
    watch->run_counting_variance = counting;
    return std::nullopt;
  }
  const double mean_error = (watch->run_error_sum + error) / 2;
  const double mean_noise =
      std::max(series.ErrorNoise(2),
               std::sqrt(watch->run_counting_variance + counting) / 2);
  const double after = (watch->run_sum + value.log) / 2;
  if (std::abs(mean_error) >= kConvincing * mean_noise &&
      WorthTheName(*value.row, series.mean(), after)) {
    return Shift(*value.row, Unlog(*value.row, series.mean()),
                 (watch->run_value_sum + value.read) / 2, watch->run_since);
  }
  // Two that are no shift: the first belongs here, the second may be the
  // first of two.
  series.Learn(watch->run_sum);
  watch->run = 0;
  return LookAtRun(value, at, watch);
}

std::optional<LoadShift> LoadShiftDetector::LookForDrift(const Value& value,
                                                         absl::Time at,
                                                         Watch* watch) {
  const ShiftSeries& series = watch->series;
  const double moved = std::abs(series.recent_mean() - series.mean());
  const double enough =
      std::max(kLeastLogMoved, kDrifted * series.RecentNoise());
  if (series.count() < kLeastDriftWindows || moved < enough / 2) {
    watch->drift_since.reset();
    return std::nullopt;
  }
  if (!watch->drift_since) watch->drift_since = at;
  if (moved < enough ||
      !WorthTheName(*value.row, series.mean(), series.recent_mean())) {
    return std::nullopt;
  }
  return Shift(*value.row, Unlog(*value.row, series.mean()),
               Unlog(*value.row, series.recent_mean()), *watch->drift_since);
}

std::optional<LoadShift> LoadShiftDetector::Look(const Value& value,
                                                 absl::Time at, Watch* watch) {
  if (watch->series.count() < kLeastWindows) {
    watch->series.Learn(value.log);
    return std::nullopt;
  }
  std::optional<LoadShift> shift = LookAtRun(value, at, watch);
  if (watch->run > 0) suspects_ = true;
  if (!shift && watch->run == 0) shift = LookForDrift(value, at, watch);
  return shift;
}

// Bursts are learnt as they come: a load that bursts wide needs a wider shift.
std::optional<LoadShift> LoadShiftDetector::LookAtRate(const Value& value,
                                                       absl::Time at,
                                                       Watch* watch) {
  ShiftSeries& series = watch->series;
  const bool known = series.count() >= kLeastWindows;
  const double before = series.mean();
  const double moved = value.log - before;
  const double enough =
      std::max(kLeastLogRateMoved, kBeyondBursts * series.spread());
  series.Learn(value.log);
  const bool beyond = known && std::abs(moved) >= enough;
  if (!beyond || moved * watch->run_error_sum < 0) {
    watch->run = 0;
    watch->run_value_sum = watch->run_error_sum = 0;
  }
  if (!beyond) return std::nullopt;
  if (watch->run++ == 0) {
    watch->run_since = at;
    watch->run_sum = before;
  }
  watch->run_value_sum += value.read;
  watch->run_error_sum += moved;
  if (watch->run < kRateWindows) return std::nullopt;
  return Shift(*value.row, Unlog(*value.row, watch->run_sum),
               watch->run_value_sum / watch->run, watch->run_since);
}

std::optional<LoadShift> LoadShiftDetector::Add(const Window& window,
                                                bool rate_is_ours) {
  if (window.Operations() < kIdleOperations) return std::nullopt;
  suspects_ = false;
  static const Window kNoFlush;
  const ProfileSource source{&window, &kNoFlush, nullptr};
  std::optional<LoadShift> found;
  std::array<Value, kProfileDimensions> values;
  const auto read = [&](ProfileDimension dimension) -> Value* {
    const DimensionRow& row = RowOf(dimension);
    const std::optional<Reading> reading = row.read(source);
    if (!reading) return nullptr;
    Value& value = values[static_cast<size_t>(dimension)];
    value = {&row, reading->value, LogOf(row, *reading),
             CountingNoise(row, *reading)};
    return &value;
  };
  for (ProfileDimension dimension : kWatched) {
    const Value* value = read(dimension);
    if (value == nullptr) continue;
    const std::optional<LoadShift> shift =
        Look(*value, window.start, &watches_[static_cast<size_t>(dimension)]);
    if (shift && (!found || Times(*shift) > Times(*found))) found = shift;
  }
  Watch& rate = watches_[static_cast<size_t>(ProfileDimension::kArrivalRate)];
  if (rate_is_ours) {
    rate = Watch();
  } else if (const Value* value = read(ProfileDimension::kArrivalRate)) {
    const std::optional<LoadShift> shift =
        LookAtRate(*value, window.start, &rate);
    if (shift && !found) found = shift;
  }
  if (!found) return std::nullopt;
  // A window in which the load changed is a mixture: only the last one is
  // taken for the new reference.
  for (size_t i = 0; i < watches_.size(); ++i) {
    const ShiftSeries noise = watches_[i].series;
    watches_[i] = Watch();
    watches_[i].series = noise;
    watches_[i].series.Restart();
    if (values[i].row != nullptr) watches_[i].series.Learn(values[i].log);
  }
  suspects_ = false;
  absl::StrAppend(
      &found->text, " since ",
      absl::FormatDuration(window.start + window.length - found->since));
  return found;
}

}  // namespace rocktune
