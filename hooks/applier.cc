#include "hooks/applier.h"

#include <pthread.h>

#include <algorithm>
#include <deque>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "hooks/apply_run.h"

namespace rocktune {
namespace {

using Done = absl::AnyInvocable<void(ApplyReport)>;

// Far more than one open trial and a few operators ever need.
constexpr size_t kMaxWaiting = 64;

struct Task {
  AttachedDb* db = nullptr;
  ApplyRequest request;
  Done done;
  bool cancelled = false;
  bool is_poll = false;  // no request: set again what jobs may have reverted
};

ApplyReport NotDone(absl::Status status) {
  ApplyReport report;
  report.outcome = ApplyOutcome::kRefused;
  report.status = std::move(status);
  return report;
}

// What waits, of one database, for its jobs to end.
struct Pending {
  Reapply reapply;
  bool may_go_out_delayed = false;
  bool check_queued = false;
};

}  // namespace

struct Applier::Impl {
  explicit Impl(const Clock* clock) : gauge(clock) {}

  void Loop();
  void Work(Task task) ABSL_LOCKS_EXCLUDED(mutex);
  void Carry(Task task);
  void SetAgainIfEnded(AttachedDb* db);
  bool IsQueued(const AttachedDb* db) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  void Enqueue(Task task) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);

  CallGauge gauge;
  mutable absl::Mutex mutex;
  std::deque<Task> queue ABSL_GUARDED_BY(mutex);
  size_t waiting ABSL_GUARDED_BY(mutex) = 0;  // requests in `queue`
  const AttachedDb* working_on ABSL_GUARDED_BY(mutex) = nullptr;
  // Set by Forget() for the database being worked on.
  bool forget_current ABSL_GUARDED_BY(mutex) = false;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  std::map<const AttachedDb*, Pending> pending ABSL_GUARDED_BY(mutex);
  std::thread thread;  // last: it uses everything above
};

bool Applier::Impl::IsQueued(const AttachedDb* db) const {
  return std::any_of(queue.begin(), queue.end(), [db](const Task& task) {
    return task.db == db && !task.is_poll;
  });
}

void Applier::Impl::Enqueue(Task task) {
  if (!task.is_poll) ++waiting;
  if (!task.request.is_rollback) {
    queue.push_back(std::move(task));
    return;
  }
  // A change that came before its database's rollback must not come after it.
  for (Task& other : queue) {
    if (other.db == task.db && !other.is_poll && !other.request.is_rollback) {
      other.cancelled = true;
    }
  }
  auto place = std::find_if(queue.begin(), queue.end(), [](const Task& other) {
    return !other.request.is_rollback;
  });
  queue.insert(place, std::move(task));
}

void Applier::Impl::Loop() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    return stopping || !queue.empty();
  };
  while (true) {
    Task task;
    {
      absl::MutexLock lock(&mutex);
      mutex.Await(absl::Condition(&has_work));
      if (queue.empty()) return;
      task = std::move(queue.front());
      queue.pop_front();
      if (!task.is_poll) --waiting;
      if (stopping) task.cancelled = true;
      working_on = task.db;
      forget_current = false;
    }
    Work(std::move(task));
    absl::MutexLock lock(&mutex);
    if (forget_current) pending.erase(working_on);
    working_on = nullptr;
  }
}

void Applier::Impl::Work(Task task) {
  if (task.is_poll) {
    if (!task.cancelled) SetAgainIfEnded(task.db);
  } else if (task.cancelled) {
    task.done(NotDone(absl::CancelledError(
        "overtaken by a rollback, or the database is being let go")));
  } else {
    Carry(std::move(task));
  }
}

void Applier::Impl::Carry(Task task) {
  ApplyRun run(task.db, task.request, &gauge);
  ApplyReport report = run.Run();
  Reapply reapply = run.TakeReapply();
  {
    absl::MutexLock lock(&mutex);
    if (!reapply.keys.empty() && !forget_current) {
      Pending& entry = pending[task.db];
      entry.reapply.keys.merge(reapply.keys);
      entry.reapply.jobs.insert(entry.reapply.jobs.end(), reapply.jobs.begin(),
                                reapply.jobs.end());
      entry.may_go_out_delayed |=
          task.request.is_rollback || task.request.relieves_stall;
    }
    report.must_reapply = pending.count(task.db) > 0;
  }
  task.done(std::move(report));
}

void Applier::Impl::SetAgainIfEnded(AttachedDb* db) {
  Pending entry;
  {
    absl::MutexLock lock(&mutex);
    auto it = pending.find(db);
    if (it == pending.end()) return;
    it->second.check_queued = false;
    entry = it->second;
  }
  {
    const CallGauge::Inside inside(&gauge);
    for (const auto& jobs : entry.reapply.jobs) {
      if (!db->AllEnded(*jobs)) return;
    }
    const StallProximity proximity = db->Proximity();
    if (proximity.stopped) return;
    if (proximity.delayed && !entry.may_go_out_delayed) return;
  }
  SetAgain(db, entry.reapply.keys, &gauge);
  // Jobs that run now began after the first call and hold its values.
  absl::MutexLock lock(&mutex);
  pending.erase(db);
}

Applier::Applier(const Clock* clock) : impl_(std::make_unique<Impl>(clock)) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->Loop(); });
  pthread_setname_np(impl_->thread.native_handle(), "rocktune-apply");
}

Applier::~Applier() {
  {
    absl::MutexLock lock(&impl_->mutex);
    impl_->stopping = true;
  }
  impl_->thread.join();
}

void Applier::Submit(AttachedDb* db, ApplyRequest request, Done done) {
  {
    absl::MutexLock lock(&impl_->mutex);
    // Rollbacks find room where changes find none.
    const size_t room = request.is_rollback ? 2 * kMaxWaiting : kMaxWaiting;
    if (!impl_->stopping && impl_->waiting < room) {
      impl_->Enqueue({db, std::move(request), std::move(done)});
      return;
    }
  }
  done(NotDone(absl::ResourceExhaustedError(
      absl::StrCat(kMaxWaiting, " requests wait already: try again later"))));
}

void Applier::Poll(AttachedDb* db) {
  absl::MutexLock lock(&impl_->mutex);
  auto it = impl_->pending.find(db);
  if (it == impl_->pending.end() || it->second.check_queued) return;
  it->second.check_queued = true;
  Task task;
  task.db = db;
  task.is_poll = true;
  impl_->Enqueue(std::move(task));
}

bool Applier::Settled(const AttachedDb* db) const {
  absl::MutexLock lock(&impl_->mutex);
  return impl_->working_on != db && impl_->pending.count(db) == 0 &&
         !impl_->IsQueued(db);
}

void Applier::Forget(const AttachedDb* db) {
  absl::MutexLock lock(&impl_->mutex);
  for (Task& task : impl_->queue) {
    if (task.db == db) task.cancelled = true;
  }
  impl_->pending.erase(db);
  if (impl_->working_on == db) impl_->forget_current = true;
}

bool Applier::Busy(const AttachedDb* db) const {
  absl::MutexLock lock(&impl_->mutex);
  return impl_->working_on == db ||
         std::any_of(impl_->queue.begin(), impl_->queue.end(),
                     [db](const Task& task) { return task.db == db; });
}

void Applier::AwaitUnused(const AttachedDb* db) const {
  absl::MutexLock lock(&impl_->mutex);
  const auto unused = [this, db]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return impl_->working_on != db;
  };
  impl_->mutex.Await(absl::Condition(&unused));
}

absl::Duration Applier::InsideFor(absl::Time now) const {
  return impl_->gauge.InsideFor(now);
}

}  // namespace rocktune
