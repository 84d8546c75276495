#include "policy/miss_ratio_curve.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace rocktune {
namespace {

constexpr double kFewestUses = 1000;
// A capacity found from fewer reuses that missed would be chance.
constexpr double kFewestReusedMisses = 30;
constexpr double kMostStretch = 2;
constexpr int kRounds = 100;  // self-consistency moves little after these
constexpr int kBucketsPerPoint = 4;  // points grow by 2^(1/4)
// A curve that has this little left to gain goes on as it is.
constexpr double kFlat = 0.05;

double Sum(const DistanceCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

// The bucket that the cache's capacity ends in, on the scale of distances.
int CapacityBucket(const ReuseHistogram& uses, uint64_t capacity_bytes) {
  const int nominal = DistanceBucket(static_cast<double>(capacity_bytes));
  const double hits = Sum(uses.hits);
  if (Sum(uses.misses) < kFewestReusedMisses || hits == 0) return nominal;
  double nearer = 0;
  int bucket = 0;
  while (bucket < kDistanceBuckets - 1) {
    nearer += uses.hits[bucket] + uses.misses[bucket];
    if (nearer >= hits) break;
    ++bucket;
  }
  const int most = DistanceBucket(DistanceBucketEnd(nominal) * kMostStretch);
  return std::clamp(bucket, 2 * nominal - most, most);
}

// Uses by distance; the last entry stands for all beyond the reach.
using Shares = std::vector<double>;

// Step 1 of the header. Uses up to and including the bucket `capacity` are
// hits.
Shares Resolve(const ReuseHistogram& uses, int capacity, int reach) {
  const auto size = static_cast<size_t>(reach) + 2;
  Shares known(size, 0);
  Shares hits_from(size, 0);    // of unknown distance from here to capacity
  Shares misses_from(size, 0);  // from here to the end
  for (int i = 0; i < kDistanceBuckets; ++i) {
    const auto at = static_cast<size_t>(std::min(i, reach + 1));
    known[at] += uses.hits[i] + uses.misses[i];
    hits_from[std::min(at, static_cast<size_t>(capacity))] +=
        uses.first_hits[i];
    misses_from[std::max(at, static_cast<size_t>(capacity) + 1)] +=
        uses.first_misses[i];
  }
  Shares shares(size, 1.0);
  for (int round = 0; round < kRounds; ++round) {
    Shares beyond(size + 1, 0);  // sums from the end
    for (size_t i = size; i-- > 0;) beyond[i] = beyond[i + 1] + shares[i];
    Shares next = known;
    double hits = 0;  // per share, of the intervals that are open here
    double misses = 0;
    for (size_t i = 0; i < size; ++i) {
      if (i <= static_cast<size_t>(capacity)) {
        const double mass =
            beyond[i] - beyond[static_cast<size_t>(capacity) + 1];
        if (mass > 0) {
          hits += hits_from[i] / mass;
        } else {
          next[i] += hits_from[i];
        }
        next[i] += hits * shares[i];
      }
      if (beyond[i] > 0) {
        misses += misses_from[i] / beyond[i];
      } else {
        next[i] += misses_from[i];
      }
      next[i] += misses * shares[i];
    }
    shares = std::move(next);
  }
  return shares;
}

}  // namespace

MissRatioCurve EstimateCurve(const CacheInBurst& cache,
                             const ReuseDistances& distances) {
  const ReuseHistogram& uses = distances.histogram();
  const double sampled_hits = Sum(uses.hits) + Sum(uses.first_hits);
  const double sampled_misses = Sum(uses.misses) + Sum(uses.first_misses);
  const double sampled = sampled_hits + sampled_misses;
  MissRatioCurve curve;
  curve.column_family = cache.column_family;
  curve.capacity_bytes = cache.capacity_bytes;
  curve.accesses = static_cast<uint64_t>(sampled);
  const bool counted = cache.hits + cache.misses > 0;
  const double hits = counted ? cache.hits : sampled_hits;
  const double total = counted ? hits + cache.misses : sampled;
  if (total > 0) curve.measured_hit_ratio = hits / total;
  if (sampled < kFewestUses || cache.capacity_bytes == 0) return curve;

  const int capacity = CapacityBucket(uses, cache.capacity_bytes);
  const int reach =
      std::max(capacity, DistanceBucket(distances.DistinctBytes()));
  const Shares shares = Resolve(uses, capacity, reach);
  const double stretch =
      static_cast<double>(cache.capacity_bytes) / DistanceBucketEnd(capacity);
  const double expected = counted ? total * distances.sample_ratio() : sampled;
  double nearer_hits = 0;
  double farther = 0;
  for (int i = 0; i < static_cast<int>(shares.size()); ++i) {
    (i <= capacity ? nearer_hits : farther) += shares[i];
  }
  const double missing = curve.measured_hit_ratio * expected - nearer_hits;
  double sum = 0;
  double ratio = 0;
  for (int i = 0; i <= reach; ++i) {
    sum += shares[i];
    if (i <= capacity) {
      ratio = (sum + missing) / expected;
    } else {
      ratio = curve.measured_hit_ratio +
              (1 - curve.measured_hit_ratio) *
                  (farther > 0 ? (sum - nearer_hits) / farther : 0);
    }
    if ((i - capacity) % kBucketsPerPoint != 0 && i != reach) continue;
    curve.points.push_back(
        {static_cast<uint64_t>(std::llround(DistanceBucketEnd(i) * stretch)),
         std::clamp(ratio, 0.0, 1.0)});
  }
  return curve;
}

std::optional<double> MissRatioCurve::HitRatioAt(uint64_t bytes) const {
  if (points.empty()) return std::nullopt;
  const auto above = std::lower_bound(
      points.begin(), points.end(), bytes,
      [](const Point& point, uint64_t b) { return point.capacity_bytes < b; });
  if (above == points.end()) {
    const Point& last = points.back();
    const bool near = bytes - last.capacity_bytes <= last.capacity_bytes / 10;
    if (near || last.hit_ratio >= 1 - kFlat) return last.hit_ratio;
    return std::nullopt;
  }
  const auto at = static_cast<double>(bytes);
  const auto high = static_cast<double>(above->capacity_bytes);
  if (above == points.begin()) return above->hit_ratio * at / high;
  const Point& below = *(above - 1);
  const auto low = static_cast<double>(below.capacity_bytes);
  const double share = std::log(at / low) / std::log(high / low);
  return below.hit_ratio + share * (above->hit_ratio - below.hit_ratio);
}

}  // namespace rocktune
