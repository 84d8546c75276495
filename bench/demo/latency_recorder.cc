#include "bench/demo/latency_recorder.h"

#include <algorithm>
#include <bit>

namespace rocktune {

int LatencyRecorder::BucketOf(uint64_t nanoseconds) {
  constexpr uint64_t kLinear = uint64_t{1} << kSubBits;
  if (nanoseconds < kLinear) return static_cast<int>(nanoseconds);
  const int power =
      std::min(static_cast<int>(std::bit_width(nanoseconds)) - 1, kPowers - 1);
  const int shift = power - kSubBits;
  const auto sub =
      static_cast<int>(std::min((nanoseconds >> shift) - kLinear, kLinear - 1));
  return ((shift + 1) << kSubBits) + sub;
}

double LatencyRecorder::MiddleOf(int bucket) {
  constexpr int kLinear = 1 << kSubBits;
  if (bucket < kLinear) return bucket;
  const int shift = (bucket >> kSubBits) - 1;
  const double low = static_cast<double>(
      (static_cast<uint64_t>(bucket & (kLinear - 1)) + kLinear) << shift);
  return low + 0.5 * static_cast<double>(uint64_t{1} << shift);
}

void LatencyRecorder::Add(uint64_t nanoseconds) {
  ++buckets_[static_cast<size_t>(BucketOf(nanoseconds))];
  ++count_;
  sum_ns_ += nanoseconds;
}

void LatencyRecorder::Merge(const LatencyRecorder& other) {
  for (size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ns_ += other.sum_ns_;
}

double LatencyRecorder::MeanUs() const {
  return count_ == 0
             ? 0
             : static_cast<double>(sum_ns_) / static_cast<double>(count_) / 1e3;
}

double LatencyRecorder::QuantileUs(double q) const {
  if (count_ == 0) return 0;
  const auto target = std::min(
      static_cast<uint64_t>(q * static_cast<double>(count_)), count_ - 1);
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen > target) return MiddleOf(static_cast<int>(i)) / 1e3;
  }
  return 0;
}

}  // namespace rocktune
