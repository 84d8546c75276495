// How much asking may cost, per hour and per day: calls, tokens, money.
#ifndef ROCKTUNE_LLM_CALL_BUDGET_H_
#define ROCKTUNE_LLM_CALL_BUDGET_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "llm/model_call.h"

namespace rocktune {

// Money is counted in millionths of the currency of the prices, "dollars"
// here: a price of 1 per million tokens is one micro-dollar a token.
struct Spend {
  uint64_t calls = 0;  // attempts: a call that is retried is billed again
  uint64_t input_tokens = 0;
  uint64_t output_tokens = 0;
  uint64_t micro_dollars = 0;
  bool operator==(const Spend&) const = default;
};

// What was spent in one bucket of time; also how the history keeps it.
struct SpendRow {
  absl::Time start;  // a multiple of CallBudget::kBucket
  Spend spend;
  bool operator==(const SpendRow&) const = default;
};

// In dollars per million tokens; 0 = unknown or free.
struct TokenPrices {
  double input = 0;
  double cached_input = 0;  // 0 = like `input`
  double output = 0;        // reasoning included
};

struct BudgetConfig {
  Spend per_hour;  // 0 = without limit
  Spend per_day;
  TokenPrices prices;
};

// InvalidArgument when a price is negative or no number, or a limit on money
// could never hold because no price is known. Tell the operator.
absl::Status CheckBudget(const BudgetConfig& config);

// One for each provider. Hour and day slide in steps of a bucket; a bucket
// counts as long as any part of it is inside, so that the limit holds for
// every hour and every day. Not thread-safe.
class CallBudget {
 public:
  static constexpr absl::Duration kBucket = absl::Minutes(5);

  explicit CallBudget(const BudgetConfig& config) : config_(config) {}

  // Whether an attempt that costs about `estimate` still fits. Charges
  // nothing. ResourceExhausted: do not send, the expert advises meanwhile; the
  // message names the limit.
  absl::Status Admit(const TokenUsage& estimate, absl::Time now);

  // Every attempt that was sent is charged, with what the provider counted.
  // Where it did not say, the estimate stands for it, unless the outcome shows
  // that no model was at work: then only the call counts.
  struct Attempt {
    TokenUsage estimate;
    CallOutcome outcome = CallOutcome::kOk;
    TokenUsage used;
  };
  void Charge(const Attempt& attempt, absl::Time now);

  Spend LastHour(absl::Time now) const;
  Spend LastDay(absl::Time now) const;

  // The buckets of the last day, oldest first, for the history.
  std::vector<SpendRow> Export(absl::Time now) const;
  // Adds what the history kept. Rows older than a day are dropped.
  void Import(const std::vector<SpendRow>& rows, absl::Time now);

 private:
  Spend Since(absl::Time begin) const;
  // Drops what is older than a day. What lies in the future, because a clock
  // was set back, counts as spent now: it must not hold for longer.
  void Tidy(absl::Time now);
  void Add(const Spend& spend, absl::Time at, absl::Time now);

  BudgetConfig config_;
  std::deque<SpendRow> rows_;  // oldest first, at most a day's
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_CALL_BUDGET_H_
