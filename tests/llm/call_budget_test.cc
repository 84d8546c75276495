#include "llm/call_budget.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Outcome = CallOutcome;

// On the edge of a bucket.
const absl::Time kStart = absl::FromUnixSeconds(1700000100);
constexpr TokenUsage kEstimate = {.input = 100, .output = 10};

CallBudget::Attempt Estimated(Outcome outcome = Outcome::kOk) {
  return {.estimate = kEstimate, .outcome = outcome, .used = {}};
}

TEST(CallBudget, AdmitsEverythingWithoutLimits) {
  CallBudget budget({});
  for (int i = 0; i < 1000; ++i) budget.Charge(Estimated(), kStart);
  EXPECT_OK(budget.Admit(kEstimate, kStart));
}

struct LimitRow {
  BudgetConfig config;
  int admitted;  // attempts of 100 + 10 tokens, 120 micro-dollars
  const char* says;
};

constexpr TokenPrices kPrices = {.input = 1, .output = 2};

const LimitRow kLimits[] = {
    {{.per_hour = {.calls = 3}}, 3, "3 of 3 calls per hour"},
    {{.per_day = {.calls = 4}}, 4, "4 of 4 calls per day"},
    {{.per_hour = {.input_tokens = 250}},
     2,
     "200 of 250 input tokens per hour"},
    {{.per_day = {.input_tokens = 300}}, 3, "input tokens per day"},
    {{.per_hour = {.output_tokens = 19}}, 1, "10 of 19 output tokens per hour"},
    {{.per_day = {.output_tokens = 9}}, 0, "0 of 9 output tokens per day"},
    {{.per_hour = {.micro_dollars = 240}, .prices = kPrices},
     2,
     "240 of 240 micro-dollars per hour"},
    {{.per_day = {.micro_dollars = 239}, .prices = kPrices},
     1,
     "120 of 239 micro-dollars per day"},
};

TEST(CallBudget, StopsBeforeTheAttemptThatWouldPassALimit) {
  for (const LimitRow& row : kLimits) {
    CallBudget budget(row.config);
    for (int i = 0; i < row.admitted; ++i) {
      ASSERT_OK(budget.Admit(kEstimate, kStart)) << row.says;
      budget.Charge(Estimated(), kStart);
    }
    EXPECT_THAT(budget.Admit(kEstimate, kStart),
                IsError(absl::StatusCode::kResourceExhausted, row.says));
  }
}

TEST(CallBudget, FreesWhatLiesAnHourAndADayBack) {
  CallBudget budget({.per_hour = {.calls = 1}, .per_day = {.calls = 2}});
  budget.Charge(Estimated(), kStart);
  EXPECT_FALSE(budget.Admit(kEstimate, kStart + absl::Minutes(60)).ok());
  // The bucket it fell into must be past as a whole.
  EXPECT_FALSE(budget.Admit(kEstimate, kStart + absl::Seconds(3899)).ok());
  const absl::Time second = kStart + absl::Seconds(3900);
  EXPECT_OK(budget.Admit(kEstimate, second));
  budget.Charge(Estimated(), second);
  const absl::Time third = second + absl::Hours(2);
  EXPECT_THAT(budget.Admit(kEstimate, third),
              IsError(absl::StatusCode::kResourceExhausted, "per day"));
  EXPECT_FALSE(
      budget.Admit(kEstimate, kStart + absl::Hours(24) + absl::Seconds(299))
          .ok());
  EXPECT_OK(
      budget.Admit(kEstimate, kStart + absl::Hours(24) + absl::Seconds(300)));
}

struct ChargeRow {
  CallBudget::Attempt attempt;
  TokenPrices prices;
  Spend spend;
};

const ChargeRow kCharges[] = {
    // As the provider counted.
    {{kEstimate, Outcome::kOk, {.input = 7, .output = 3}}, {}, {1, 7, 3, 0}},
    // It did not say, or only a part.
    {{kEstimate, Outcome::kOk, {}}, {}, {1, 100, 10, 0}},
    {{kEstimate, Outcome::kOk, {.input = 7}}, {}, {1, 7, 10, 0}},
    {{kEstimate, Outcome::kRefused, {}}, {}, {1, 100, 10, 0}},
    {{kEstimate, Outcome::kTruncated, {}}, {}, {1, 100, 10, 0}},
    {{kEstimate, Outcome::kInvalidReply, {}}, {}, {1, 100, 10, 0}},
    {{kEstimate, Outcome::kTimeout, {}}, {}, {1, 100, 10, 0}},
    {{kEstimate, Outcome::kNetwork, {}}, {}, {1, 100, 10, 0}},
    {{kEstimate, Outcome::kOverloaded, {}}, {}, {1, 100, 10, 0}},
    // No model was at work.
    {{kEstimate, Outcome::kAuth, {}}, {}, {1, 0, 0, 0}},
    {{kEstimate, Outcome::kQuotaExhausted, {}}, {}, {1, 0, 0, 0}},
    {{kEstimate, Outcome::kRateLimited, {}}, {}, {1, 0, 0, 0}},
    {{kEstimate, Outcome::kBadRequest, {}}, {}, {1, 0, 0, 0}},
    {{kEstimate, Outcome::kNotFound, {}}, {}, {1, 0, 0, 0}},
    {{kEstimate, Outcome::kTooLarge, {}}, {}, {1, 0, 0, 0}},
    {{kEstimate, Outcome::kTls, {}}, {}, {1, 0, 0, 0}},
    // Prices: cached tokens, rounding up, nonsense.
    {{{}, Outcome::kOk, {.input = 10, .cached_input = 4, .output = 2}},
     {.input = 3, .cached_input = 0.5, .output = 15},
     {1, 10, 2, 50}},
    {{{}, Outcome::kOk, {.input = 10, .cached_input = 4, .output = 2}},
     {.input = 3, .output = 15},
     {1, 10, 2, 60}},
    {{{}, Outcome::kOk, {.input = 10, .cached_input = 99, .output = 1}},
     {.input = 3, .cached_input = 1},
     {1, 10, 1, 10}},
    {{{}, Outcome::kOk, {.input = 1, .output = 1}},
     {.input = 0.1},
     {1, 1, 1, 1}},
    {{{}, Outcome::kOk, {.input = 1, .output = 1}},
     {.input = -5, .output = std::nan("")},
     {1, 1, 1, 0}},
    {{{}, Outcome::kOk, {.input = ~uint64_t{0}, .output = ~uint64_t{0}}},
     {},
     {1, 100000000, 100000000, 0}},
};

TEST(CallBudget, ChargesEveryAttempt) {
  for (const ChargeRow& row : kCharges) {
    CallBudget budget({.prices = row.prices});
    budget.Charge(row.attempt, kStart);
    const Spend spent = budget.LastHour(kStart);
    EXPECT_TRUE(spent == row.spend)
        << ToString(row.attempt.outcome) << ": " << spent.calls << " "
        << spent.input_tokens << " " << spent.output_tokens << " "
        << spent.micro_dollars;
    EXPECT_TRUE(budget.LastDay(kStart) == row.spend);
  }
}

TEST(CallBudget, KeepsWhatWasSpentAcrossARestart) {
  CallBudget before({});
  before.Charge(Estimated(), kStart);
  before.Charge(Estimated(), kStart + absl::Seconds(299));
  before.Charge(Estimated(), kStart + absl::Seconds(300));
  const absl::Time now = kStart + absl::Hours(1) + absl::Seconds(300);
  const std::vector<SpendRow> rows = before.Export(now);
  EXPECT_THAT(
      rows, ElementsAre(SpendRow{kStart, {2, 200, 20, 0}},
                        SpendRow{kStart + absl::Minutes(5), {1, 100, 10, 0}}));
  CallBudget after({});
  after.Import(rows, now);
  EXPECT_EQ(after.Export(now), rows);
  EXPECT_EQ(after.LastHour(now).calls, 1u);
  EXPECT_EQ(after.LastDay(now).calls, 3u);
}

TEST(CallBudget, HoldsNoMoreRowsThanADayHasBuckets) {
  CallBudget budget({});
  absl::Time now = kStart;
  for (int i = 0; i < 2000; ++i) {
    now += absl::Minutes(5);
    budget.Charge(Estimated(), now);
  }
  EXPECT_LE(budget.Export(now).size(), 289u);
  EXPECT_EQ(budget.LastDay(now).calls, 289u);
  EXPECT_EQ(budget.LastHour(now).calls, 13u);
}

TEST(CallBudget, TakesRowsOfTheFutureAsSpentNow) {
  const std::vector<SpendRow> rows = {
      {kStart + absl::Hours(8760), {.calls = 5}},
      {kStart - absl::Hours(48), {.calls = 7}},
  };
  CallBudget budget({.per_day = {.calls = 5}});
  budget.Import(rows, kStart);
  EXPECT_EQ(budget.LastDay(kStart).calls, 5u);
  EXPECT_FALSE(budget.Admit(kEstimate, kStart).ok());
  EXPECT_OK(budget.Admit(kEstimate, kStart + absl::Hours(25)));
  EXPECT_THAT(budget.Export(kStart + absl::Hours(25)), IsEmpty());
}

TEST(CallBudget, IsNotHeldForEverByAClockThatWasSetBack) {
  CallBudget budget({.per_day = {.calls = 1}});
  budget.Charge(Estimated(), kStart + absl::Hours(8760));
  EXPECT_FALSE(budget.Admit(kEstimate, kStart).ok());
  EXPECT_OK(budget.Admit(kEstimate, kStart + absl::Hours(25)));
}

TEST(CallBudget, DoesNotOverflowOnRowsThatWereTamperedWith) {
  const uint64_t most = std::numeric_limits<uint64_t>::max();
  CallBudget budget({.per_day = {.calls = 9}});
  budget.Import(
      {{kStart, {most, most, most, most}}, {kStart, {most, most, most, most}}},
      kStart);
  EXPECT_FALSE(budget.Admit(kEstimate, kStart).ok());
}

struct CheckRow {
  BudgetConfig config;
  const char* says;  // "" = good
};

const CheckRow kChecks[] = {
    {{}, ""},
    {{.prices = kPrices}, ""},
    {{.per_day = {.micro_dollars = 1}, .prices = {.output = 1}}, ""},
    {{.per_day = {.micro_dollars = 1}}, "needs the prices"},
    {{.per_hour = {.micro_dollars = 1}}, "needs the prices"},
    {{.prices = {.input = -1}}, "from 0 to 1000000"},
    {{.prices = {.cached_input = std::nan("")}}, "from 0 to 1000000"},
    {{.prices = {.output = 1e7}}, "from 0 to 1000000"},
};

TEST(CallBudget, RefusesLimitsThatCouldNeverHold) {
  for (const CheckRow& row : kChecks) {
    const absl::Status status = CheckBudget(row.config);
    if (row.says[0] == '\0') {
      EXPECT_OK(status);
    } else {
      EXPECT_THAT(status,
                  IsError(absl::StatusCode::kInvalidArgument, row.says));
    }
  }
}

}  // namespace
}  // namespace rocktune
