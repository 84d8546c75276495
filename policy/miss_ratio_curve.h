// MissRatioCurve from the reuse distances that a short burst saw.
#ifndef ROCKTUNE_POLICY_MISS_RATIO_CURVE_H_
#define ROCKTUNE_POLICY_MISS_RATIO_CURVE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "policy/reuse_distances.h"
#include "policy/trace_facts.h"

namespace rocktune {

// One block cache during a burst.
struct CacheInBurst {
  std::string column_family;  // as CacheShape
  uint64_t capacity_bytes = 0;
  // Exact lookups, sampled or not; both 0 when no counter tells. Then the
  // sample's own share of hits is taken, which is off by the share of the
  // hottest blocks that happen to be in it or not.
  double hits = 0;
  double misses = 0;
};

// How a burst becomes a curve; every step mends what the one before cannot
// know:
//  1. RocksDB's caches are no perfect lists: they are cut into shards, charge
//     for entries of their own, keep what was hit before longer, or are
//     clocks. So the chance of a hit by distance is taken from the reuses that
//     the burst saw, and a cache of x times the size is taken to give a
//     distance d the chance that the present one gives d / x.
//  2. Uses of blocks that the burst had not seen yet have an unknown distance:
//     at least the bytes seen so far, and likely by whether they were hits.
//     Their shares follow from the known distances by self-consistency
//     (Turnbull, 1976), which assumes that the load is the same at the
//     beginning and at the end of the burst.
//  3. Below the capacity, uses that are missing from the sample (its expected
//     number is known from the exact counters) are those of very hot blocks,
//     so they count as hits of the smallest cache: the correction of
//     Waldspurger et al., 2015, "SHARDS_adj", which lifts the curve. Above the
//     capacity only the misses matter, which are spread over many blocks:
//     their shares are scaled to the exact number of misses.
// So the curve passes through the measured hit ratio at the present capacity.
// It ends about where the burst's bytes end, or at the capacity.
// Empty points
// when there are fewer than 1000 uses.
MissRatioCurve EstimateCurve(const CacheInBurst& cache,
                             const ReuseDistances& distances);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_MISS_RATIO_CURVE_H_
