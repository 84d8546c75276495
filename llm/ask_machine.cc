#include "llm/ask_machine.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "llm/dialect.h"
#include "llm/error_line.h"
#include "llm/prompt.h"
#include "llm/reply_issue.h"
#include "llm/retry_policy.h"

namespace rocktune {
namespace {

// With these the server took the request as it was.
bool IsAccepted(CallOutcome outcome) {
  return outcome == CallOutcome::kOk || outcome == CallOutcome::kTruncated ||
         outcome == CallOutcome::kRefused;
}

}  // namespace

AskStep AskMachine::Begin(absl::StatusOr<Secret> key, absl::Time now) {
  begun_ = now;
  const absl::Status affordable = context_.budget.Admit(Estimate(), now);
  if (!affordable.ok()) {
    return EndUnsent(CallOutcome::kBudgetExceeded, affordable.message());
  }
  // After the budget: the one call of a half-open breaker is not to be lost.
  if (!context_.breaker.Admit(now)) {
    return EndUnsent(
        CallOutcome::kCircuitOpen,
        absl::StrCat("left alone for now: ", context_.breaker.reason()));
  }
  if (!key.ok()) {
    // Nothing to do with the provider, and looked at again at every call.
    context_.breaker.Abandon();
    return EndUnsent(CallOutcome::kAuth, key.status().message());
  }
  key_ = *std::move(key);
  rung_ = context_.ladder.Begin();
  return Send(now);
}

AskStep AskMachine::OnResult(const HttpResult& result, double random,
                             absl::Time now) {
  last_ = ReplyOf(result, now);
  if (result.sent) {
    context_.budget.Charge(
        {.estimate = Estimate(), .outcome = last_.outcome, .used = last_.usage},
        now);
  }
  answer_.usage.Add(last_.usage);
  if (!last_.model.empty()) answer_.model = last_.model;
  if (IsAccepted(last_.outcome)) context_.ladder.Worked(rung_);

  if (last_.outcome == CallOutcome::kOk) return OnText(now);
  if (last_.outcome == CallOutcome::kTruncated) return OnTruncated(now);
  const std::optional<Rung> next = context_.ladder.Next(rung_, last_);
  if (next) {
    rung_ = *next;
    ++steps_;
    return Again(now);
  }
  const auto delay = RetryDelay({.outcome = last_.outcome,
                                 .retry_after = last_.retry_after,
                                 .attempts = Tries(),
                                 .left = Left(now),
                                 .random = random});
  if (delay) return WaitStep{*delay};
  return End(now);
}

AskStep AskMachine::OnText(absl::Time now) {
  answer_.parsed = ParseReply(last_.text, {*ask_.catalogue, ask_.database});
  if (answer_.parsed.usable() || asked_again_) return End(now);
  asked_again_ = true;
  sent_ = 0;
  steps_ = 0;
  absl::StrAppend(&question_.facts, WriteSecondAsk(answer_.parsed.issues));
  return Again(now);
}

AskStep AskMachine::OnTruncated(absl::Time now) {
  if (has_more_room_ || Tries() >= kMaxAttempts) return End(now);
  has_more_room_ = true;
  question_.max_output_tokens *= 2;
  return Again(now);
}

AskStep AskMachine::Again(absl::Time now) {
  if (Left(now) <= absl::ZeroDuration()) return End(now);
  const absl::Status affordable = context_.budget.Admit(Estimate(), now);
  if (affordable.ok()) return Send(now);
  if (last_.outcome != CallOutcome::kOk) {
    absl::StrAppend(&last_.error,
                    "; not tried again: ", std::string(affordable.message()));
  }
  return End(now);
}

AskStep AskMachine::Send(absl::Time now) {
  ++sent_;
  ++answer_.attempts;
  return SendStep{
      .request = WriteRequest(context_.provider, &key_, question_, rung_),
      .limit = std::min(Left(now), context_.call_limit * kMostOfCallPerAttempt),
      .question = question_,
      .rung = rung_};
}

AskStep AskMachine::EndUnsent(CallOutcome outcome, absl::string_view why) {
  answer_.outcome = outcome;
  answer_.error = ErrorLine(why);
  return std::move(answer_);
}

AskStep AskMachine::End(absl::Time now) {
  context_.breaker.Record(last_, now);
  if (last_.outcome != CallOutcome::kOk) answer_.parsed = ParsedReply();
  answer_.outcome = last_.outcome;
  answer_.error = ErrorLine(last_.error);
  answer_.took = now - begun_;
  return std::move(answer_);
}

ModelReply AskMachine::ReplyOf(const HttpResult& result, absl::Time now) const {
  if (result.ok()) {
    return ReadReply(context_.provider, &key_, result.reply, now);
  }
  ModelReply reply;
  reply.outcome = result.failure;
  reply.error = result.error;
  return reply;
}

TokenUsage AskMachine::Estimate() const {
  return {.input = static_cast<uint64_t>(EstimateTokens(question_)),
          .output = static_cast<uint64_t>(question_.max_output_tokens)};
}

}  // namespace rocktune
