#include "policy/miss_ratio_curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace rocktune {
namespace {

constexpr double kFewestUses = 1000;
// What a perfect list would do counts as so many uses of each bucket: it
// matters where the burst saw nothing. A guess.
constexpr double kPriorUses = 1;
constexpr int kRounds = 100;  // self-consistency moves little after these
constexpr int kBucketsPerPoint = 4;  // points grow by 2^(1/4)
// Twice as large a cache as everything, for what a cache that is no perfect
// list loses below that.
constexpr int kBucketsPastTheEnd = 16;
// A curve that has this little left to gain goes on as it is.
constexpr double kFlat = 0.05;

double Sum(const DistanceCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

// By bucket of distance; never rises.
using HitChances = std::array<double, kDistanceBuckets>;

// Step 1 of the header: pools neighbours until no chance is higher than the
// one before (isotonic regression; Ayer et al., 1955).
HitChances ChancesOf(const ReuseHistogram& uses, int capacity) {
  struct Pool {
    double hits = 0;
    double uses = 0;
    int end = 0;
    double Chance() const { return hits / uses; }
  };
  std::vector<Pool> pools;
  for (int i = 0; i < kDistanceBuckets; ++i) {
    const double prior = i <= capacity ? kPriorUses : 0;
    Pool pool = {uses.hits[i] + prior,
                 uses.hits[i] + uses.misses[i] + kPriorUses, i + 1};
    while (!pools.empty() && pools.back().Chance() < pool.Chance()) {
      pool.hits += pools.back().hits;
      pool.uses += pools.back().uses;
      pools.pop_back();
    }
    pools.push_back(pool);
  }
  HitChances chances{};
  int i = 0;
  for (const Pool& pool : pools) {
    for (; i < pool.end; ++i) chances[i] = pool.Chance();
  }
  return chances;
}

// Uses by distance; the last entry stands for all beyond the reach.
using Shares = std::vector<double>;

// Adds uses whose distance is only known to be at least that of their bucket,
// and to have come out as likely as `chance` says.
void Spread(const DistanceCounts& at_least, const Shares& shares,
            const Shares& chance, Shares* sum) {
  const size_t size = shares.size();
  Shares beyond(size + 1, 0);  // sums from the end
  for (size_t i = size; i-- > 0;) {
    beyond[i] = beyond[i + 1] + shares[i] * chance[i];
  }
  double open = 0;  // per share, of the intervals that have begun
  for (size_t i = 0; i < size; ++i) {
    double uses = 0;
    if (i + 1 < size) {
      uses = at_least[i];
    } else {
      for (size_t j = i; j < at_least.size(); ++j) uses += at_least[j];
    }
    if (beyond[i] > 0) {
      open += uses / beyond[i];
    } else {
      (*sum)[i] += uses;
    }
    (*sum)[i] += open * shares[i] * chance[i];
  }
}

// Step 2 of the header.
Shares Resolve(const ReuseHistogram& uses, const HitChances& chances,
               int reach) {
  const auto size = static_cast<size_t>(reach) + 2;
  Shares known(size, 0);
  for (size_t i = 0; i < kDistanceBuckets; ++i) {
    known[std::min(i, size - 1)] += uses.hits[i] + uses.misses[i];
  }
  Shares hit(chances.begin(), chances.begin() + reach + 1);
  hit.push_back(0);
  Shares miss(size);
  for (size_t i = 0; i < size; ++i) miss[i] = 1 - hit[i];
  Shares shares(size, 1.0);
  for (int round = 0; round < kRounds; ++round) {
    Shares next = known;
    Spread(uses.first_hits, shares, hit, &next);
    Spread(uses.first_misses, shares, miss, &next);
    shares = std::move(next);
  }
  return shares;
}

// Hits of a cache that is larger by `shift` buckets.
double HitsAt(int shift, const Shares& shares, const HitChances& chances) {
  double hits = 0;
  for (int i = 0; i + 1 < static_cast<int>(shares.size()); ++i) {
    hits += shares[i] * chances[std::clamp(i - shift, 0, kDistanceBuckets - 1)];
  }
  return hits;
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

  const auto bytes = static_cast<double>(cache.capacity_bytes);
  const int capacity = DistanceBucket(bytes);
  const int reach =
      std::max(capacity, DistanceBucket(distances.DistinctBytes()));
  const HitChances chances = ChancesOf(uses, capacity);
  const Shares shares = Resolve(uses, chances, reach);
  const double present = HitsAt(0, shares, chances);
  const double absent = std::accumulate(shares.begin(), shares.end(), -present);
  const double expected = counted ? total * distances.sample_ratio() : sampled;
  const double hit_ratio = curve.measured_hit_ratio;
  const double missing = hit_ratio * expected - present;
  // What is beyond the reach may hit in a larger cache or not: who knows.
  const bool all_seen = shares.back() <= kFlat * sampled;
  const int last = all_seen ? reach + kBucketsPastTheEnd : reach;
  for (int i = capacity % kBucketsPerPoint; i <= last; i += kBucketsPerPoint) {
    const double now = HitsAt(i - capacity, shares, chances);
    const double ratio =
        i <= capacity
            ? (now + missing) / expected
            : hit_ratio +
                  (1 - hit_ratio) * (absent > 0 ? (now - present) / absent : 0);
    const double size =
        bytes * DistanceBucketEnd(i) / DistanceBucketEnd(capacity);
    curve.points.push_back({static_cast<uint64_t>(std::llround(size)),
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
