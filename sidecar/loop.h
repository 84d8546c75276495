// The one loop thread: timers, the admin socket and every decision.
#ifndef ROCKTUNE_SIDECAR_LOOP_H_
#define ROCKTUNE_SIDECAR_LOOP_H_

#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

namespace boost::asio {
class io_context;
}

namespace rocktune {

class Loop {
 public:
  using Task = absl::AnyInvocable<void()>;

  Loop();
  ~Loop();  // Stop()

  // Runs `task` on the loop thread, in the order posted. Thread-safe. A task
  // posted after Stop() is dropped.
  void Post(Task task);

  // Runs `task` and waits until it is done. Not from the loop thread.
  void PostAndWait(Task task);

  // Runs `tick` every `period`; call once, before or after the first Post. A
  // late tick is not made up for.
  void Every(absl::Duration period, Task tick);

  // Ends the thread after the task that runs; the rest is dropped. Idempotent.
  void Stop();

  boost::asio::io_context& context();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_LOOP_H_
