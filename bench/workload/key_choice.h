// Which key an operation takes.
#ifndef ROCKTUNE_BENCH_WORKLOAD_KEY_CHOICE_H_
#define ROCKTUNE_BENCH_WORKLOAD_KEY_CHOICE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include "bench/demo/zipf.h"
#include "bench/workload/key_space.h"

namespace rocktune {

// Key ranges of unequal heat, at places of the key space drawn by the seed.
// The heat of the x-th hottest range is a * exp(b x) + c * exp(d x), and inside
// a range the n-th hottest key has n^(p-1) as its weight, with the constants of
// db_bench's published MixGraph runs: of 30 ranges one gets 79 % of the load.
// Immutable.
class HotRanges {
 public:
  HotRanges(uint64_t keys, uint64_t seed);
  uint64_t Pick(std::mt19937_64& random) const;

 private:
  struct Range {
    double up_to;  // share of the load of this range and those before it
    uint64_t begin;
  };
  const uint64_t keys_;
  const uint64_t range_keys_;
  std::vector<Range> ranges_;
};

// The distributions a workload needs, made once: Zipf sums over all keys.
// Immutable, shared by all threads.
class KeyDistributions {
 public:
  KeyDistributions(const Workload& workload, uint64_t seed);
  const Zipf* zipf(double theta) const { return &zipf_.at(theta); }
  const HotRanges* hot_ranges() const { return &*hot_ranges_; }

 private:
  std::map<double, Zipf> zipf_;
  std::optional<HotRanges> hot_ranges_;
};

// One client's choice during a phase. Not thread-safe. A client reads of the
// keys inserted during the phase those of its own lane only: so its choice does
// not depend on how fast others are, and what it reads exists.
class KeyChooser {
 public:
  struct Spec {
    KeyChoice keys = KeyChoice::kUniform;
    double zipf_theta = 0.99;
    // kSequential: client `part` of `parts` starts at its part of the keys.
    int part = 0;
    int parts = 1;
  };
  // All must outlive it.
  KeyChooser(const Spec& spec, const KeySpace& space,
             const KeyDistributions& distributions);

  // A number below live.complete or of the own lane; 0 when nothing exists.
  uint64_t Next(const LiveKeys& live, std::mt19937_64& random);

 private:
  uint64_t Latest(const LiveKeys& live, std::mt19937_64& random) const;

  const Spec spec_;
  const KeySpace& space_;
  const Zipf* zipf_ = nullptr;
  const HotRanges* hot_ranges_ = nullptr;
  uint64_t steps_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_KEY_CHOICE_H_
