// One question to a model and what came back, free of any provider's dialect:
// the words the parts of llm/ share. Plain data.
#ifndef ROCKTUNE_LLM_MODEL_CALL_H_
#define ROCKTUNE_LLM_MODEL_CALL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rocktune {

// What is asked. The texts are UTF-8; the same facts give the same bytes.
struct ModelQuestion {
  std::string instructions;  // role and rules; the same for every call
  std::string facts;         // what is known of this database now
  std::string schema_json;   // JSON schema of the reply, common subset
  int max_output_tokens = 1000;
};

// Nothing larger or deeper is read, whoever sent it.
inline constexpr size_t kMaxReplyBytes = 256 * 1024;
inline constexpr size_t kMaxReplyDepth = 16;

// How a call ended. What the caller should do stands beside each.
enum class CallOutcome {
  kOk,              // use the text
  kRefused,         // by the model or a filter: do not ask the same again
  kTruncated,       // the reply was cut: never parse it; once with more room
  kInvalidReply,    // not what the dialect promises: no retry
  kAuth,            // the key is wrong: tell the operator
  kQuotaExhausted,  // no credit: pause the provider, tell the operator
  kRateLimited,     // again after `retry_after`
  kOverloaded,      // again after `retry_after`, or growing delays
  kBadRequest,      // the request's fault: next rung of the ladder, if any
  kNotFound,        // model or path unknown: tell the operator
  kTooLarge,        // request too large: shrink it
  kTimeout,         // again, a few times
  kNetwork,         // again, a few times
  kTls,             // certificate or handshake: tell the operator
  kBudgetExceeded,  // ours: nothing was sent
  kCircuitOpen,     // ours: nothing was sent
};
absl::string_view ToString(CallOutcome outcome);

// As the provider counted them; all zero when it did not say.
struct TokenUsage {
  uint64_t input = 0;  // cached ones included
  uint64_t cached_input = 0;
  uint64_t output = 0;  // reasoning included
  uint64_t reasoning_output = 0;

  void Add(const TokenUsage& more);
};

struct ModelReply {
  CallOutcome outcome = CallOutcome::kInvalidReply;
  std::string text;   // the model's words; only with kOk, at most 256 KiB
  std::string error;  // one printable line, at most 300 bytes; else empty
  std::optional<absl::Duration> retry_after;  // as the server asked
  // The request parameter that the server rejected ("response_format"), for
  // the fallback ladder; empty when it did not say.
  std::string rejected_parameter;
  TokenUsage usage;
  std::string model;       // that answered, as the provider calls it
  std::string request_id;  // for the provider's support
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_MODEL_CALL_H_
