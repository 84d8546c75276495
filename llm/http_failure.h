// Why an exchange ended without a reply: from an error of the network, TLS or
// HTTP to the class a caller reacts to and one line a person can read. Pure.
#ifndef ROCKTUNE_LLM_HTTP_FAILURE_H_
#define ROCKTUNE_LLM_HTTP_FAILURE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "boost/system/error_code.hpp"
#include "llm/http_exchange.h"

namespace rocktune {

// What an exchange does, in this order.
enum class HttpPhase {
  kResolve,
  kConnect,
  kProxy,  // asking it for a tunnel
  kTls,
  kSend,
  kWait,  // for the first byte of the reply
  kRead,
};
absl::string_view ToString(HttpPhase phase);

// Where an exchange was: the phase, and with whom.
struct HttpPlace {
  HttpPhase phase = HttpPhase::kResolve;
  std::string peer;
};

// "<phase>: <peer>: <why>", printable and at most 300 bytes.
HttpResult Failure(CallOutcome outcome, const HttpPlace& place,
                   absl::string_view why);

// kTimeout: no end within `limit`.
HttpResult TimeoutFailure(const HttpPlace& place, absl::Duration limit);

// By the error's kind: kTls for TLS, kInvalidReply for broken HTTP and
// exceeded limits, kNetwork for all else, a reply that stops early included.
// `certificate_trouble` are the words for a refused certificate, or empty.
HttpResult FailureOf(const boost::system::error_code& error,
                     const HttpPlace& place,
                     const std::string& certificate_trouble = "");

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_HTTP_FAILURE_H_
