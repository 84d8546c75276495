#include "hooks/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace rocktune {

size_t LatencyBuckets::IndexOf(uint64_t value) {
  constexpr uint64_t kEnd = uint64_t{1} << kMaxBits;
  if (value >= kEnd) return kCount - 1;
  // The values below 64 need no shift: bucket == value. Each further power of
  // two shifts one bit more away and starts 32 buckets higher.
  int shift =
      std::max(0, static_cast<int>(std::bit_width(value)) - 1 - kSubBucketBits);
  return (static_cast<size_t>(shift) << kSubBucketBits) +
         static_cast<size_t>(value >> shift);
}

double LatencyBuckets::Middle(size_t index) {
  size_t row = index >> kSubBucketBits;
  if (row < 2) return static_cast<double>(index);
  int shift = static_cast<int>(row) - 1;
  uint64_t width = uint64_t{1} << shift;
  uint64_t low = (index - (static_cast<size_t>(shift) << kSubBucketBits))
                 << shift;
  return static_cast<double>(low) + static_cast<double>(width - 1) / 2;
}

uint64_t LatencySnapshot::Samples() const {
  uint64_t samples = 0;
  for (uint64_t count : counts) samples += count;
  return samples;
}

double LatencySnapshot::Mean() const {
  uint64_t samples = Samples();
  return samples == 0 ? 0
                      : static_cast<double>(sum) / static_cast<double>(samples);
}

double LatencySnapshot::StandardDeviation() const {
  uint64_t samples = Samples();
  if (samples == 0) return 0;
  double mean = Mean();
  double squares = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    double distance = LatencyBuckets::Middle(i) - mean;
    squares += static_cast<double>(counts[i]) * distance * distance;
  }
  return std::sqrt(squares / static_cast<double>(samples));
}

double LatencySnapshot::Quantile(double share) const {
  uint64_t samples = Samples();
  if (samples == 0) return 0;
  double wanted = std::ceil(share * static_cast<double>(samples));
  uint64_t rank = std::clamp<uint64_t>(
      wanted > 0 ? static_cast<uint64_t>(wanted) : 1, 1, samples);
  uint64_t seen = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    seen += counts[i];
    if (seen >= rank) return LatencyBuckets::Middle(i);
  }
  return 0;
}

void LatencyHistogram::Read(LatencySnapshot* snapshot) const {
  for (size_t i = 0; i < counts_.size(); ++i) {
    snapshot->counts[i] = counts_[i].load(std::memory_order_relaxed);
  }
  snapshot->sum = sum_.load(std::memory_order_relaxed);
}

void LatencyHistogram::Cut(LatencySnapshot* last,
                           LatencySnapshot* window) const {
  Read(window);
  for (size_t i = 0; i < counts_.size(); ++i) {
    uint64_t now = window->counts[i];
    window->counts[i] = now - last->counts[i];
    last->counts[i] = now;
  }
  uint64_t now = window->sum;
  window->sum = now - last->sum;
  last->sum = now;
}

}  // namespace rocktune
