#include "llm/circuit_breaker.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "llm/retry_policy.h"

namespace rocktune {
namespace {

enum class Sign {
  kWorks,     // the provider answered; what it said is no matter of ours
  kFails,     // a few of these in a row
  kHopeless,  // the next call would end the same way
  kNone,      // nothing was sent
};

struct Row {
  CallOutcome outcome;
  Sign sign;
};

constexpr Row kRows[] = {
    {CallOutcome::kOk, Sign::kWorks},
    {CallOutcome::kRefused, Sign::kWorks},
    {CallOutcome::kTruncated, Sign::kWorks},
    {CallOutcome::kInvalidReply, Sign::kFails},
    {CallOutcome::kAuth, Sign::kHopeless},
    {CallOutcome::kQuotaExhausted, Sign::kHopeless},
    {CallOutcome::kRateLimited, Sign::kFails},
    {CallOutcome::kOverloaded, Sign::kFails},
    {CallOutcome::kBadRequest, Sign::kFails},
    {CallOutcome::kNotFound, Sign::kHopeless},
    {CallOutcome::kTooLarge, Sign::kFails},
    {CallOutcome::kTimeout, Sign::kFails},
    {CallOutcome::kNetwork, Sign::kFails},
    {CallOutcome::kTls, Sign::kFails},
    {CallOutcome::kBudgetExceeded, Sign::kNone},
    {CallOutcome::kCircuitOpen, Sign::kNone},
};

Sign SignOf(const ModelReply& reply) {
  // A server that names a long time means it.
  if (reply.outcome != CallOutcome::kOk && reply.retry_after > kMaxRetryAfter) {
    return Sign::kHopeless;
  }
  for (const Row& row : kRows) {
    if (row.outcome == reply.outcome) return row.sign;
  }
  return Sign::kFails;
}

}  // namespace

CircuitBreaker::State CircuitBreaker::state(absl::Time now) const {
  if (!open_) return State::kClosed;
  return now < retry_at_ ? State::kOpen : State::kHalfOpen;
}

bool CircuitBreaker::Admit(absl::Time now) {
  const State current = state(now);
  if (current == State::kClosed) return true;
  if (current == State::kOpen || probing_) return false;
  probing_ = true;
  return true;
}

void CircuitBreaker::Record(const ModelReply& reply, absl::Time now) {
  const bool was_probe = probing_;
  probing_ = false;
  switch (SignOf(reply)) {
    case Sign::kNone:
      return;
    case Sign::kWorks:
      Reset();
      return;
    case Sign::kHopeless:
      ++failures_;
      Open(reply, now);
      return;
    case Sign::kFails:
      ++failures_;
      if (was_probe || failures_ >= kMaxFailures) Open(reply, now);
      return;
  }
}

void CircuitBreaker::Open(const ModelReply& reply, absl::Time now) {
  open_ = true;
  const absl::Duration asked =
      std::min(reply.retry_after.value_or(absl::ZeroDuration()), kMaxOpen);
  retry_at_ = now + std::max(open_for_, asked);
  open_for_ = std::min(open_for_ * 2, kMaxOpen);
  reason_ = absl::StrCat(
      ToString(reply.outcome), reply.error.empty() ? "" : ": ", reply.error,
      failures_ > 1 ? absl::StrCat(" (", failures_, " failures in a row)")
                    : "");
}

absl::string_view ToString(CircuitBreaker::State state) {
  switch (state) {
    case CircuitBreaker::State::kClosed:
      return "closed";
    case CircuitBreaker::State::kOpen:
      return "open";
    case CircuitBreaker::State::kHalfOpen:
      return "half_open";
  }
  return "?";
}

}  // namespace rocktune
