#include "sidecar/cli/client.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "policy/status_macros.h"
#include "sidecar/state_dir.h"

namespace rocktune::cli {
namespace {

// Between tries while the server's queue of connections is full.
constexpr int kRetryMs = 20;

absl::Status TimedOut() {
  return absl::DeadlineExceededError("no answer in time");
}

int MillisecondsLeft(absl::Time deadline) {
  const int64_t left = absl::ToInt64Milliseconds(deadline - absl::Now());
  return static_cast<int>(std::clamp<int64_t>(left, 0, 1 << 30));
}

// Waits until `fd` is ready for `events`.
absl::Status Await(int fd, short events, absl::Time deadline) {
  while (true) {
    pollfd ready{fd, events, 0};
    const int count = poll(&ready, 1, MillisecondsLeft(deadline));
    if (count > 0) return absl::OkStatus();
    if (count == 0) return TimedOut();
    if (errno != EINTR) return absl::ErrnoToStatus(errno, "cannot wait");
  }
}

// Through an open directory the path may be longer than a socket address.
absl::StatusOr<sockaddr_un> AddressOf(const std::string& path,
                                      const UniqueFd& directory, size_t slash) {
  std::string name = path;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof(address.sun_path)) {
    name = absl::StrCat("/proc/self/fd/", directory.get(), "/",
                        slash == path.npos ? path : path.substr(slash + 1));
  }
  if (name.size() >= sizeof(address.sun_path)) {
    return absl::UnavailableError(absl::StrCat("path too long: ", path));
  }
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  return address;
}

absl::Status Connect(int fd, const std::string& path, absl::Time deadline) {
  const size_t slash = path.rfind('/');
  const std::string directory_path =
      slash == path.npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
  const UniqueFd directory(
      open(directory_path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  ROCKTUNE_ASSIGN_OR_RETURN(const sockaddr_un address,
                            AddressOf(path, directory, slash));
  while (connect(fd, reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)) != 0) {
    if (errno != EAGAIN && errno != EINTR) {
      return absl::UnavailableError(
          absl::StrCat("cannot reach ", path, ": ", std::strerror(errno)));
    }
    if (MillisecondsLeft(deadline) == 0) return TimedOut();
    poll(nullptr, 0, kRetryMs);
  }
  return absl::OkStatus();
}

std::string RequestText(const HttpRequest& request) {
  std::string text =
      absl::StrCat(request.method, " ", request.target,
                   " HTTP/1.1\r\nHost: rocktune\r\nConnection: close\r\n");
  if (request.method != "GET") {
    absl::StrAppend(&text, "Content-Type: application/json\r\n",
                    "Content-Length: ", request.body.size(), "\r\n");
  }
  absl::StrAppend(&text, "\r\n", request.body);
  return text;
}

absl::Status SendAll(int fd, const std::string& text, absl::Time deadline) {
  for (size_t sent = 0; sent < text.size();) {
    ROCKTUNE_RETURN_IF_ERROR(Await(fd, POLLOUT, deadline));
    const ssize_t count = send(fd, text.data() + sent, text.size() - sent,
                               MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      sent += static_cast<size_t>(count);
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return absl::OkStatus();  // it closed early; maybe it said why
    } else if (errno != EAGAIN && errno != EINTR) {
      return absl::UnavailableError(
          absl::StrCat("cannot send: ", std::strerror(errno)));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadAll(int fd, absl::Time deadline) {
  std::string text;
  char bytes[16384];
  while (text.size() < kLongestReply) {
    ROCKTUNE_RETURN_IF_ERROR(Await(fd, POLLIN, deadline));
    const ssize_t count = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (count > 0) {
      text.append(bytes, static_cast<size_t>(count));
    } else if (count == 0 || errno == ECONNRESET) {
      return text;
    } else if (errno != EAGAIN && errno != EINTR) {
      return absl::UnavailableError(
          absl::StrCat("cannot read: ", std::strerror(errno)));
    }
  }
  return absl::DataLossError("the answer is too long");
}

absl::StatusOr<HttpReply> ParseReply(const std::string& text) {
  if (text.empty()) {
    return absl::UnavailableError(
        "closed without an answer: the tuner stops, or this user is neither "
        "its own nor a viewer");
  }
  const size_t header_end = text.find("\r\n\r\n");
  const std::vector<absl::string_view> words =
      absl::StrSplit(absl::string_view(text).substr(0, text.find("\r\n")), ' ');
  HttpReply reply;
  if (header_end == text.npos || words.size() < 2 || words[0] != "HTTP/1.1" ||
      !absl::SimpleAtoi(words[1], &reply.http_status)) {
    return absl::DataLossError("the answer is not HTTP");
  }
  reply.body = text.substr(header_end + 4);
  for (absl::string_view line :
       absl::StrSplit(absl::string_view(text).substr(0, header_end), "\r\n")) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    size_t length = 0;
    if (absl::AsciiStrToLower(field.first) == "content-length" &&
        absl::SimpleAtoi(field.second, &length) &&
        length != reply.body.size()) {
      return absl::DataLossError("the answer was cut short");
    }
  }
  return reply;
}

}  // namespace

absl::StatusOr<HttpReply> Exchange(const std::string& socket_path,
                                   const HttpRequest& request,
                                   absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  const UniqueFd fd(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return absl::ErrnoToStatus(errno, "cannot make a socket");
  ROCKTUNE_RETURN_IF_ERROR(Connect(fd.get(), socket_path, deadline));
  ROCKTUNE_RETURN_IF_ERROR(SendAll(fd.get(), RequestText(request), deadline));
  ROCKTUNE_ASSIGN_OR_RETURN(const std::string text,
                            ReadAll(fd.get(), deadline));
  return ParseReply(text);
}

}  // namespace rocktune::cli
