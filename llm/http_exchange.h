// One HTTP request and its reply as plain data: what the dialects write and
// read, and what the transport carries.
#ifndef ROCKTUNE_LLM_HTTP_EXCHANGE_H_
#define ROCKTUNE_LLM_HTTP_EXCHANGE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "llm/model_call.h"

namespace rocktune {

// Where requests go: "https://host[:port]/path", "http://..." to loopback
// only, or "unix:/path/of/socket:/path". Parsed once, from the configuration.
struct Endpoint {
  enum class Kind { kHttps, kHttp, kUnix };
  Kind kind = Kind::kHttps;
  std::string host;         // name or address without brackets; kUnix: empty
  uint16_t port = 443;      // kUnix: 0
  std::string socket_path;  // kUnix only
  std::string base_path;    // "" or "/v1": no slash at the end
};

// InvalidArgument with the reason: another scheme, credentials or a fragment
// in the URL, http to anything but loopback, a control character.
absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view url);

// A header may hold a secret (the key): nothing prints, logs or records the
// values of headers named in `secret_headers`.
struct HttpRequest {
  Endpoint endpoint;
  std::string target;  // path and query, from "/" on
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> secret_headers;
  std::string body;
};

struct HttpReply {
  int status = 0;
  // Names in lower case, values as sent, at most 16 KiB together.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  // at most 256 KiB

  // The first value of the header (its name in lower case), or nullptr.
  const std::string* Header(absl::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return &value;
    }
    return nullptr;
  }
};

// What the transport says: a whole reply, whatever its status, or why there
// is none. `failure` is kTimeout, kNetwork, kTls or kInvalidReply (broken
// HTTP, a limit exceeded) then, and `error` one printable line without
// secrets.
struct HttpResult {
  CallOutcome failure = CallOutcome::kOk;
  std::string error;
  bool sent = true;  // false: nobody can have seen any of the request
  HttpReply reply;   // only with failure == kOk
  bool ok() const { return failure == CallOutcome::kOk; }
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_HTTP_EXCHANGE_H_
