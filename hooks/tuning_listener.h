// Our rocksdb::EventListener: turns callbacks into fixed-size facts in a
// bounded ring, and knows which flushes and compactions are running.
#ifndef ROCKTUNE_HOOKS_TUNING_LISTENER_H_
#define ROCKTUNE_HOOKS_TUNING_LISTENER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "hooks/event_ring.h"
#include "hooks/families_seen.h"
#include "hooks/running_jobs.h"
#include "policy/window.h"
#include "rocksdb/listener.h"

namespace rocktune {

class TuningStatistics;

// Thread-safe unless said otherwise. A callback copies numbers and returns:
// no lock, allocation, log or database call (the end of a column family's
// handle, below, is the exception).
class TuningListener : public rocksdb::EventListener {
 public:
  // `statistics` is the other half of the instrumentation; may be null.
  TuningListener(std::shared_ptr<TuningStatistics> statistics,
                 uint32_t ring_capacity);
  ~TuningListener() override;

  const std::shared_ptr<TuningStatistics>& statistics() const {
    return statistics_;
  }

  // Writes into window->events what happened since the previous call (or
  // since construction). One thread at a time.
  void Drain(Window* window);

  // The flushes and compactions running now.
  RunningJobs& jobs() { return jobs_; }
  const RunningJobs& jobs() const { return jobs_; }

  // Column families named in events so far, also those created after
  // attach. Bounded; kept until the listener dies.
  std::vector<SeenFamily> FamiliesSeen() const { return families_.List(); }

  // True when events of more than one database came in: the host opened
  // several with one copy of the options, and the windows are their sum.
  bool SharedByDatabases() const { return families_.databases() > 1; }

  // `callback` runs on the host's thread when the host begins to delete a
  // handle (and when the database is closed), before the handle dies; it may
  // wait a moment. Replacing or clearing (nullptr) it waits until no call to
  // the old one is running, so do not replace it from inside.
  using HandleCallback = std::function<void(rocksdb::ColumnFamilyHandle*)>;
  void OnHandleDeletion(HandleCallback callback);

  // rocksdb::EventListener.
  const char* Name() const override { return "rocktune.TuningListener"; }
  void OnFlushBegin(rocksdb::DB* db, const rocksdb::FlushJobInfo& i) override;
  void OnFlushCompleted(rocksdb::DB* db,
                        const rocksdb::FlushJobInfo& i) override;
  void OnCompactionBegin(rocksdb::DB* db,
                         const rocksdb::CompactionJobInfo& i) override;
  void OnCompactionCompleted(rocksdb::DB* db,
                             const rocksdb::CompactionJobInfo& i) override;
  void OnTableFileCreated(const rocksdb::TableFileCreationInfo& i) override;
  void OnStallConditionsChanged(const rocksdb::WriteStallInfo& i) override;
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                         rocksdb::Status* status) override;
  void OnColumnFamilyHandleDeletionStarted(
      rocksdb::ColumnFamilyHandle* handle) override;

 private:
  const std::shared_ptr<TuningStatistics> statistics_;
  EventRing ring_;
  RunningJobs jobs_;
  FamiliesSeenTable families_;
  absl::Mutex handle_mutex_;
  HandleCallback handle_callback_ ABSL_GUARDED_BY(handle_mutex_);
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_TUNING_LISTENER_H_
