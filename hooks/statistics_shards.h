// Counters of one TuningStatistics, one shard per thread: a thread adds to its
// own shard without an atomic read-modify-write, a reader sums them all.
#ifndef ROCKTUNE_HOOKS_STATISTICS_SHARDS_H_
#define ROCKTUNE_HOOKS_STATISTICS_SHARDS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "policy/window.h"

namespace rocktune {

using ShardCounts = std::array<uint64_t, kTickers>;

// Written by its thread alone, read by any. The last counter and the last
// distance belong to what we do not use; they spare the writer a branch.
struct alignas(64) Shard {
  std::array<std::atomic<uint64_t>, kTickers + 1> counters{};
  // Calls until the next sample, by kind; only its thread touches these.
  std::array<uint32_t, kOpKinds + 1> until_sample{};
  // With a host Statistics: who asked for the report that comes next.
  std::array<bool, kOpKinds + 1> for_us{};
  std::array<bool, kOpKinds + 1> for_us_alone{};
  uint64_t random = 0;

  void Add(size_t index, uint64_t count) {
    std::atomic<uint64_t>& counter = counters[index];
    counter.store(counter.load(std::memory_order_relaxed) + count,
                  std::memory_order_relaxed);
  }
};

// All shards of one TuningStatistics. Shared by it and by the threads that
// have a shard, so that either may end first. Thread-safe.
class ShardSet : public std::enable_shared_from_this<ShardSet> {
 public:
  // `sample_one_in` >= 1: the most, and what it begins with.
  ShardSet(uint64_t id, uint32_t sample_one_in);

  // The calling thread's shard, made on first use; null when the thread is
  // past the end of its thread-local objects (use AddLate).
  Shard* OfThisThread();
  // Counts for a thread that has no shard any more.
  void AddLate(size_t index, uint64_t count);

  // What all threads together have counted, ended ones included.
  void Sum(ShardCounts* sum) const;

  size_t live() const;  // threads that have a shard

  // The owner is gone: threads drop their shards when they next look.
  void Close() { closed_.store(true, std::memory_order_relaxed); }
  bool closed() const { return closed_.load(std::memory_order_relaxed); }

  // From the next sample of each thread on: one in `n`, 1 .. sample_one_in.
  void SampleOneIn(uint32_t n);
  uint32_t one_in() const { return one_in_.load(std::memory_order_relaxed); }
  uint32_t most_one_in() const { return most_one_in_; }
  // Draws the distance to the next sample: 1 .. 2N - 1, N on average.
  uint32_t NextDistance(Shard* shard) const;

 private:
  friend class ThreadShards;
  Shard* Make();
  void Retire(Shard* shard);

  const uint64_t id_;
  const uint32_t most_one_in_;
  std::atomic<uint32_t> one_in_;
  std::atomic<bool> closed_{false};
  mutable absl::Mutex mutex_;
  std::vector<std::unique_ptr<Shard>> live_ ABSL_GUARDED_BY(mutex_);
  ShardCounts ended_ ABSL_GUARDED_BY(mutex_){};
  uint64_t made_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The shard this thread used last and whose it is. Ids are never used again,
// so a stale entry cannot be mistaken for a later object's. Initial-exec: one
// instruction reaches it, also from a shared library.
struct ShardCache {
  uint64_t id;
  Shard* shard;
};
extern thread_local constinit ShardCache tls_shard_cache
    __attribute__((tls_model("initial-exec")));

// A new id, never 0.
uint64_t NextShardSetId();

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_STATISTICS_SHARDS_H_
