#include "tests/fakes/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace rocktune {
namespace {

constexpr int kFlags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
constexpr int kBacklog = 64;

void Check(bool works, const char* what) {
  if (!works) throw std::runtime_error(std::string(what) + strerror(errno));
}

sockaddr_in AddressOf(const std::string& address, uint16_t port) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_port = htons(port);
  Check(inet_pton(AF_INET, address.c_str(), &made.sin_addr) == 1, "address: ");
  return made;
}

template <typename Address>
const sockaddr* Plain(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

Listener ListenOnTcp(const std::string& address, uint16_t port, int backlog) {
  Listener listener;
  listener.fd = socket(AF_INET, kFlags, 0);
  Check(listener.fd >= 0, "socket: ");
  const int yes = 1;
  setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in bound = AddressOf(address, port);
  socklen_t size = sizeof(bound);
  Check(bind(listener.fd, Plain(bound), size) == 0, "bind: ");
  Check(listen(listener.fd, backlog) == 0, "listen: ");
  getsockname(listener.fd, reinterpret_cast<sockaddr*>(&bound), &size);
  listener.port = ntohs(bound.sin_port);
  return listener;
}

Listener ListenOnUnix(const std::string& path) {
  Listener listener;
  sockaddr_un bound{};
  bound.sun_family = AF_UNIX;
  if (path.size() >= sizeof(bound.sun_path)) {
    throw std::runtime_error("path too long: " + path);
  }
  std::memcpy(bound.sun_path, path.c_str(), path.size() + 1);
  unlink(path.c_str());
  listener.fd = socket(AF_UNIX, kFlags, 0);
  Check(listener.fd >= 0, "socket: ");
  Check(bind(listener.fd, Plain(bound), sizeof(bound)) == 0, "bind: ");
  Check(listen(listener.fd, kBacklog) == 0, "listen: ");
  return listener;
}

int BeginConnect(const std::string& address, uint16_t port) {
  const int fd = socket(AF_INET, kFlags, 0);
  Check(fd >= 0, "socket: ");
  const sockaddr_in to = AddressOf(address, port);
  (void)connect(fd, Plain(to), sizeof(to));
  return fd;
}

}  // namespace rocktune
