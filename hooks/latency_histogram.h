// Log-linear histogram of durations: 32 buckets for every power of two, so a
// quantile is at most 1.6 % from the recorded value it stands for.
#ifndef ROCKTUNE_HOOKS_LATENCY_HISTOGRAM_H_
#define ROCKTUNE_HOOKS_LATENCY_HISTOGRAM_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace rocktune {

// The buckets: value v < 64 has one of its own; above, the five bits after
// the leading one choose. Values from 2^36 (19 hours in microseconds) share
// the last bucket.
class LatencyBuckets {
 public:
  static constexpr int kSubBucketBits = 5;
  static constexpr int kMaxBits = 36;
  static constexpr size_t kCount =
      static_cast<size_t>(kMaxBits - kSubBucketBits + 1) << kSubBucketBits;

  static size_t IndexOf(uint64_t value);
  static double Middle(size_t index);  // what a quantile in it reports
};

// A copy of the counts at one moment; subtracting two gives a window.
struct LatencySnapshot {
  std::array<uint64_t, LatencyBuckets::kCount> counts{};
  uint64_t sum = 0;  // of the recorded values

  uint64_t Samples() const;
  double Mean() const;  // 0 without samples
  double StandardDeviation() const;
  // The smallest value that at least `share` (0 .. 1) of the samples do not
  // exceed; 0 without samples.
  double Quantile(double share) const;
};

// Record() may be called by any number of threads; counts only grow, so the
// difference of two reads loses and repeats nothing.
class LatencyHistogram {
 public:
  void Record(uint64_t value) {
    counts_[LatencyBuckets::IndexOf(value)].fetch_add(
        1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  void Read(LatencySnapshot* snapshot) const;

  // Writes what came since `*last` was read into `*window` and moves `*last`
  // to now.
  void Cut(LatencySnapshot* last, LatencySnapshot* window) const;

 private:
  std::array<std::atomic<uint64_t>, LatencyBuckets::kCount> counts_{};
  std::atomic<uint64_t> sum_{0};
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_LATENCY_HISTOGRAM_H_
