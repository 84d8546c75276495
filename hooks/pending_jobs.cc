#include "hooks/pending_jobs.h"

#include "hooks/lsm_sampler.h"

namespace rocktune {
namespace {

uint64_t RunningCount(rocksdb::DB* db) {
  using Properties = rocksdb::DB::Properties;
  return ReadProperty(db, nullptr, Properties::kNumRunningFlushes) +
         ReadProperty(db, nullptr, Properties::kNumRunningCompactions);
}

}  // namespace

PendingJobs::PendingJobs(rocksdb::DB* db, const RunningJobs* running) {
  // The count first: a job announced between the two is in the list then.
  const uint64_t count = RunningCount(db);
  if (running != nullptr) jobs_ = running->Take();
  unannounced_ = count > static_cast<uint64_t>(jobs_.count);
  ended_ = count == 0 && jobs_.count == 0;
}

bool PendingJobs::AllEnded(rocksdb::DB* db, const RunningJobs* running) const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (ended_) return true;
  // Also the way out for a job that failed and was never announced as ended.
  if (RunningCount(db) == 0) {
    ended_ = true;
  } else if (running != nullptr) {
    if (unannounced_ && ++questions_ == 2) late_jobs_ = running->Take();
    ended_ = running->AllEnded(jobs_) &&
             (!unannounced_ || (late_jobs_ && running->AllEnded(*late_jobs_)));
  }
  return ended_;
}

}  // namespace rocktune
