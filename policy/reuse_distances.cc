#include "policy/reuse_distances.h"

#include <algorithm>
#include <cmath>

namespace rocktune {
namespace {

constexpr double kFirstBytes = 1024;
constexpr double kBucketsPerDoubling = 16;
constexpr size_t kFewestBlocks = 64;

}  // namespace

int DistanceBucket(double bytes) {
  if (!(bytes > kFirstBytes)) return 0;
  const double bucket =
      std::ceil(std::log2(bytes / kFirstBytes) * kBucketsPerDoubling - 1e-9);
  return static_cast<int>(std::min(bucket, kDistanceBuckets - 1.0));
}

double DistanceBucketEnd(int bucket) {
  return kFirstBytes * std::exp2(bucket / kBucketsPerDoubling);
}

ReuseDistances::ReuseDistances(size_t max_blocks, double sample_ratio)
    : max_blocks_(std::max(max_blocks, kFewestBlocks)),
      sample_ratio_(sample_ratio),
      places_(2 * max_blocks_),
      tree_(2 * max_blocks_ + 1) {
  place_of_.reserve(2 * max_blocks_);
}

void ReuseDistances::Add(const Use& use) {
  if (use.block > threshold_ || use.bytes == 0) return;
  const auto known = place_of_.find(use.block);
  if (known == place_of_.end()) {
    // The cache must hold the block itself as well.
    const int bucket = DistanceBucket(DistinctBytes() + use.bytes);
    (use.hit ? histogram_.first_hits : histogram_.first_misses)[bucket] += 1;
    if (!use.stays) return;
    Push(use.block, use.bytes);
    if (place_of_.size() > max_blocks_) Halve();
    return;
  }
  const size_t place = known->second;
  const double since = live_bytes_ - static_cast<double>(BytesUpTo(place + 1));
  const int bucket = DistanceBucket(since / sample_ratio_ + use.bytes);
  (use.hit ? histogram_.hits : histogram_.misses)[bucket] += 1;
  if (!use.stays) return;
  Remove(place);
  place_of_.erase(known);
  Push(use.block, use.bytes);
}

void ReuseDistances::Push(uint64_t block, uint32_t bytes) {
  if (next_ == places_.size()) Compact();
  place_of_[block] = next_;
  places_[next_] = {block, bytes};
  Change(next_, bytes);
  live_bytes_ += bytes;
  ++next_;
}

void ReuseDistances::Remove(size_t place) {
  const uint32_t bytes = places_[place].bytes;
  places_[place].bytes = 0;
  Change(place, -static_cast<int64_t>(bytes));
  live_bytes_ -= bytes;
}

void ReuseDistances::Change(size_t place, int64_t bytes) {
  for (size_t i = place + 1; i < tree_.size(); i += i & (~i + 1)) {
    tree_[i] += static_cast<uint64_t>(bytes);
  }
}

uint64_t ReuseDistances::BytesUpTo(size_t place) const {
  uint64_t sum = 0;
  for (size_t i = place; i > 0; i -= i & (~i + 1)) sum += tree_[i];
  return sum;
}

void ReuseDistances::Compact() {
  size_t kept = 0;
  std::fill(tree_.begin(), tree_.end(), 0);
  for (size_t i = 0; i < next_; ++i) {
    if (places_[i].bytes == 0) continue;
    places_[kept] = places_[i];
    place_of_[places_[kept].block] = kept;
    Change(kept, places_[kept].bytes);
    ++kept;
  }
  next_ = kept;
}

void ReuseDistances::Halve() {
  threshold_ /= 2;
  sample_ratio_ /= 2;
  for (size_t i = 0; i < next_; ++i) {
    if (places_[i].bytes == 0 || places_[i].block <= threshold_) continue;
    place_of_.erase(places_[i].block);
    live_bytes_ -= places_[i].bytes;
    places_[i].bytes = 0;
  }
  Compact();
  for (DistanceCounts* counts :
       {&histogram_.hits, &histogram_.misses, &histogram_.first_hits,
        &histogram_.first_misses}) {
    for (double& count : *counts) count /= 2;
  }
}

}  // namespace rocktune
