// One exchange with the admin socket, blocking and with a deadline.
#ifndef ROCKTUNE_SIDECAR_CLI_CLIENT_H_
#define ROCKTUNE_SIDECAR_CLI_CLIENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rocktune::cli {

struct HttpRequest {
  std::string method = "GET";
  std::string target;
  std::string body;
};

struct HttpReply {
  int http_status = 0;
  std::string body;
};

// Longest answer that is read.
inline constexpr size_t kLongestReply = 64 << 20;

// Connects, asks, reads the answer, closes; all within `limit`. kUnavailable:
// nobody answers there, or not to this user. kDeadlineExceeded. kDataLoss: the
// answer is not HTTP.
absl::StatusOr<HttpReply> Exchange(const std::string& socket_path,
                                   const HttpRequest& request,
                                   absl::Duration limit);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_CLIENT_H_
