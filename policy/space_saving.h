// The most frequent of a stream of things, from their hashes, in fixed memory.
// SpaceSaving: Metwally, Agrawal and El Abbadi, 2005.
#ifndef ROCKTUNE_POLICY_SPACE_SAVING_H_
#define ROCKTUNE_POLICY_SPACE_SAVING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace rocktune {

// Not thread-safe. Allocates in the constructor only. With N added and k
// counters no count is more than N / k too high, none is too low, and
// everything that came more than N / k times has a counter.
class SpaceSaving {
 public:
  struct Counter {
    uint64_t hash = 0;
    uint64_t count = 0;
    uint64_t error = 0;  // the count is at most this much too high
    uint64_t Guaranteed() const { return count - error; }
  };

  explicit SpaceSaving(size_t counters);  // at least 1

  void Add(uint64_t hash);

  uint64_t added() const { return added_; }
  // Most frequent first, by the guaranteed count.
  std::vector<Counter> Top() const;

 private:
  void SiftDown(size_t place);
  void Swap(size_t a, size_t b);

  const size_t capacity_;
  uint64_t added_ = 0;
  std::vector<Counter> heap_;  // the smallest count first
  absl::flat_hash_map<uint64_t, size_t> place_of_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_SPACE_SAVING_H_
