// What the admin server passes on of an HTTP request, and what it sends back.
// No socket here, so that routes can be tested without one.
#ifndef ROCKTUNE_SIDECAR_ADMIN_MESSAGE_H_
#define ROCKTUNE_SIDECAR_ADMIN_MESSAGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rocktune {

struct AdminRequest {
  std::string method;  // "GET"
  std::string target;  // path and query, as sent
  std::string body;
  uint32_t uid = 0;         // of the peer
  bool may_change = false;  // false: a viewer
};

struct AdminResponse {
  int http_status = 200;
  std::string body;   // JSON
  std::string allow;  // methods, with status 405
};

// Called exactly once.
using AdminDone = absl::AnyInvocable<void(AdminResponse)>;

struct AdminTarget {
  std::vector<std::string> path;  // segments, percent-decoded
  std::map<std::string, std::string> query;
};

// kInvalidArgument: not a path, bad percent-encoding, a key given twice.
absl::StatusOr<AdminTarget> ParseTarget(absl::string_view target);

// For clients: everything but letters, digits and "-._~" percent-encoded.
std::string PercentEncoded(absl::string_view text);

// "failed_precondition" and so on: the "code" of an error body.
absl::string_view ErrorCodeName(absl::StatusCode code);

// {"error":{"code":...,"message":...}} with the HTTP status of its code.
AdminResponse ErrorResponse(const absl::Status& status);

// The same for what only HTTP knows: 405, 408, 413, 431.
AdminResponse HttpErrorResponse(int http_status, absl::string_view code,
                                absl::string_view message);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_ADMIN_MESSAGE_H_
