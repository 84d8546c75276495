#include "hooks/running_jobs.h"

namespace rocktune {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

void RunningJobs::Begin(const JobKey& job) {
  EndOthersOfThread(job);
  for (Slot& slot : slots_) {
    uint64_t expected = kFree;
    if (slot.token.load(kRelaxed) != kFree ||
        !slot.token.compare_exchange_strong(expected, kClaimed,
                                            std::memory_order_acquire)) {
      continue;
    }
    slot.db.store(job.db, kRelaxed);
    slot.job_id.store(job.job_id, kRelaxed);
    slot.column_family_id.store(job.column_family_id, kRelaxed);
    slot.thread_id.store(job.thread_id, kRelaxed);
    slot.token.store(next_token_.fetch_add(1, kRelaxed),
                     std::memory_order_release);
    return;
  }
  untracked_.fetch_add(1, kRelaxed);
}

void RunningJobs::End(const JobKey& job) {
  for (Slot& slot : slots_) {
    uint64_t token = slot.token.load(std::memory_order_acquire);
    if (token <= kClaimed || slot.db.load(kRelaxed) != job.db ||
        slot.job_id.load(kRelaxed) != job.job_id ||
        slot.column_family_id.load(kRelaxed) != job.column_family_id) {
      continue;
    }
    // Fails when somebody else freed the slot meanwhile, which ended the job
    // as well.
    slot.token.compare_exchange_strong(token, kFree, std::memory_order_release);
    return;
  }
  // Not in the table: one of those that found no room, if there are any.
  int untracked = untracked_.load(kRelaxed);
  while (untracked > 0 &&
         !untracked_.compare_exchange_weak(untracked, untracked - 1)) {
  }
}

void RunningJobs::EndOthersOfThread(const JobKey& job) {
  if (job.thread_id == 0) return;
  for (Slot& slot : slots_) {
    uint64_t token = slot.token.load(std::memory_order_acquire);
    if (token <= kClaimed || slot.thread_id.load(kRelaxed) != job.thread_id) {
      continue;
    }
    // An atomic flush begins one job for several families.
    if (slot.db.load(kRelaxed) == job.db &&
        slot.job_id.load(kRelaxed) == job.job_id) {
      continue;
    }
    slot.token.compare_exchange_strong(token, kFree, std::memory_order_release);
  }
}

RunningJobs::Snapshot RunningJobs::Take() const {
  Snapshot snapshot;
  snapshot.complete = untracked_.load(std::memory_order_acquire) == 0;
  for (const Slot& slot : slots_) {
    uint64_t token = slot.token.load(std::memory_order_acquire);
    if (token == kFree) continue;
    if (token == kClaimed) {
      // Begins right now: it may or may not count, so it does.
      snapshot.complete = false;
      continue;
    }
    snapshot.tokens[static_cast<size_t>(snapshot.count++)] = token;
  }
  return snapshot;
}

bool RunningJobs::AllEnded(const Snapshot& snapshot) const {
  if (!snapshot.complete) return running() == 0;
  for (const Slot& slot : slots_) {
    uint64_t token = slot.token.load(std::memory_order_acquire);
    if (token <= kClaimed) continue;
    for (int i = 0; i < snapshot.count; ++i) {
      if (snapshot.tokens[static_cast<size_t>(i)] == token) return false;
    }
  }
  return true;
}

int RunningJobs::running() const {
  int running = untracked_.load(std::memory_order_acquire);
  for (const Slot& slot : slots_) {
    if (slot.token.load(std::memory_order_acquire) != kFree) ++running;
  }
  return running;
}

}  // namespace rocktune
