#include "llm/retry_policy.h"

#include <algorithm>

#include "absl/algorithm/container.h"

namespace rocktune {
namespace {

// Everything else fails again for the same reason.
constexpr CallOutcome kRetried[] = {
    CallOutcome::kRateLimited, CallOutcome::kOverloaded, CallOutcome::kTimeout,
    CallOutcome::kNetwork};

absl::Duration GrowingDelay(const FailedAttempt& failed) {
  absl::Duration delay = kFirstRetryDelay;
  for (int attempt = 1; attempt < failed.attempts; ++attempt) delay *= 2;
  delay = std::min(delay, kMaxRetryDelay);
  const double random = std::clamp(failed.random, 0.0, 1.0);
  return delay * (1 - kMaxRetryJitter * random);
}

}  // namespace

std::optional<absl::Duration> RetryDelay(const FailedAttempt& failed) {
  if (failed.attempts >= kMaxAttempts) return std::nullopt;
  if (!absl::c_linear_search(kRetried, failed.outcome)) return std::nullopt;
  if (failed.retry_after > kMaxRetryAfter) return std::nullopt;
  const absl::Duration delay =
      failed.retry_after.value_or(GrowingDelay(failed));
  if (delay >= failed.left) return std::nullopt;
  return delay;
}

}  // namespace rocktune
