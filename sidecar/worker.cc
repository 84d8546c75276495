#include "sidecar/worker.h"

#include <pthread.h>

#include <utility>

namespace rocktune {

Worker::Worker() : thread_([this] { Run(); }) {
  pthread_setname_np(thread_.native_handle(), "rocktune-work");
}

Worker::~Worker() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  thread_.join();
}

bool Worker::Post(Task task) {
  absl::MutexLock lock(&mutex_);
  if (stop_ || tasks_.size() >= kLimit) return false;
  tasks_.push_back(std::move(task));
  return true;
}

void Worker::Run() {
  while (true) {
    Task task;
    {
      absl::MutexLock lock(&mutex_);
      auto ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return stop_ || !tasks_.empty();
      };
      mutex_.Await(absl::Condition(&ready));
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace rocktune
