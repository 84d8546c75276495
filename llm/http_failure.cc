#include "llm/http_failure.h"

#include "absl/strings/str_cat.h"
#include "boost/asio/error.hpp"
#include "boost/asio/ssl/error.hpp"
#include "boost/beast/http/error.hpp"
#include "llm/error_line.h"

namespace rocktune {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

struct KnownError {
  error_code error;
  CallOutcome outcome;
  absl::string_view why;
};

constexpr absl::string_view kClosed = "closed before the reply was complete";

// Errors whose own text or kind would mislead.
const KnownError* FindKnown(const error_code& error) {
  static const KnownError kKnown[] = {
      {boost::asio::error::eof, CallOutcome::kNetwork, kClosed},
      {boost::asio::ssl::error::stream_truncated, CallOutcome::kNetwork,
       kClosed},
      {http::error::end_of_stream, CallOutcome::kNetwork, kClosed},
      {http::error::partial_message, CallOutcome::kNetwork, kClosed},
      {http::error::header_limit, CallOutcome::kInvalidReply,
       "headers larger than 16 KiB"},
      {http::error::buffer_overflow, CallOutcome::kInvalidReply,
       "a line or the headers larger than 16 KiB"},
      {http::error::body_limit, CallOutcome::kInvalidReply,
       "body larger than 256 KiB"},
  };
  for (const KnownError& known : kKnown) {
    if (known.error == error) return &known;
  }
  return nullptr;
}

}  // namespace

absl::string_view ToString(HttpPhase phase) {
  switch (phase) {
    case HttpPhase::kResolve:
      return "resolve";
    case HttpPhase::kConnect:
      return "connect";
    case HttpPhase::kProxy:
      return "proxy CONNECT";
    case HttpPhase::kTls:
      return "TLS handshake";
    case HttpPhase::kSend:
      return "send";
    case HttpPhase::kWait:
      return "wait for reply";
    case HttpPhase::kRead:
      return "read reply";
  }
  return "?";
}

HttpResult Failure(CallOutcome outcome, const HttpPlace& place,
                   absl::string_view why) {
  HttpResult result;
  result.failure = outcome;
  result.sent = place.phase >= HttpPhase::kSend;
  result.error = ErrorLine(
      absl::StrCat(ToString(place.phase), ": ", place.peer, ": ", why));
  return result;
}

HttpResult TimeoutFailure(const HttpPlace& place, absl::Duration limit) {
  return Failure(CallOutcome::kTimeout, place,
                 absl::StrCat("no end within ", absl::FormatDuration(limit)));
}

HttpResult FailureOf(const error_code& error, const HttpPlace& place,
                     const std::string& certificate_trouble) {
  static const auto& tls = boost::asio::error::get_ssl_category();
  const error_code broken = http::error::bad_version;  // for its category
  if (error.category() == tls && !certificate_trouble.empty()) {
    return Failure(CallOutcome::kTls, place,
                   absl::StrCat("certificate refused: ", certificate_trouble));
  }
  if (const KnownError* known = FindKnown(error)) {
    return Failure(known->outcome, place, known->why);
  }
  if (error.category() == tls) {
    return Failure(CallOutcome::kTls, place, error.message());
  }
  if (error.category() == broken.category()) {
    return Failure(CallOutcome::kInvalidReply, place,
                   absl::StrCat("broken HTTP: ", error.message()));
  }
  return Failure(CallOutcome::kNetwork, place, error.message());
}

}  // namespace rocktune
