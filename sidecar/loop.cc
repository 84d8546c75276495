#include "sidecar/loop.h"

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace rocktune {

namespace asio = boost::asio;

struct Loop::Impl {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{
      context.get_executor()};
  asio::steady_timer timer{context};
  std::chrono::nanoseconds period{};
  Task tick;
  std::thread thread;

  void Arm() {
    // Not "expiry + period": after a suspended machine wakes up, a burst of
    // ticks would make windows of no length.
    timer.expires_after(period);
    timer.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      tick();
      Arm();
    });
  }
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->context.run(); });
  pthread_setname_np(impl_->thread.native_handle(), "rocktune-loop");
}

Loop::~Loop() { Stop(); }

void Loop::Post(Task task) { asio::post(impl_->context, std::move(task)); }

void Loop::PostAndWait(Task task) {
  absl::Notification done;
  Post([&] {
    task();
    done.Notify();
  });
  done.WaitForNotification();
}

void Loop::Every(absl::Duration period, Task tick) {
  Post([this, period, tick = std::move(tick)]() mutable {
    impl_->period = absl::ToChronoNanoseconds(period);
    impl_->tick = std::move(tick);
    impl_->Arm();
  });
}

void Loop::Stop() {
  impl_->work.reset();
  impl_->context.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

asio::io_context& Loop::context() { return impl_->context; }

}  // namespace rocktune
