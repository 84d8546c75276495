#include "llm/call_budget.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

constexpr absl::Duration kHour = absl::Hours(1);
constexpr absl::Duration kDay = absl::Hours(24);

// More than any single attempt can be; keeps sums and products exact.
constexpr uint64_t kMostTokens = 100 * 1000 * 1000;
constexpr double kMostDollarsPerMillion = 1e6;

// Turned down before a model was asked.
constexpr CallOutcome kUnbilled[] = {
    CallOutcome::kAuth,       CallOutcome::kQuotaExhausted,
    CallOutcome::kBadRequest, CallOutcome::kRateLimited,
    CallOutcome::kNotFound,   CallOutcome::kTooLarge,
    CallOutcome::kTls};

struct Field {
  const char* name;
  uint64_t Spend::*value;
};

constexpr Field kFields[] = {
    {"calls", &Spend::calls},
    {"input tokens", &Spend::input_tokens},
    {"output tokens", &Spend::output_tokens},
    {"micro-dollars", &Spend::micro_dollars},
};

uint64_t SaturatingSum(uint64_t a, uint64_t b) {
  const uint64_t most = std::numeric_limits<uint64_t>::max();
  return a > most - b ? most : a + b;
}

Spend Sum(Spend sum, const Spend& other) {
  for (const Field& field : kFields) {
    sum.*field.value = SaturatingSum(sum.*field.value, other.*field.value);
  }
  return sum;
}

absl::Time BucketOf(absl::Time time) {
  return absl::UnixEpoch() +
         absl::Floor(time - absl::UnixEpoch(), CallBudget::kBucket);
}

bool IsPrice(double price) {
  return price >= 0 && price <= kMostDollarsPerMillion;
}

double Price(double price) { return IsPrice(price) ? price : 0; }

// Rounded up: a limit is not passed by small calls.
uint64_t MicroDollars(const TokenUsage& usage, const TokenPrices& prices) {
  const uint64_t cached = std::min(usage.cached_input, usage.input);
  const double input = Price(prices.input);
  const double cached_input =
      prices.cached_input > 0 ? Price(prices.cached_input) : input;
  const double money = static_cast<double>(usage.input - cached) * input +
                       static_cast<double>(cached) * cached_input +
                       static_cast<double>(usage.output) * Price(prices.output);
  return static_cast<uint64_t>(std::ceil(money));
}

Spend CostOf(TokenUsage usage, const TokenPrices& prices) {
  usage.input = std::min(usage.input, kMostTokens);
  usage.output = std::min(usage.output, kMostTokens);
  return {.calls = 1,
          .input_tokens = usage.input,
          .output_tokens = usage.output,
          .micro_dollars = MicroDollars(usage, prices)};
}

// What a provider left out: a reply was never for nothing.
TokenUsage Completed(const CallBudget::Attempt& attempt) {
  TokenUsage usage = attempt.used;
  if (absl::c_linear_search(kUnbilled, attempt.outcome)) return usage;
  if (usage.input == 0) usage.input = attempt.estimate.input;
  if (usage.output == 0) usage.output = attempt.estimate.output;
  return usage;
}

struct Period {
  const char* name;
  const Spend& limit;
  Spend spent;
};

}  // namespace

absl::Status CheckBudget(const BudgetConfig& config) {
  const TokenPrices& prices = config.prices;
  for (const double price :
       {prices.input, prices.cached_input, prices.output}) {
    if (!IsPrice(price)) {
      return absl::InvalidArgumentError(
          "a price per million tokens is a number from 0 to 1000000");
    }
  }
  const bool limits_money =
      config.per_hour.micro_dollars > 0 || config.per_day.micro_dollars > 0;
  if (limits_money && prices.input == 0 && prices.output == 0) {
    return absl::InvalidArgumentError(
        "a limit on money needs the prices per million tokens");
  }
  return absl::OkStatus();
}

absl::Status CallBudget::Admit(const TokenUsage& estimate, absl::Time now) {
  Tidy(now);
  const Spend cost = CostOf(estimate, config_.prices);
  const Period periods[] = {{"hour", config_.per_hour, LastHour(now)},
                            {"day", config_.per_day, LastDay(now)}};
  for (const Period& period : periods) {
    for (const Field& field : kFields) {
      const uint64_t limit = period.limit.*field.value;
      const uint64_t spent = period.spent.*field.value;
      if (limit == 0 || SaturatingSum(spent, cost.*field.value) <= limit) {
        continue;
      }
      return absl::ResourceExhaustedError(absl::StrFormat(
          "budget: %d of %d %s per %s are spent and this call takes about %d",
          spent, limit, field.name, period.name, cost.*field.value));
    }
  }
  return absl::OkStatus();
}

void CallBudget::Charge(const Attempt& attempt, absl::Time now) {
  Tidy(now);
  Add(CostOf(Completed(attempt), config_.prices), now, now);
}

void CallBudget::Tidy(absl::Time now) {
  const absl::Time oldest = BucketOf(now - kDay);
  while (!rows_.empty() && rows_.front().start < oldest) rows_.pop_front();
  while (!rows_.empty() && rows_.back().start > now) {
    const Spend spend = rows_.back().spend;
    rows_.pop_back();
    Add(spend, now, now);
  }
}

void CallBudget::Add(const Spend& spend, absl::Time at, absl::Time now) {
  const absl::Time start = BucketOf(std::min(at, now));
  if (start < BucketOf(now - kDay)) return;
  const auto place = absl::c_lower_bound(
      rows_, start,
      [](const SpendRow& row, absl::Time time) { return row.start < time; });
  if (place != rows_.end() && place->start == start) {
    place->spend = Sum(place->spend, spend);
  } else {
    rows_.insert(place, {.start = start, .spend = spend});
  }
}

Spend CallBudget::Since(absl::Time begin) const {
  Spend sum;
  for (const SpendRow& row : rows_) {
    if (row.start + kBucket > begin) sum = Sum(sum, row.spend);
  }
  return sum;
}

Spend CallBudget::LastHour(absl::Time now) const { return Since(now - kHour); }

Spend CallBudget::LastDay(absl::Time now) const { return Since(now - kDay); }

std::vector<SpendRow> CallBudget::Export(absl::Time now) const {
  std::vector<SpendRow> rows;
  for (const SpendRow& row : rows_) {
    if (row.start + kBucket > now - kDay) rows.push_back(row);
  }
  return rows;
}

void CallBudget::Import(const std::vector<SpendRow>& rows, absl::Time now) {
  for (const SpendRow& row : rows) Add(row.spend, row.start, now);
}

}  // namespace rocktune
