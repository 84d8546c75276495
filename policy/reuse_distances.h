// How much else was used between two uses of the same block, from a sample of
// blocks taken by their hash, in fixed memory. SHARDS: Waldspurger, Park,
// Garthwaite and Ahmad, 2015; the distances are Mattson's, 1970.
#ifndef ROCKTUNE_POLICY_REUSE_DISTANCES_H_
#define ROCKTUNE_POLICY_REUSE_DISTANCES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace rocktune {

// Distances in buckets that grow by 2^(1/16), 4.4 %, from 1 KiB to 64 TiB.
inline constexpr int kDistanceBuckets = 36 * 16;
int DistanceBucket(double bytes);
double DistanceBucketEnd(int bucket);  // bytes, inclusive

using DistanceCounts = std::array<double, kDistanceBuckets>;

// Uses by distance. Those of blocks that were not seen before count under the
// bytes seen so far: the distance is at least that, because a nearer use would
// have been seen.
struct ReuseHistogram {
  DistanceCounts hits{};          // found in the cache
  DistanceCounts misses{};        // not found
  DistanceCounts first_hits{};    // at least so far, found in the cache
  DistanceCounts first_misses{};  // at least so far, not found
};

// Not thread-safe. Allocates in the constructor only.
class ReuseDistances {
 public:
  // Keeps at most `max_blocks` (about 90 bytes each): when there are more,
  // half of the sample is forgotten, by hash, and what was counted counts
  // half, as in the paper's variant of fixed size. `sample_ratio`: of blocks
  // that are given to Add(), 0 .. 1.
  ReuseDistances(size_t max_blocks, double sample_ratio);

  struct Use {
    uint64_t block = 0;  // hash, uniform in its upper bits
    uint32_t bytes = 0;
    bool hit = false;
    bool stays = true;  // false: a miss that is not put into the cache
  };
  void Add(const Use& use);

  const ReuseHistogram& histogram() const { return histogram_; }
  // Share of all blocks that is in the histogram.
  double sample_ratio() const { return sample_ratio_; }
  // Estimates for all blocks, sampled or not.
  double DistinctBytes() const { return live_bytes_ / sample_ratio_; }

 private:
  struct Place {
    uint64_t block = 0;
    uint32_t bytes = 0;  // 0: the block was used again later
  };

  void Push(uint64_t block, uint32_t bytes);
  void Remove(size_t place);
  void Change(size_t place, int64_t bytes);
  uint64_t BytesUpTo(size_t place) const;
  void Compact();  // leaves out the places of blocks that were used later
  void Halve();

  const size_t max_blocks_;
  double sample_ratio_;
  uint64_t threshold_ = ~uint64_t{0};  // hashes above are not in the sample
  double live_bytes_ = 0;
  ReuseHistogram histogram_;
  absl::flat_hash_map<uint64_t, size_t> place_of_;
  std::vector<Place> places_;  // by time of the last use
  size_t next_ = 0;
  std::vector<uint64_t> tree_;  // Fenwick, 1994: sums of bytes over places_
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_REUSE_DISTANCES_H_
