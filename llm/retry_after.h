// How long a server asks to wait.
#ifndef ROCKTUNE_LLM_RETRY_AFTER_H_
#define ROCKTUNE_LLM_RETRY_AFTER_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "llm/http_exchange.h"

namespace rocktune {

// From the headers, the most exact first: Retry-After-Ms, Retry-After as
// seconds (whole or not) or as a date. What is garbage or lies in the past is
// as if not there; how much is too much decides the retry policy.
std::optional<absl::Duration> ReadRetryAfter(const HttpReply& reply,
                                             absl::Time now);

// "34s" or "34.07s", as Google's RetryInfo has it.
std::optional<absl::Duration> ReadRetryDelay(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_RETRY_AFTER_H_
