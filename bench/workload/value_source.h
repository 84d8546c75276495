// Values of given sizes that compress to a given ratio.
#ifndef ROCKTUNE_BENCH_WORKLOAD_VALUE_SOURCE_H_
#define ROCKTUNE_BENCH_WORKLOAD_VALUE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "bench/workload/workload.h"

namespace rocktune {

// Slices of a buffer made once, at random places: a value costs two random
// numbers and no copy. The buffer's random bytes alternate with a constant
// byte, so the ratio holds on average over a block, not for each value; what a
// compressor adds is not deducted: snappy ends up to 0.05 higher.
// Immutable, shared by all threads.
class ValueSource {
 public:
  // A block would have to be a good part of this for slices to repeat in it.
  static constexpr size_t kPlaces = size_t{1} << 20;
  // A generalised Pareto size is at most so many times the mean.
  static constexpr size_t kMaxTimesMean = 64;

  // Uses sizes and compressed_ratio of `data`.
  ValueSource(const DataSpec& data, uint64_t seed);

  // At least 1 byte. Lives as long as the source.
  std::string_view Next(std::mt19937_64& random) const;

 private:
  size_t SizeOf(std::mt19937_64& random) const;

  const ValueSizes sizes_;
  size_t max_bytes_;
  double sigma_;  // scale of the generalised Pareto distribution
  std::string buffer_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_VALUE_SOURCE_H_
