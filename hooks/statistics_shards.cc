#include "hooks/statistics_shards.h"

#include <algorithm>
#include <utility>

namespace rocktune {

thread_local constinit ShardCache tls_shard_cache{0, nullptr};

namespace {
// Set when the thread's own list of shards is gone, so that calls made by
// still later destructors do not bring it back to life.
thread_local constinit bool tls_thread_is_ending = false;
}  // namespace

// The shards of one thread, for all TuningStatistics it ever touched and that
// are still there.
class ThreadShards {
 public:
  ~ThreadShards() {
    tls_shard_cache = {0, nullptr};
    tls_thread_is_ending = true;
    for (Entry& entry : entries_) entry.set->Retire(entry.shard);
  }

  Shard* Find(uint64_t id) const {
    for (const Entry& entry : entries_) {
      if (entry.id == id) return entry.shard;
    }
    return nullptr;
  }

  Shard* Add(uint64_t id, std::shared_ptr<ShardSet> set) {
    DropClosed();
    Shard* shard = set->Make();
    entries_.push_back({id, std::move(set), shard});
    return shard;
  }

 private:
  struct Entry {
    uint64_t id;
    std::shared_ptr<ShardSet> set;
    Shard* shard;
  };

  // Frees what ended owners left behind; only here, where the thread is
  // about to allocate anyway.
  void DropClosed() {
    for (size_t i = 0; i < entries_.size();) {
      if (!entries_[i].set->closed()) {
        ++i;
        continue;
      }
      entries_[i].set->Retire(entries_[i].shard);
      entries_[i] = std::move(entries_.back());
      entries_.pop_back();
    }
  }

  std::vector<Entry> entries_;
};

namespace {
ThreadShards& Mine() {
  thread_local ThreadShards mine;
  return mine;
}
}  // namespace

uint64_t NextShardSetId() {
  static constinit std::atomic<uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

ShardSet::ShardSet(uint64_t id, uint32_t sample_one_in)
    : id_(id),
      most_one_in_(std::max<uint32_t>(1, sample_one_in)),
      one_in_(most_one_in_) {}

void ShardSet::SampleOneIn(uint32_t n) {
  one_in_.store(std::clamp<uint32_t>(n, 1, most_one_in_),
                std::memory_order_relaxed);
}

Shard* ShardSet::OfThisThread() {
  if (tls_shard_cache.id == id_) return tls_shard_cache.shard;
  if (tls_thread_is_ending) return nullptr;
  ThreadShards& mine = Mine();
  Shard* shard = mine.Find(id_);
  if (shard == nullptr) shard = mine.Add(id_, shared_from_this());
  tls_shard_cache = {id_, shard};
  return shard;
}

void ShardSet::AddLate(size_t index, uint64_t count) {
  if (index >= kTickers) return;
  absl::MutexLock lock(&mutex_);
  ended_[index] += count;
}

Shard* ShardSet::Make() {
  auto shard = std::make_unique<Shard>();
  Shard* made = shard.get();
  absl::MutexLock lock(&mutex_);
  // Any odd number will do, as long as threads differ.
  made->random = (id_ << 32) + 2 * ++made_ + 1;
  made->until_sample.fill(1);
  for (int kind = 0; kind < kOpKinds; ++kind) {
    made->until_sample[static_cast<size_t>(kind)] = NextDistance(made);
  }
  live_.push_back(std::move(shard));
  return made;
}

void ShardSet::Retire(Shard* shard) {
  absl::MutexLock lock(&mutex_);
  for (std::unique_ptr<Shard>& candidate : live_) {
    if (candidate.get() != shard) continue;
    for (size_t i = 0; i < ended_.size(); ++i) {
      ended_[i] += shard->counters[i].load(std::memory_order_relaxed);
    }
    std::swap(candidate, live_.back());
    live_.pop_back();
    return;
  }
}

void ShardSet::Sum(ShardCounts* sum) const {
  absl::MutexLock lock(&mutex_);
  *sum = ended_;
  for (const std::unique_ptr<Shard>& shard : live_) {
    for (size_t i = 0; i < sum->size(); ++i) {
      (*sum)[i] += shard->counters[i].load(std::memory_order_relaxed);
    }
  }
}

size_t ShardSet::live() const {
  absl::MutexLock lock(&mutex_);
  return live_.size();
}

uint32_t ShardSet::NextDistance(Shard* shard) const {
  const uint32_t one_in = this->one_in();
  if (one_in == 1) return 1;
  // A linear congruential step (Knuth's MMIX constants), of which the upper,
  // better half is used.
  shard->random = shard->random * 6364136223846793005u + 1442695040888963407u;
  uint64_t range = 2 * uint64_t{one_in} - 1;
  return 1 + static_cast<uint32_t>(((shard->random >> 32) * range) >> 32);
}

}  // namespace rocktune
