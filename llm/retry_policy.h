// Whether a call that failed is made again, and when.
#ifndef ROCKTUNE_LLM_RETRY_POLICY_H_
#define ROCKTUNE_LLM_RETRY_POLICY_H_

#include <optional>

#include "absl/time/time.h"
#include "llm/model_call.h"

namespace rocktune {

constexpr int kMaxAttempts = 3;  // of one call, the first included
// A server that wants more is not waited for: the loop has the expert.
constexpr absl::Duration kMaxRetryAfter = absl::Seconds(120);
// What clients of these services do.
constexpr absl::Duration kFirstRetryDelay = absl::Milliseconds(500);
constexpr absl::Duration kMaxRetryDelay = absl::Seconds(8);
constexpr double kMaxRetryJitter = 0.25;  // part of the delay taken off

// Of the whole call's limit, what one attempt may take, so that one that hangs
// leaves time for another. A guess: models answer well or hang.
constexpr double kMostOfCallPerAttempt = 0.75;

struct FailedAttempt {
  CallOutcome outcome = CallOutcome::kNetwork;
  std::optional<absl::Duration> retry_after;  // as the server asked
  int attempts = 1;                           // made so far, this one included
  absl::Duration left;  // until the deadline of the whole call
  double random = 0;    // in [0, 1), fresh for each attempt
};

// How long to wait before the next attempt; nothing when there is none. The
// wait ends before the deadline.
std::optional<absl::Duration> RetryDelay(const FailedAttempt& failed);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_RETRY_POLICY_H_
