// Zipf-distributed key numbers, scattered over the key space.
#ifndef ROCKTUNE_BENCH_DEMO_ZIPF_H_
#define ROCKTUNE_BENCH_DEMO_ZIPF_H_

#include <cstdint>
#include <random>

namespace rocktune {

// Ranks 0..items-1 with probability proportional to 1 / (rank+1)^theta, in
// constant time: Gray et al., "Quickly Generating Billion-Record Synthetic
// Databases", SIGMOD 1994, as YCSB uses it. Immutable; threads bring their own
// random generator.
class Zipf {
 public:
  Zipf(uint64_t items, double theta);

  uint64_t Rank(std::mt19937_64& random) const;
  // A rank's place in the key space: hot keys do not lie side by side.
  uint64_t Scattered(std::mt19937_64& random) const;

 private:
  const uint64_t items_;
  const double theta_;
  const double alpha_;
  const double zeta_;
  const double eta_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_ZIPF_H_
