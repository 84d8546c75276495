// One call to a model, from the budget to the answer: what happened and the
// time in, the next step out. Pure: no socket, timer, clock or file.
#ifndef ROCKTUNE_LLM_ASK_MACHINE_H_
#define ROCKTUNE_LLM_ASK_MACHINE_H_

#include <variant>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "llm/call_budget.h"
#include "llm/circuit_breaker.h"
#include "llm/fallback_ladder.h"
#include "llm/http_exchange.h"
#include "llm/model_advisor.h"
#include "llm/model_call.h"
#include "llm/provider.h"
#include "llm/secret.h"

namespace rocktune {

// What one call leaves to the next. Outlives every machine.
struct AskContext {
  const Provider& provider;
  FallbackLadder& ladder;
  CircuitBreaker& breaker;
  CallBudget& budget;
  absl::Duration call_limit;
};

// Send this, then OnResult.
struct SendStep {
  HttpRequest request;
  absl::Duration limit;
  // What the request was written from, for a recording.
  ModelQuestion question;
  Rung rung;
};

// Wait, then OnWaited.
struct WaitStep {
  absl::Duration wait;
};

// An answer is the last step.
using AskStep = std::variant<SendStep, WaitStep, ModelAnswer>;

// A call is one question, and one more when the reply to it was of no use.
// For each: at most kMaxAttempts requests. Steps of the fallback ladder come
// on top, which has FallbackLadder::kMaxSteps; a reply that was cut is asked
// for once more in a call, with twice the room. Each request is admitted
// by the budget before and charged after.
class AskMachine {
 public:
  AskMachine(const AskContext& context, ModelAsk ask)
      : context_(context), ask_(std::move(ask)), question_(ask_.question) {}

  // First. A key that could not be read ends the call with kAuth, unless the
  // budget or the breaker has ended it before.
  AskStep Begin(absl::StatusOr<Secret> key, absl::Time now);
  // `random` is in [0, 1), fresh for each attempt.
  AskStep OnResult(const HttpResult& result, double random, absl::Time now);
  AskStep OnWaited(absl::Time now) { return Again(now); }

  const ModelAsk& ask() const { return ask_; }
  const Secret& key() const { return key_; }
  // What the last result was read as.
  const ModelReply& last_reply() const { return last_; }

 private:
  // Sends, or ends the call when neither time nor budget is left.
  AskStep Again(absl::Time now);
  AskStep Send(absl::Time now);
  AskStep OnText(absl::Time now);
  AskStep OnTruncated(absl::Time now);
  AskStep EndUnsent(CallOutcome outcome, absl::string_view why);
  AskStep End(absl::Time now);

  ModelReply ReplyOf(const HttpResult& result, absl::Time now) const;
  TokenUsage Estimate() const;
  absl::Duration Left(absl::Time now) const {
    return begun_ + context_.call_limit - now;
  }
  int Tries() const { return sent_ - steps_; }  // those that count

  const AskContext context_;
  const ModelAsk ask_;
  ModelQuestion question_;  // as it is asked now
  Rung rung_;
  Secret key_;
  absl::Time begun_;
  ModelReply last_;
  ModelAnswer answer_;
  int sent_ = 0;   // for the question as it is asked now
  int steps_ = 0;  // of these: after a step of the ladder
  bool asked_again_ = false;
  bool has_more_room_ = false;
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_ASK_MACHINE_H_
