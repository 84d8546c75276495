#include "llm/model_call.h"

namespace rocktune {

absl::string_view ToString(CallOutcome outcome) {
  switch (outcome) {
    case CallOutcome::kOk:
      return "ok";
    case CallOutcome::kRefused:
      return "refused";
    case CallOutcome::kTruncated:
      return "truncated";
    case CallOutcome::kInvalidReply:
      return "invalid_reply";
    case CallOutcome::kAuth:
      return "auth";
    case CallOutcome::kQuotaExhausted:
      return "quota_exhausted";
    case CallOutcome::kRateLimited:
      return "rate_limited";
    case CallOutcome::kOverloaded:
      return "overloaded";
    case CallOutcome::kBadRequest:
      return "bad_request";
    case CallOutcome::kNotFound:
      return "not_found";
    case CallOutcome::kTooLarge:
      return "too_large";
    case CallOutcome::kTimeout:
      return "timeout";
    case CallOutcome::kNetwork:
      return "network";
    case CallOutcome::kTls:
      return "tls";
    case CallOutcome::kBudgetExceeded:
      return "budget_exceeded";
    case CallOutcome::kCircuitOpen:
      return "circuit_open";
  }
  return "?";
}

void TokenUsage::Add(const TokenUsage& more) {
  input += more.input;
  cached_input += more.cached_input;
  output += more.output;
  reasoning_output += more.reasoning_output;
}

}  // namespace rocktune
