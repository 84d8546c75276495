// Host names to addresses without ever waiting: getaddrinfo can neither be
// cancelled nor given a deadline, so it runs on a thread that nobody joins.
#ifndef ROCKTUNE_LLM_NAME_RESOLVER_H_
#define ROCKTUNE_LLM_NAME_RESOLVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

namespace rocktune {

// Addresses as text ("127.0.0.1", "::1"), the best first. May block for as
// long as it likes; is called on a thread of its own and owns what it uses.
using Resolve = std::function<absl::StatusOr<std::vector<std::string>>(
    const std::string& host)>;

// getaddrinfo. Unavailable when the name is unknown or nobody can be asked.
absl::StatusOr<std::vector<std::string>> SystemResolve(const std::string& host);

// One look-up, shared by the thread that makes it and whoever waits for it:
// the last of the two frees it. Thread-safe.
class Lookup {
 public:
  using Result = absl::StatusOr<std::vector<std::string>>;

  explicit Lookup(int event_fd) : event_fd_(event_fd) {}
  ~Lookup();
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  // Readable once the look-up has ended. Owned by *this.
  int event_fd() const { return event_fd_; }
  bool ended() const;
  Result result() const;  // Unavailable before the end

  void End(Result result);  // by the thread, once

 private:
  const int event_fd_;
  mutable absl::Mutex mutex_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  Result result_ ABSL_GUARDED_BY(mutex_) = absl::UnavailableError("not yet");
};

// Makes one look-up at a time. Thread-compatible. Destroying it does not wait:
// a look-up that hangs keeps its thread, and nothing of ours, until it ends.
class NameResolver {
 public:
  explicit NameResolver(Resolve resolve) : resolve_(std::move(resolve)) {}

  // Unavailable while an earlier look-up still hangs, so that an outage of
  // name service costs one thread and not one a call; ResourceExhausted
  // without a thread or descriptor. In both cases try again later.
  absl::StatusOr<std::shared_ptr<Lookup>> Start(const std::string& host);

 private:
  const Resolve resolve_;
  std::shared_ptr<Lookup> latest_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_NAME_RESOLVER_H_
