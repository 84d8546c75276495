// Key numbers: which exist, who inserts which, and the bytes they stand for.
#ifndef ROCKTUNE_BENCH_WORKLOAD_KEY_SPACE_H_
#define ROCKTUNE_BENCH_WORKLOAD_KEY_SPACE_H_

#include <cstddef>
#include <cstdint>

#include "bench/workload/workload.h"

namespace rocktune {

// splitmix64's finaliser: a bijection of 64 bits, where 0 stays 0.
inline uint64_t MixBits(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

// A lane is a client that inserts. New keys are dealt to the lanes in turn, so
// that none depends on how fast another is.
inline constexpr int kNoLane = -1;

// Immutable.
class KeySpace {
 public:
  static constexpr size_t kMinKeyBytes = 16;

  explicit KeySpace(const Workload& workload);

  // Numbers below exist before the first insert (or are written by updates of
  // a workload that starts empty and inserts nothing).
  uint64_t initial() const { return initial_; }
  int lanes() const { return lanes_; }
  // The lane of the phase's n-th client; kNoLane when it inserts nothing.
  static int LaneOf(const Phase& phase, int client);
  // The number of a lane's index-th insert.
  uint64_t Inserted(int lane, uint64_t index) const {
    return initial_ + index * static_cast<uint64_t>(lanes_) +
           static_cast<uint64_t>(lane);
  }
  // Whose index-th insert a number >= initial() is.
  uint64_t IndexOf(uint64_t number) const {
    return (number - initial_) / static_cast<uint64_t>(lanes_);
  }

  size_t key_bytes() const { return key_bytes_; }
  // Writes key_bytes() bytes, different ones for each number. Initial keys are
  // in the order of their numbers; inserted ones fall between them, anywhere,
  // as with YCSB's hashed insert order.
  void Write(uint64_t number, char* key) const;

 private:
  const uint64_t spread_;  // keys fall into so many places
  const size_t key_bytes_;
  uint64_t initial_;
  int lanes_ = 0;
};

// What one client knows of the keys.
struct LiveKeys {
  uint64_t complete = 0;  // numbers 0..complete-1 exist
  int lane = kNoLane;
  uint64_t inserted = 0;  // by its own lane
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_KEY_SPACE_H_
