#include "policy/arms_load.h"

#include <algorithm>

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

}  // namespace

std::optional<std::string> LoadMoved(absl::Span<const Window> baseline,
                                     absl::Span<const Window> candidate) {
  if (baseline.empty() || candidate.empty()) return std::nullopt;
  const OpMix before = MixOf(baseline);
  const OpMix after = MixOf(candidate);
  const Window pooled_before = Pool(baseline);
  const Window pooled_after = Pool(candidate);
  const double moved = std::min(
      MixDistance(before, after),
      MixDistance(ExplainedBySpeed(before, pooled_before, pooled_after),
                  after));
  if (moved > kMaxMixDistance) {
    return absl::StrFormat(
        "the mix of operations moved by %.0f %% of the operations",
        100 * moved);
  }
  if (auto rate = RateMoved(before, pooled_before, pooled_after)) return rate;
  WorkloadProfile was = ProfileOf(baseline, std::nullopt);
  WorkloadProfile is = ProfileOf(candidate, std::nullopt);
  for (const ProfileDimension share :
       {ProfileDimension::kGetShare, ProfileDimension::kMultiGetShare,
        ProfileDimension::kWriteShare, ProfileDimension::kSeekShare}) {
    was.value[static_cast<size_t>(share)].reset();  // judged above
  }
  const ProfileDistance distance = DistanceBetween(was, is);
  if (distance.distance < kMaxDistance) return std::nullopt;
  return distance.text + " between the arms";
}

}  // namespace rocktune
