// Sockets that listen on loopback, for fakes.
#ifndef ROCKTUNE_TESTS_FAKES_LOOPBACK_H_
#define ROCKTUNE_TESTS_FAKES_LOOPBACK_H_

#include <cstdint>
#include <string>

namespace rocktune {

// Descriptors that do not block; whoever calls owns them. Each throws
// std::runtime_error when the system refuses.
struct Listener {
  int fd = -1;
  uint16_t port = 0;  // 0 for a unix socket
};
Listener ListenOnTcp(const std::string& address, uint16_t port, int backlog);
Listener ListenOnUnix(const std::string& path);

// A socket that has begun to connect there.
int BeginConnect(const std::string& address, uint16_t port);

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_FAKES_LOOPBACK_H_
