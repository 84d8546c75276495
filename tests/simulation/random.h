// Random numbers that are the same on every machine and with every standard
// library: a replay must take the same decisions bit for bit.
#ifndef ROCKTUNE_TESTS_SIMULATION_RANDOM_H_
#define ROCKTUNE_TESTS_SIMULATION_RANDOM_H_

#include <cstdint>

namespace rocktune::simulation {

// xoshiro256** (Blackman, Vigna 2018), seeded by splitmix64. Not thread-safe.
class Random {
 public:
  explicit Random(uint64_t seed);

  uint64_t Bits();
  double Uniform();  // [0, 1)
  double Uniform(double low, double high);
  double LogUniform(double low, double high);  // low > 0
  uint64_t Below(uint64_t n);                  // 0 .. n - 1, n > 0
  bool Chance(double probability);
  double Normal();  // mean 0, variance 1 (Box, Muller 1958)
  double Exponential(double mean);
  // Student's t scaled to variance 1; degrees > 2.
  double HeavyTailed(int degrees);

 private:
  uint64_t state_[4];
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_RANDOM_H_
