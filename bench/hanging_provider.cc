#include "bench/hanging_provider.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace rocktune::bench {
namespace {

struct HangRow {
  Hang hang;
  absl::string_view name;
  absl::string_view scheme;  // empty: nobody listens
  int backlog;
  int fillers;  // connections that wait in it
};
// A backlog of 0 holds one connection; the second is dropped already.
constexpr HangRow kRows[] = {
    {Hang::kConnect, "connect", "http", 0, 8},
    {Hang::kTls, "tls", "https", 64, 0},
    {Hang::kReply, "reply", "http", 64, 0},
    {Hang::kDns, "dns", "", 0, 0},
};
constexpr Hang kAll[] = {Hang::kConnect, Hang::kTls, Hang::kReply, Hang::kDns};

// .invalid never resolves (RFC 2606).
constexpr char kUnknownHost[] = "https://rocktune.invalid";

constexpr int kPollMs = 100;

const HangRow& RowOf(Hang hang) {
  for (const HangRow& row : kRows) {
    if (row.hang == hang) return row;
  }
  return kRows[0];
}

absl::Status NoSocket() {
  return absl::UnavailableError(
      absl::StrCat("no listener: ", std::strerror(errno)));
}

}  // namespace

absl::string_view ToString(Hang hang) { return RowOf(hang).name; }

absl::StatusOr<Hang> ParseHang(absl::string_view name) {
  for (const HangRow& row : kRows) {
    if (row.name == name) return row.hang;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no hang ", name, ": connect, tls, reply or dns"));
}

absl::Span<const Hang> AllHangs() { return kAll; }

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

absl::StatusOr<std::unique_ptr<HangingProvider>> HangingProvider::Start(
    Hang hang) {
  std::unique_ptr<HangingProvider> provider(new HangingProvider);
  const HangRow& row = RowOf(hang);
  if (row.scheme.empty()) {
    provider->base_url_ = kUnknownHost;
    return provider;
  }
  constexpr int kKind = SOCK_STREAM | SOCK_CLOEXEC;
  provider->listener_ = Descriptor(::socket(AF_INET, kKind, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t bytes = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const int listener = provider->listener_.get();
  if (::bind(listener, generic, bytes) != 0 ||
      ::listen(listener, row.backlog) != 0 ||
      ::getsockname(listener, generic, &bytes) != 0) {
    return NoSocket();
  }
  for (int i = 0; i < row.fillers; ++i) {
    Descriptor filler(::socket(AF_INET, kKind | SOCK_NONBLOCK, 0));
    if (::connect(filler.get(), generic, bytes) != 0 && errno != EINPROGRESS) {
      return NoSocket();
    }
    provider->fillers_.push_back(std::move(filler));
  }
  provider->base_url_ =
      absl::StrCat(row.scheme, "://127.0.0.1:", ntohs(address.sin_port));
  if (hang == Hang::kReply) {
    provider->thread_ = std::thread([raw = provider.get()] { raw->ReadAll(); });
  }
  return provider;
}

HangingProvider::~HangingProvider() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void HangingProvider::ReadAll() {
  Descriptor connection;
  char buffer[4096];
  while (!stop_) {
    const bool connected = connection.get() >= 0;
    pollfd ready{connected ? connection.get() : listener_.get(), POLLIN, 0};
    if (::poll(&ready, 1, kPollMs) <= 0) continue;
    if (!connected) {
      connection = Descriptor(
          ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    } else if (::recv(connection.get(), buffer, sizeof(buffer), 0) <= 0) {
      connection = Descriptor();  // the caller gave up
    }
  }
}

}  // namespace rocktune::bench
