// What a server means when it does not answer: its status and error body as
// one of our classes of outcome.
#ifndef ROCKTUNE_LLM_REPLY_ERRORS_H_
#define ROCKTUNE_LLM_REPLY_ERRORS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "llm/http_exchange.h"
#include "llm/model_call.h"

namespace rocktune {

// The failure that `reply` tells of: another status than 2xx, or an error in
// the body of a good one (OpenRouter); none otherwise. The body may be
// anything: an object, a text (Ollama), a list of one (Gemini), a page of a
// proxy. Sets outcome, error, rejected_parameter and retry_after. Neither
// redacted nor cut: ReadReply does both for every reply.
std::optional<ModelReply> ReadError(const HttpReply& reply, absl::Time now);

// What an error body says, in pieces.
struct ErrorFacts {
  int status = 0;  // of HTTP; of the body when HTTP said 2xx; 0 = unknown
  std::vector<std::string> words;  // codes, types, reasons, as sent
  std::string message;
  std::string parameter;  // as the body names it; "" = it does not
  std::optional<absl::Duration> retry_after;
};

// By the tables of the providers: the rows are in reply_error_rows.cc.
CallOutcome OutcomeOf(const ErrorFacts& facts);

// The request parameter that the server rejected: as it names it, else the
// first one that stands in its message; "" without one.
std::string RejectedParameter(const ErrorFacts& facts);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_ERRORS_H_
