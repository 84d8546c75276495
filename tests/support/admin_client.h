// One HTTP request over a unix socket, blocking: what curl would do.
#ifndef ROCKTUNE_TESTS_SUPPORT_ADMIN_CLIENT_H_
#define ROCKTUNE_TESTS_SUPPORT_ADMIN_CLIENT_H_

#include <string>

namespace rocktune {

struct AdminReply {
  int status = 0;  // 0: no reply
  std::string body;
};

// An empty body makes a GET, another one a POST. Waits at most 20 s.
AdminReply AdminRequest(const std::string& socket_path,
                        const std::string& target,
                        const std::string& body = "");

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_SUPPORT_ADMIN_CLIENT_H_
