// Exact enough client-side latencies: log-linear buckets, at most 1.6 %
// relative error, any number of values in 15 KiB.
#ifndef ROCKTUNE_BENCH_DEMO_LATENCY_RECORDER_H_
#define ROCKTUNE_BENCH_DEMO_LATENCY_RECORDER_H_

#include <array>
#include <cstdint>

namespace rocktune {

// Not thread-safe: one per thread, merged afterwards.
class LatencyRecorder {
 public:
  void Add(uint64_t nanoseconds);
  void Merge(const LatencyRecorder& other);

  uint64_t count() const { return count_; }
  double MeanUs() const;
  // q in 0..1; 0 without values.
  double QuantileUs(double q) const;

 private:
  static constexpr int kSubBits = 5;  // 32 buckets per power of two
  static constexpr int kPowers = 42;  // up to 2^42 ns, over an hour
  static int BucketOf(uint64_t nanoseconds);
  static double MiddleOf(int bucket);

  std::array<uint64_t, (kPowers + 1) << kSubBits> buckets_{};
  uint64_t count_ = 0;
  uint64_t sum_ns_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_LATENCY_RECORDER_H_
