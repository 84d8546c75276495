// The flushes and compactions that have begun and not ended, as the listener
// saw them. RocksDB before 9.11.1 re-installs, at the end of such a job, the
// options it had at its beginning: whoever sets options must know when all
// jobs in flight at that time are over.
#ifndef ROCKTUNE_HOOKS_RUNNING_JOBS_H_
#define ROCKTUNE_HOOKS_RUNNING_JOBS_H_

#include <array>
#include <atomic>
#include <cstdint>

namespace rocktune {

// Names one job: RocksDB's job id is unique within a database only, and an
// atomic flush uses one id for several column families.
struct JobKey {
  const void* db = nullptr;
  int job_id = 0;
  uint32_t column_family_id = 0;
  uint64_t thread_id = 0;  // not part of the identity
};

// Lock-free and without allocation; any number of threads.
class RunningJobs {
 public:
  static constexpr int kCapacity = 64;  // far above any max_background_jobs

  // The jobs that were running at one moment.
  struct Snapshot {
    std::array<uint64_t, kCapacity> tokens{};
    int count = 0;
    // False when more jobs ran than the table holds, or one was just being
    // entered: then all count as ended only when none runs at all.
    bool complete = true;
  };

  // A job that begins on a thread ends what that thread did before: RocksDB
  // announces no end for a job that failed.
  void Begin(const JobKey& job);
  void End(const JobKey& job);

  Snapshot Take() const;

  // True when no job of `snapshot` is running any more. A failed job whose
  // thread never runs another stays for ever; the caller should also take
  // "rocksdb.num-running-flushes" and "-compactions" both 0 for an answer.
  bool AllEnded(const Snapshot& snapshot) const;

  int running() const;

 private:
  static constexpr uint64_t kFree = 0;
  static constexpr uint64_t kClaimed = 1;  // being written
  struct Slot {
    std::atomic<uint64_t> token{kFree};  // unique, never used again
    std::atomic<const void*> db{nullptr};
    std::atomic<int> job_id{0};
    std::atomic<uint32_t> column_family_id{0};
    std::atomic<uint64_t> thread_id{0};
  };

  void EndOthersOfThread(const JobKey& job);

  std::array<Slot, kCapacity> slots_;
  std::atomic<uint64_t> next_token_{kClaimed + 1};
  std::atomic<int> untracked_{0};  // running jobs that found no slot
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_RUNNING_JOBS_H_
