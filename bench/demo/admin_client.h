// One request to rocktune's admin socket, blocking: what curl would do.
#ifndef ROCKTUNE_BENCH_DEMO_ADMIN_CLIENT_H_
#define ROCKTUNE_BENCH_DEMO_ADMIN_CLIENT_H_

#include <boost/json/object.hpp>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace rocktune {

struct AdminReply {
  int http_status = 0;
  boost::json::object body;
};

// Immutable; may be used by several threads.
class AdminClient {
 public:
  explicit AdminClient(std::string socket_path)
      : socket_path_(std::move(socket_path)) {}

  // Replies of every HTTP status are replies. Unavailable without one within
  // 30 s (a rollback replies after its read-back), Internal when it is no JSON
  // object.
  absl::StatusOr<AdminReply> Get(const std::string& target) const;
  absl::StatusOr<AdminReply> Post(const std::string& target,
                                  const boost::json::object& body) const;

 private:
  absl::StatusOr<AdminReply> Exchange(const std::string& request) const;

  std::string socket_path_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_ADMIN_CLIENT_H_
