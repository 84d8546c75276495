// The flushes and compactions running at one moment, to be asked about later.
#ifndef ROCKTUNE_HOOKS_PENDING_JOBS_H_
#define ROCKTUNE_HOOKS_PENDING_JOBS_H_

#include <mutex>
#include <optional>

#include "hooks/running_jobs.h"
#include "rocksdb/db.h"

namespace rocktune {

// Thread-safe. `running` is the listener's registry, or null without one: then
// the jobs count as ended when no job at all was seen running.
class PendingJobs {
 public:
  PendingJobs() : ended_(true) {}  // of a database that is gone
  PendingJobs(rocksdb::DB* db, const RunningJobs* running);

  // Asks again, so call it while the database is there. Once true, always
  // true.
  bool AllEnded(rocksdb::DB* db, const RunningJobs* running) const;

 private:
  RunningJobs::Snapshot jobs_;
  // A job copies its options a moment before it is announced, and some (a
  // file that is only moved down) are not announced at all. When RocksDB
  // counts more jobs than were announced, the list is taken once more at the
  // second question (the first may come in the same microsecond): what had
  // begun before is announced or over by then.
  bool unannounced_ = false;
  mutable std::mutex mutex_;
  mutable int questions_ = 0;                               // guarded by mutex_
  mutable bool ended_ = false;                              // guarded by mutex_
  mutable std::optional<RunningJobs::Snapshot> late_jobs_;  // guarded by mutex_
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_PENDING_JOBS_H_
