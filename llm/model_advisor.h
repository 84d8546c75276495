// Asks the configured model: one call at a time, within budgets, never in
// anybody's way. The conversation is here; what may be asked and what becomes
// of the answer is for others to say.
#ifndef ROCKTUNE_LLM_MODEL_ADVISOR_H_
#define ROCKTUNE_LLM_MODEL_ADVISOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "llm/call_budget.h"
#include "llm/http_client.h"
#include "llm/model_call.h"
#include "llm/prompt.h"
#include "llm/provider.h"
#include "llm/reply_parser.h"
#include "policy/clock.h"

namespace rocktune {

struct ModelConfig {
  ProviderConfig provider;
  TransportConfig transport;
  PromptLimits prompt;
  BudgetConfig budget;
  // One call with its retries and the second ask; one attempt takes at most
  // kMostOfCallPerAttempt of it. A model on a laptop may load for minutes
  // first.
  absl::Duration call_limit = absl::Minutes(3);
  // A folder that every exchange is written to; empty: none.
  std::string record_dir;
  // A folder with a recording that answers in the provider's place, in the
  // order it was recorded; empty: the provider is asked.
  std::string replay_dir;
};

// What is asked about, copied: it outlives the caller's own.
struct ModelAsk {
  ModelQuestion question;
  std::shared_ptr<const Catalogue> catalogue;
  DatabaseFacts database;
};

struct ModelAnswer {
  CallOutcome outcome = CallOutcome::kNetwork;  // of the last attempt
  std::string error;   // one printable line; empty with kOk
  ParsedReply parsed;  // only with kOk
  std::string model;   // that answered
  TokenUsage usage;    // of all attempts together
  int attempts = 0;    // exchanges that were begun
  absl::Duration took;
};

// Of an Ask while another call runs.
inline ModelAnswer BusyAnswer() {
  ModelAnswer answer;
  answer.error = "another call runs";
  return answer;
}

// For operators. Plain data.
struct ModelStatus {
  std::string provider;
  std::string model;
  std::string endpoint;  // host, "unix socket" or "recording"
  bool busy = false;
  std::string breaker;         // "closed", "open", "half_open"
  std::string breaker_reason;  // empty when closed
  absl::Time retry_at;         // when open
  std::string form;            // what the ladder has come to: "json_schema" ...
  Spend last_hour, last_day;
  Spend per_hour, per_day;    // limits; 0 = none
  absl::Duration call_limit;  // of one call, as configured
  uint64_t calls = 0;         // asked since the start
  uint64_t answers = 0;       // of these: with a proposal, or nothing to change
  std::string last_error;     // one line; empty: none yet
  absl::Time last_error_at;
};

// Runs on the thread of the io_context and never blocks it, but for reading a
// key file and writing a recording. Thread-compatible: all calls come on that
// thread.
class ModelAdvisor {
 public:
  using Done = absl::AnyInvocable<void(ModelAnswer)>;

  // Errors are for the operator: InvalidArgument for a configuration that
  // cannot work, FailedPrecondition for a CA file that cannot be read or a
  // recording that cannot be read or written. With `replay_dir` the provider
  // is the recorded one, and the rest of `config` is not looked at. A key that
  // is missing now is no error: it is read at each call. `context` and `clock`
  // outlive *this; `seed` is for jitter alone.
  static absl::StatusOr<std::unique_ptr<ModelAdvisor>> Create(
      const ModelConfig& config, boost::asio::io_context* context,
      const Clock* clock, uint64_t seed);

  virtual ~ModelAdvisor() = default;  // ends a running call without a word
  ModelAdvisor(const ModelAdvisor&) = delete;
  ModelAdvisor& operator=(const ModelAdvisor&) = delete;

  // Calls `done` once, never from inside this call: with kBudgetExceeded,
  // kCircuitOpen or kNetwork ("another call runs") when nothing was sent. A
  // reply with nothing usable in it is asked for once again, with what was
  // wrong.
  virtual void Ask(ModelAsk ask, Done done) = 0;

  virtual bool busy() const = 0;
  virtual ModelStatus Status() const = 0;
  virtual const PromptLimits& prompt_limits() const = 0;

  // The exact bytes that would be sent now for `question`, without headers.
  virtual std::string Payload(const ModelQuestion& question) const = 0;

  // What was spent before this process; then `keep` hears of every bucket of
  // spending that changed, for the history.
  virtual void ResumeSpend(const std::vector<SpendRow>& rows,
                           std::function<void(const SpendRow&)> keep) = 0;

 protected:
  ModelAdvisor() = default;
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_MODEL_ADVISOR_H_
