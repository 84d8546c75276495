// The thread for what may block: reading the database's state, the history,
// the host's log. Nothing on the loop thread ever waits for it.
#ifndef ROCKTUNE_SIDECAR_WORKER_H_
#define ROCKTUNE_SIDECAR_WORKER_H_

#include <deque>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace rocktune {

// Runs tasks one after the other, in the order posted. Thread-safe.
class Worker {
 public:
  using Task = absl::AnyInvocable<void()>;

  Worker();
  // Runs what was posted before, then ends.
  ~Worker();
  Worker(const Worker&) = delete;

  // False, and the task is dropped, when kLimit tasks wait already.
  [[nodiscard]] bool Post(Task task);

  // Tasks that may wait. Sampling posts one task a window per database, so
  // this many mean that something has been stuck for minutes.
  static constexpr size_t kLimit = 10000;

 private:
  void Run();

  absl::Mutex mutex_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses the members above
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_WORKER_H_
