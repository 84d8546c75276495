#include "policy/cache_warmth.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

constexpr absl::string_view kCapacity = "block_cache.capacity";
// The hit ratio counts as level when the mean of the last stretch of windows
// is not above that of the stretch before by more than this. Guesses.
constexpr size_t kStretch = 5;
constexpr double kLevel = 0.005;
constexpr int kMostSteps = 16;

std::optional<double> BytesOf(const std::string& text) {
  double bytes = 0;
  if (!absl::SimpleAtod(text, &bytes) || bytes <= 0) return std::nullopt;
  return bytes;
}

bool IsCapacity(const Change& change) {
  return absl::EndsWith(change.key.name, ".capacity");
}

}  // namespace

std::optional<double> HitRatio(absl::Span<const Window> windows) {
  double hits = 0, lookups = 0;
  for (const Window& window : windows) {
    const double hit =
        static_cast<double>(window.ticker(Ticker::kBlockCacheHit));
    hits += hit;
    lookups +=
        hit + static_cast<double>(window.ticker(Ticker::kBlockCacheMiss));
  }
  if (lookups <= 0) return std::nullopt;
  return hits / lookups;
}

std::optional<CachePrediction> PredictCache(
    const ChangeSet& change_set, const std::optional<TraceFacts>& trace) {
  if (!trace) return std::nullopt;
  for (const Change& change : change_set.changes) {
    if (change.key.name != kCapacity) continue;
    const MissRatioCurve* curve = trace->CurveOf(change.key.column_family);
    const std::optional<double> from = BytesOf(change.before);
    const std::optional<double> to = BytesOf(change.after);
    if (curve == nullptr || !from || !to) continue;
    const std::optional<double> before =
        curve->HitRatioAt(static_cast<uint64_t>(*from));
    const std::optional<double> after =
        curve->HitRatioAt(static_cast<uint64_t>(*to));
    if (!before || !after) continue;
    return CachePrediction{
        *before, *after,
        absl::StrFormat("the miss-ratio curve predicts a hit ratio of %.2f, "
                        "from %.2f",
                        *after, *before)};
  }
  return std::nullopt;
}

bool StillWarming(absl::Span<const Window> since_change) {
  if (since_change.size() < 2 * kStretch) return true;
  const size_t n = since_change.size();
  const std::optional<double> now =
      HitRatio(since_change.subspan(n - kStretch));
  const std::optional<double> before =
      HitRatio(since_change.subspan(n - 2 * kStretch, kStretch));
  if (!now || !before) return false;  // nobody looks anything up
  return *now > *before + kLevel;
}

std::vector<ChangeSet> CutInSteps(const ChangeSet& change_set) {
  int steps = 1;
  for (const Change& change : change_set.changes) {
    const std::optional<double> from = BytesOf(change.before);
    const std::optional<double> to = BytesOf(change.after);
    if (!IsCapacity(change) || !from || !to || *to >= *from) continue;
    steps = std::max(
        steps, static_cast<int>(std::ceil(std::log2(*from / *to) - 1e-9)));
  }
  steps = std::min(steps, kMostSteps);
  std::vector<ChangeSet> cuts;
  ChangeSet reached = change_set;
  for (int step = 1; step <= steps; ++step) {
    ChangeSet cut = change_set;
    for (size_t i = 0; i < cut.changes.size(); ++i) {
      Change& change = cut.changes[i];
      if (step > 1) change.before = reached.changes[i].after;
      if (step == steps || !IsCapacity(change)) continue;
      const double from = *BytesOf(change_set.changes[i].before);
      const double to = *BytesOf(change_set.changes[i].after);
      if (to >= from) continue;
      const double here = from * std::pow(to / from, 1.0 * step / steps);
      change.after = absl::StrCat(static_cast<uint64_t>(here));
    }
    reached = cut;
    cuts.push_back(std::move(cut));
  }
  return cuts;
}

}  // namespace rocktune
