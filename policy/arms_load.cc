#include "policy/arms_load.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_format.h"
#include "policy/objective.h"
#include "policy/workload_profile.h"

namespace rocktune {
namespace {

// Part of the operations that may be of another kind, and the factor of the
// rate, beyond what speed explains. Guesses.
constexpr double kMaxMixDistance = 0.10;
constexpr double kMaxRateRatio = 1.5;
// Of the profiles' distance: a size that doubled.
constexpr double kMaxDistance = 0.45;
// Of the Zipf exponent: it moves a hit ratio by several points.
constexpr double kMaxSkewMoved = 0.1;
// A number of clients is steady when it spreads less than this part of the
// rate, over so many windows at least; and it moved by more than this factor.
constexpr double kSteadyPart = 0.5;
constexpr size_t kEnough = 20;
constexpr double kMaxClientsRatio = 1.25;
// Of the time that operations take inside, clients may spend so much outside.
// A guess.
constexpr double kMostOutside = 1;
// Kinds rarer than this say nothing about the speed.
constexpr double kMinShare = 0.01;

double SpeedUp(const Window& before, const Window& after, int kind) {
  const double was = before.ops[kind].latency_us_mean;
  const double is = after.ops[kind].latency_us_mean;
  return was > 0 && is > 0 ? was / is : 1;
}

// Where the mix goes when every kind has its own closed loop.
OpMix ExplainedBySpeed(const OpMix& mix, const Window& before,
                       const Window& after) {
  OpMix explained = mix;
  double sum = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    explained.share[kind] *= SpeedUp(before, after, kind);
    sum += explained.share[kind];
  }
  if (sum > 0) {
    for (double& share : explained.share) share /= sum;
  }
  return explained;
}

// Operations inside RocksDB at once, on average: rate times time (Little 1961).
double AtOnce(const Window& window) {
  double busy_us = 0;
  for (const OpStats& stats : window.ops) {
    busy_us += static_cast<double>(stats.count) * stats.latency_us_mean;
  }
  const double length_us = absl::ToDoubleMicroseconds(window.length);
  return length_us > 0 ? busy_us / length_us : 0;
}

double SpreadOf(const std::vector<double>& values) {
  double mean = 0, squares = 0;
  const double n = static_cast<double>(values.size());
  for (double x : values) mean += x / n;
  for (double x : values) squares += (x - mean) * (x - mean);
  return std::sqrt(squares / n);
}

// Whether as many clients as before, who spend the same time outside between
// two operations, explain it: what is answered faster is asked for more often,
// and fewer of them are inside at once. With `rate` per us, clients = at_once +
// rate x outside.
bool ExplainedByTimeOutside(const Window& before, const Window& after) {
  const double at_once = AtOnce(before);
  const double rate = before.OperationsPerSecond() / 1e6;
  const double more = after.OperationsPerSecond() / 1e6 - rate;
  const double left = at_once - AtOnce(after);
  if (left * more <= 0) return false;  // both grew, or both fell
  return left / more * rate <= kMostOutside * at_once;
}

// Clients that wait for their answers keep their number inside RocksDB steady
// while rate and time go up and down together. Where they do, another number
// of them is another load, which rate and time alone would pass for speed.
std::optional<std::string> ClientsMoved(absl::Span<const Window> baseline,
                                        const Window& pooled_before,
                                        const Window& pooled_after) {
  std::vector<double> at_once, rate;
  for (const Window& window : baseline) {
    if (AtOnce(window) <= 0) continue;
    at_once.push_back(std::log(AtOnce(window)));
    rate.push_back(std::log(window.OperationsPerSecond()));
  }
  if (at_once.size() < kEnough ||
      SpreadOf(at_once) > kSteadyPart * SpreadOf(rate)) {
    return std::nullopt;
  }
  const double before = AtOnce(pooled_before);
  const double after = AtOnce(pooled_after);
  if (before <= 0 || after <= 0 ||
      std::abs(std::log(after / before)) < std::log(kMaxClientsRatio) ||
      ExplainedByTimeOutside(pooled_before, pooled_after)) {
    return std::nullopt;
  }
  return absl::StrFormat(
      "on average %.2f operations were inside at once before, and %.2f then: "
      "another number of clients",
      before, after);
}

std::optional<std::string> RateMoved(const OpMix& mix, const Window& before,
                                     const Window& after) {
  const double rate_before = before.OperationsPerSecond();
  const double rate_after = after.OperationsPerSecond();
  if (!before.has_latencies || rate_before <= 0) return std::nullopt;
  double fastest = 1, slowest = 1;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    if (mix.share[kind] < kMinShare) continue;
    fastest = std::max(fastest, SpeedUp(before, after, kind));
    slowest = std::min(slowest, SpeedUp(before, after, kind));
  }
  const double ratio = rate_after / rate_before;
  if (ratio <= fastest * kMaxRateRatio && ratio >= slowest / kMaxRateRatio) {
    return std::nullopt;
  }
  return absl::StrFormat(
      "the load moved from %.0f to %.0f ops/s, and speed does not explain it",
      rate_before, rate_after);
}

// A burst of tracing that sees more operations touches more blocks, at most in
// proportion: what of the candidate's working set its rate explains is taken
// for the baseline's.
void ExplainWorkingSet(double rate_ratio, const WorkloadProfile& was,
                       WorkloadProfile* is) {
  const auto dimension = ProfileDimension::kWorkingSetBytes;
  const std::optional<double> before = was[dimension];
  std::optional<double>& after = is->value[static_cast<size_t>(dimension)];
  if (!before || !after || rate_ratio <= 0) return;
  const double least = *before * std::min(1.0, rate_ratio);
  const double most = *before * std::max(1.0, rate_ratio);
  if (*after >= least && *after <= most) after = before;
}

}  // namespace

std::optional<std::string> LoadMoved(const ArmLoad& baseline,
                                     const ArmLoad& candidate) {
  if (baseline.windows.empty() || candidate.windows.empty()) {
    return std::nullopt;
  }
  const OpMix before = MixOf(baseline.windows);
  const OpMix after = MixOf(candidate.windows);
  const Window pooled_before = Pool(baseline.windows);
  const Window pooled_after = Pool(candidate.windows);
  const double mix_moved = std::min(
      MixDistance(before, after),
      MixDistance(ExplainedBySpeed(before, pooled_before, pooled_after),
                  after));
  if (mix_moved > kMaxMixDistance) {
    return absl::StrFormat(
        "the mix of operations moved by %.0f %% of the operations",
        100 * mix_moved);
  }
  if (auto rate = RateMoved(before, pooled_before, pooled_after)) return rate;
  if (auto moved =
          ClientsMoved(baseline.windows, pooled_before, pooled_after)) {
    return moved;
  }
  WorkloadProfile was = ProfileOf(baseline.windows, baseline.trace);
  WorkloadProfile is = ProfileOf(candidate.windows, candidate.trace);
  ExplainWorkingSet(pooled_after.OperationsPerSecond() /
                        std::max(1e-9, pooled_before.OperationsPerSecond()),
                    was, &is);
  for (const ProfileDimension share :
       {ProfileDimension::kGetShare, ProfileDimension::kMultiGetShare,
        ProfileDimension::kWriteShare, ProfileDimension::kSeekShare}) {
    was.value[static_cast<size_t>(share)].reset();  // judged above
  }
  const std::optional<double> skew_before =
      was[ProfileDimension::kZipfExponent];
  const std::optional<double> skew_after = is[ProfileDimension::kZipfExponent];
  if (skew_before && skew_after &&
      std::abs(*skew_after - *skew_before) > kMaxSkewMoved) {
    return absl::StrFormat("the keys' skew moved from %.2f to %.2f",
                           *skew_before, *skew_after);
  }
  const ProfileDistance distance = DistanceBetween(was, is);
  if (distance.distance < kMaxDistance) return std::nullopt;
  return distance.text + " between the arms";
}

}  // namespace rocktune
