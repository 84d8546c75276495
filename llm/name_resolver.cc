#include "llm/name_resolver.h"

#include <netdb.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

Lookup::Result ResolveGuarded(const Resolve& resolve, const std::string& host) {
  // An exception that left the thread would end the host.
  try {
    return resolve(host);
  } catch (const std::exception&) {
    return absl::ResourceExhaustedError("no memory to resolve a name");
  }
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SystemResolve(
    const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    const int reason = errno;
    return absl::UnavailableError(error == EAI_SYSTEM ? std::strerror(reason)
                                                      : gai_strerror(error));
  }
  std::vector<std::string> addresses;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof(text), nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      addresses.emplace_back(text);
    }
  }
  freeaddrinfo(found);
  return addresses;
}

Lookup::~Lookup() { close(event_fd_); }

bool Lookup::ended() const {
  absl::MutexLock lock(&mutex_);
  return ended_;
}

Lookup::Result Lookup::result() const {
  absl::MutexLock lock(&mutex_);
  return result_;
}

void Lookup::End(Result result) {
  absl::MutexLock lock(&mutex_);
  result_ = std::move(result);
  ended_ = true;
  // An event and no call into the loop: the loop may be gone by now. It cannot
  // fail: the counter is far from full.
  const uint64_t one = 1;
  (void)!write(event_fd_, &one, sizeof(one));
}

absl::StatusOr<std::shared_ptr<Lookup>> NameResolver::Start(
    const std::string& host) {
  if (latest_ != nullptr && !latest_->ended()) {
    return absl::UnavailableError("name resolution still stuck");
  }
  const int event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event_fd < 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no event: ", std::strerror(errno)));
  }
  auto lookup = std::make_shared<Lookup>(event_fd);
  try {
    std::thread thread([lookup, host, resolve = resolve_] {
      lookup->End(ResolveGuarded(resolve, host));
    });
    pthread_setname_np(thread.native_handle(), "rocktune-dns");
    thread.detach();
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no thread: ", error.what()));
  }
  latest_ = lookup;
  return lookup;
}

}  // namespace rocktune
