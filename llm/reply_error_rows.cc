// The tables of errors. A provider that says something new gets a row here and
// one in the tests.
#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "llm/reply_errors.h"

namespace rocktune {
namespace {

using Outcome = CallOutcome;

// Enough of a message to find its words in.
constexpr size_t kMaxSearchedBytes = 2048;
constexpr size_t kMaxParameterBytes = 64;

// A code, type or reason. `status` 0 stands for every status.
struct WordRow {
  int status;
  const char* word;
  Outcome outcome;
};

// More exact than the status they come with.
constexpr WordRow kExactWords[] = {
    {0, "insufficient_quota", Outcome::kQuotaExhausted},
    {0, "credit_balance_exhausted", Outcome::kQuotaExhausted},
    {0, "billing_hard_limit_reached", Outcome::kQuotaExhausted},
    {0, "billing_not_active", Outcome::kQuotaExhausted},
    {0, "billing_error", Outcome::kQuotaExhausted},
    {0, "enforced_spend_limit_reached", Outcome::kQuotaExhausted},
    {0, "spend_limit_reached", Outcome::kQuotaExhausted},
    {0, "BILLING_DISABLED", Outcome::kQuotaExhausted},
    {400, "FAILED_PRECONDITION", Outcome::kQuotaExhausted},
    {0, "content_filter", Outcome::kRefused},
    {0, "content_policy_violation", Outcome::kRefused},
    {0, "invalid_prompt", Outcome::kRefused},
    {0, "context_length_exceeded", Outcome::kTooLarge},
    {0, "exceed_context_size_error", Outcome::kTooLarge},
    {0, "string_above_max_length", Outcome::kTooLarge},
    {0, "request_too_large", Outcome::kTooLarge},
    {0, "API_KEY_INVALID", Outcome::kAuth},
    {0, "invalid_api_key", Outcome::kAuth},
    {400, "model_not_found", Outcome::kNotFound},
};

// Parts of a message, in lower case, where nothing but the words tells.
constexpr WordRow kMessages[] = {
    {400, "credit balance is too low", Outcome::kQuotaExhausted},
    {400, "api usage limits", Outcome::kQuotaExhausted},
    {400, "spend limit", Outcome::kQuotaExhausted},
    {400, "api key not valid", Outcome::kAuth},
    {400, "maximum context length", Outcome::kTooLarge},
    {400, "prompt is too long", Outcome::kTooLarge},
    {400, "context size", Outcome::kTooLarge},
    {400, "context window", Outcome::kTooLarge},
    {400, "exceeds the maximum number of tokens", Outcome::kTooLarge},
    {403, "moderation", Outcome::kRefused},
    {403, "flagged", Outcome::kRefused},
    {403, "guardrail", Outcome::kRefused},
};

// 409 is a conflict that passes by itself.
struct StatusRow {
  int first;
  int last;
  Outcome outcome;
};

constexpr StatusRow kStatuses[] = {
    {401, 401, Outcome::kAuth},        {402, 402, Outcome::kQuotaExhausted},
    {403, 403, Outcome::kAuth},        {404, 405, Outcome::kNotFound},
    {407, 407, Outcome::kAuth},        {408, 408, Outcome::kTimeout},
    {409, 409, Outcome::kOverloaded},  {410, 410, Outcome::kNotFound},
    {413, 413, Outcome::kTooLarge},    {425, 425, Outcome::kOverloaded},
    {429, 429, Outcome::kRateLimited}, {400, 499, Outcome::kBadRequest},
    {504, 504, Outcome::kTimeout},     {500, 599, Outcome::kOverloaded},
};

// What stands instead of a status where HTTP said 200.
constexpr WordRow kWordsWithoutStatus[] = {
    {0, "rate_limit_exceeded", Outcome::kRateLimited},
    {0, "rate_limit_error", Outcome::kRateLimited},
    {0, "slow_down", Outcome::kRateLimited},
    {0, "RESOURCE_EXHAUSTED", Outcome::kRateLimited},
    {0, "server_is_overloaded", Outcome::kOverloaded},
    {0, "overloaded_error", Outcome::kOverloaded},
    {0, "service_unavailable_error", Outcome::kOverloaded},
    {0, "unavailable_error", Outcome::kOverloaded},
    {0, "server_error", Outcome::kOverloaded},
    {0, "api_error", Outcome::kOverloaded},
    {0, "UNAVAILABLE", Outcome::kOverloaded},
    {0, "INTERNAL", Outcome::kOverloaded},
    {0, "timeout_error", Outcome::kTimeout},
    {0, "DEADLINE_EXCEEDED", Outcome::kTimeout},
    {0, "authentication_error", Outcome::kAuth},
    {0, "permission_error", Outcome::kAuth},
    {0, "UNAUTHENTICATED", Outcome::kAuth},
    {0, "PERMISSION_DENIED", Outcome::kAuth},
    {0, "not_found_error", Outcome::kNotFound},
    {0, "NOT_FOUND", Outcome::kNotFound},
    {0, "invalid_request_error", Outcome::kBadRequest},
    {0, "INVALID_ARGUMENT", Outcome::kBadRequest},
};

// Names of parameters that a message may complain about. Where it holds
// several, the first is what it is about, the others are advice.
constexpr absl::string_view kParameters[] = {
    "response_format",
    "json_schema",
    "json_object",
    "text.format",
    "output_config.format",
    "output_format",
    "responseJsonSchema",
    "response_json_schema",
    "responseSchema",
    "response_schema",
    "responseMimeType",
    "response_mime_type",
    "structured output",
    "reasoning_effort",
    "reasoning.effort",
    "output_config.effort",
    "effort",
    "thinkingConfig",
    "thinking_config",
    "thinkingLevel",
    "thinking_level",
    "max_completion_tokens",
    "max_output_tokens",
    "max_tokens",
    "maxOutputTokens",
    "temperature",
};

const WordRow* FindWord(absl::Span<const WordRow> rows,
                        const ErrorFacts& facts) {
  for (const WordRow& row : rows) {
    if (row.status != 0 && row.status != facts.status) continue;
    if (absl::c_linear_search(facts.words, row.word)) return &row;
  }
  return nullptr;
}

const WordRow* FindMessage(const ErrorFacts& facts) {
  const std::string message =
      absl::AsciiStrToLower(facts.message.substr(0, kMaxSearchedBytes));
  for (const WordRow& row : kMessages) {
    if (row.status == facts.status && absl::StrContains(message, row.word)) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace

CallOutcome OutcomeOf(const ErrorFacts& facts) {
  if (const WordRow* row = FindWord(kExactWords, facts)) return row->outcome;
  if (const WordRow* row = FindMessage(facts)) return row->outcome;
  // No credit, says 402; with a time to wait it is a limit that passes.
  if (facts.status == 402 && facts.retry_after) return Outcome::kRateLimited;
  for (const StatusRow& row : kStatuses) {
    if (facts.status >= row.first && facts.status <= row.last) {
      return row.outcome;
    }
  }
  const WordRow* row = FindWord(kWordsWithoutStatus, facts);
  return row != nullptr ? row->outcome : Outcome::kInvalidReply;
}

std::string RejectedParameter(const ErrorFacts& facts) {
  const bool is_name =
      !facts.parameter.empty() &&
      facts.parameter.size() <= kMaxParameterBytes &&
      absl::c_all_of(facts.parameter, [](char c) {
        return absl::ascii_isgraph(static_cast<unsigned char>(c));
      });
  if (is_name) return facts.parameter;
  const absl::string_view message =
      absl::string_view(facts.message).substr(0, kMaxSearchedBytes);
  size_t first = absl::string_view::npos;
  absl::string_view found;
  for (const absl::string_view name : kParameters) {
    const size_t at = message.find(name);
    if (at >= first) continue;  // npos is the largest
    first = at;
    found = name;
  }
  return std::string(found);
}

}  // namespace rocktune
