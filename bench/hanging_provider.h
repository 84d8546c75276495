// Providers of a model that never answer, each stuck at another step.
#ifndef ROCKTUNE_BENCH_HANGING_PROVIDER_H_
#define ROCKTUNE_BENCH_HANGING_PROVIDER_H_

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rocktune::bench {

// Where the call gets stuck.
enum class Hang {
  kConnect,  // the listener's backlog is full
  kTls,      // connected, and no answer to the first TLS message
  kReply,    // plain http: the request is read, and that is all
  kDns,  // a name that does not exist: hangs or fails, as the machine has it
};
absl::string_view ToString(Hang hang);
// InvalidArgument with the known names.
absl::StatusOr<Hang> ParseHang(absl::string_view name);
absl::Span<const Hang> AllHangs();

// A file descriptor that closes itself; -1: none.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }

 private:
  int fd_;
};

// On a port of 127.0.0.1 until it dies, which takes up to 100 ms.
class HangingProvider {
 public:
  // Unavailable when the system gives no socket.
  static absl::StatusOr<std::unique_ptr<HangingProvider>> Start(Hang hang);
  ~HangingProvider();

  // For Config::llm.base_url.
  const std::string& base_url() const { return base_url_; }

 private:
  HangingProvider() = default;
  void ReadAll();  // connection after connection, on thread_

  std::string base_url_;
  Descriptor listener_;
  std::vector<Descriptor> fillers_;  // of the backlog
  std::atomic<bool> stop_{false};
  std::thread thread_;  // kReply alone
};

}  // namespace rocktune::bench

#endif  // ROCKTUNE_BENCH_HANGING_PROVIDER_H_
