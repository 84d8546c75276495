#include "policy/key_skew.h"

#include <algorithm>
#include <cmath>

namespace rocktune {
namespace {

// A count is at most 4 too high after the longest burst (131 072 records).
constexpr size_t kCounters = 32768;
constexpr uint64_t kFewestUses = 100;
constexpr double kFewestUsesOfKey = 10;
constexpr int kFewestGroups = 3;

// A straight line through weighted points.
struct Line {
  double weight = 0, x = 0, y = 0, xx = 0, xy = 0;
  int points = 0;

  void Add(double px, double py, double w) {
    weight += w;
    x += w * px;
    y += w * py;
    xx += w * px * px;
    xy += w * px * py;
    ++points;
  }
  double Slope() const {
    const double spread = weight * xx - x * x;
    return spread > 0 ? (weight * xy - x * y) / spread : 0;
  }
};

}  // namespace

double FitZipfExponent(absl::Span<const uint64_t> counts) {
  Line line;
  size_t first = 0;
  while (first < counts.size()) {
    // 1, then 2, 3 and 4 ranks, and so on.
    const size_t last = std::min((first + 1) * 3 / 2, counts.size());
    double sum = 0;
    double log_rank = 0;
    for (size_t i = first; i < last; ++i) {
      sum += static_cast<double>(counts[i]);
      log_rank += std::log(static_cast<double>(i + 1));
    }
    const auto keys = static_cast<double>(last - first);
    if (sum / keys < kFewestUsesOfKey) break;
    // The first ranks are few draws, and which they are is chance.
    line.Add(log_rank / keys, std::log(sum / keys), std::min(keys, 16.0));
    first = last;
  }
  if (line.points < kFewestGroups) return 0;
  return std::max(0.0, -line.Slope());
}

KeySketch::KeySketch() : counts_(kCounters) {}

void KeySketch::Add(uint64_t hash) {
  distinct_.Add(hash);
  counts_.Add(hash);
}

std::optional<KeySkew> KeySketch::Skew(double key_ratio,
                                       double expected) const {
  if (added() < kFewestUses || !(key_ratio > 0)) return std::nullopt;
  const double distinct = distinct_.Estimate();
  std::vector<uint64_t> counts;
  for (const SpaceSaving::Counter& counter : counts_.Top()) {
    counts.push_back(counter.Guaranteed());
  }
  KeySkew skew;
  skew.distinct_keys = distinct / key_ratio;
  const auto tenth = static_cast<size_t>(std::llround(distinct / 10));
  skew.zipf_exponent =
      FitZipfExponent(absl::MakeConstSpan(counts).subspan(0, tenth));
  const auto hot = std::clamp<size_t>(
      static_cast<size_t>(std::llround(distinct / 100)), 1, counts.size());
  double uses = 0;
  for (size_t i = 0; i < hot; ++i) uses += static_cast<double>(counts[i]);
  const auto seen = static_cast<double>(added());
  const double total = expected > 0 ? expected : seen;
  skew.top_1pct_share = std::clamp((uses + total - seen) / total, 0.0, 1.0);
  return skew;
}

}  // namespace rocktune
