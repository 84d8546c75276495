// When a call is made again, in which form, and when none is made at all.
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llm/circuit_breaker.h"
#include "llm/fallback_ladder.h"
#include "llm/retry_policy.h"
#include "tests/llm/wire_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using Outcome = CallOutcome;
using State = CircuitBreaker::State;

constexpr Outcome kAll[] = {
    Outcome::kOk,           Outcome::kRefused,    Outcome::kTruncated,
    Outcome::kInvalidReply, Outcome::kAuth,       Outcome::kQuotaExhausted,
    Outcome::kRateLimited,  Outcome::kOverloaded, Outcome::kBadRequest,
    Outcome::kNotFound,     Outcome::kTooLarge,   Outcome::kTimeout,
    Outcome::kNetwork,      Outcome::kTls,        Outcome::kBudgetExceeded,
    Outcome::kCircuitOpen,
};

constexpr absl::Duration kLong = absl::Hours(1);

struct RetryRow {
  FailedAttempt failed;
  std::optional<absl::Duration> delay;
};

const RetryRow kRetries[] = {
    {{Outcome::kNetwork, std::nullopt, 1, kLong, 0}, absl::Milliseconds(500)},
    {{Outcome::kNetwork, std::nullopt, 2, kLong, 0}, absl::Seconds(1)},
    {{Outcome::kNetwork, std::nullopt, 3, kLong, 0}, std::nullopt},
    {{Outcome::kNetwork, std::nullopt, 1, kLong, 1}, absl::Milliseconds(375)},
    {{Outcome::kNetwork, std::nullopt, 1, kLong, 0.5},
     absl::Microseconds(437500)},
    // A number that is none of a random generator's.
    {{Outcome::kNetwork, std::nullopt, 1, kLong, 99}, absl::Milliseconds(375)},
    {{Outcome::kNetwork, std::nullopt, 1, kLong, -9}, absl::Milliseconds(500)},
    // As the server asked, without jitter.
    {{Outcome::kRateLimited, absl::Seconds(7), 1, kLong, 0.5},
     absl::Seconds(7)},
    {{Outcome::kRateLimited, absl::ZeroDuration(), 1, kLong, 0},
     absl::ZeroDuration()},
    {{Outcome::kRateLimited, absl::Seconds(120), 1, kLong, 0},
     absl::Seconds(120)},
    {{Outcome::kRateLimited, absl::Seconds(121), 1, kLong, 0}, std::nullopt},
    {{Outcome::kRateLimited, absl::Hours(240), 1, absl::Hours(999), 0},
     std::nullopt},
    // Never beyond the deadline.
    {{Outcome::kRateLimited, absl::Seconds(7), 1, absl::Seconds(7), 0},
     std::nullopt},
    {{Outcome::kNetwork, std::nullopt, 1, absl::Milliseconds(500), 0},
     std::nullopt},
    {{Outcome::kNetwork, std::nullopt, 1, absl::Milliseconds(501), 0},
     absl::Milliseconds(500)},
    {{Outcome::kNetwork, std::nullopt, 1, -absl::Seconds(1), 0}, std::nullopt},
};

TEST(RetryPolicy, WaitsAsTheServerAsksOrGrowing) {
  for (const RetryRow& row : kRetries) {
    EXPECT_EQ(RetryDelay(row.failed), row.delay)
        << ToString(row.failed.outcome) << " attempts " << row.failed.attempts
        << " left " << row.failed.left;
  }
}

TEST(RetryPolicy, RetriesOnlyWhatARetryCanHelp) {
  for (const Outcome outcome : kAll) {
    const bool helps =
        outcome == Outcome::kRateLimited || outcome == Outcome::kOverloaded ||
        outcome == Outcome::kTimeout || outcome == Outcome::kNetwork;
    EXPECT_EQ(RetryDelay({outcome, std::nullopt, 1, kLong, 0}).has_value(),
              helps)
        << ToString(outcome);
  }
}

ModelReply Ended(Outcome outcome, std::string error = "why") {
  ModelReply reply;
  reply.outcome = outcome;
  reply.error = std::move(error);
  return reply;
}

// How often an outcome must come in a row to open a breaker; 0 = never.
int FailuresToOpen(Outcome outcome) {
  CircuitBreaker breaker;
  for (int count = 1; count <= 10; ++count) {
    breaker.Record(Ended(outcome), kNow);
    if (breaker.state(kNow) == State::kOpen) return count;
  }
  return 0;
}

TEST(CircuitBreaker, OpensAtOnceOrAfterSomeFailuresByOutcome) {
  struct Row {
    Outcome outcome;
    int failures;
  };
  const Row rows[] = {
      {Outcome::kOk, 0},
      {Outcome::kRefused, 0},
      {Outcome::kTruncated, 0},
      {Outcome::kInvalidReply, 3},
      {Outcome::kAuth, 1},
      {Outcome::kQuotaExhausted, 1},
      {Outcome::kRateLimited, 3},
      {Outcome::kOverloaded, 3},
      {Outcome::kBadRequest, 3},
      {Outcome::kNotFound, 1},
      {Outcome::kTooLarge, 3},
      {Outcome::kTimeout, 3},
      {Outcome::kNetwork, 3},
      {Outcome::kTls, 3},
      {Outcome::kBudgetExceeded, 0},
      {Outcome::kCircuitOpen, 0},
  };
  ASSERT_EQ(std::size(rows), std::size(kAll));
  for (const Row& row : rows) {
    EXPECT_EQ(FailuresToOpen(row.outcome), row.failures)
        << ToString(row.outcome);
  }
}

TEST(CircuitBreaker, CountsOnlyFailuresInARow) {
  CircuitBreaker breaker;
  for (int round = 0; round < 5; ++round) {
    breaker.Record(Ended(Outcome::kTimeout), kNow);
    breaker.Record(Ended(Outcome::kTimeout), kNow);
    EXPECT_EQ(breaker.failures(), 2);
    breaker.Record(Ended(Outcome::kOk), kNow);
    EXPECT_EQ(breaker.failures(), 0);
  }
  EXPECT_TRUE(breaker.Admit(kNow));
}

TEST(CircuitBreaker, LetsOneCallThroughWhenItsTimeIsOver) {
  CircuitBreaker breaker;
  EXPECT_TRUE(breaker.Admit(kNow));
  breaker.Record(Ended(Outcome::kAuth, "HTTP 401"), kNow);
  EXPECT_EQ(breaker.reason(), "auth: HTTP 401");
  EXPECT_EQ(breaker.retry_at(), kNow + absl::Seconds(30));
  EXPECT_FALSE(breaker.Admit(kNow + absl::Seconds(29)));
  const absl::Time later = kNow + absl::Seconds(30);
  EXPECT_EQ(ToString(breaker.state(later)), "half_open");
  EXPECT_TRUE(breaker.Admit(later));
  EXPECT_FALSE(breaker.Admit(later));
  breaker.Record(Ended(Outcome::kOk), later);
  EXPECT_EQ(ToString(breaker.state(later)), "closed");
  EXPECT_EQ(breaker.reason(), "");
  EXPECT_TRUE(breaker.Admit(later));
  EXPECT_TRUE(breaker.Admit(later));
}

TEST(CircuitBreaker, StaysOpenForGrowingTimesUpToHalfAnHour) {
  CircuitBreaker breaker;
  absl::Time now = kNow;
  breaker.Record(Ended(Outcome::kNotFound), now);
  for (const int seconds : {30, 60, 120, 240, 480, 960, 1800, 1800}) {
    EXPECT_EQ(breaker.retry_at() - now, absl::Seconds(seconds));
    now = breaker.retry_at();
    ASSERT_TRUE(breaker.Admit(now));
    // The one call need not be hopeless to open it again.
    breaker.Record(Ended(Outcome::kNetwork), now);
    EXPECT_EQ(breaker.state(now), State::kOpen);
  }
  EXPECT_THAT(breaker.reason(),
              HasSubstr("network: why (9 failures in a row)"));
  breaker.Reset();
  EXPECT_TRUE(breaker.Admit(now));
  breaker.Record(Ended(Outcome::kAuth), now);
  EXPECT_EQ(breaker.retry_at() - now, absl::Seconds(30));
}

TEST(CircuitBreaker, ForgetsACallThatWasGivenUp) {
  CircuitBreaker breaker;
  breaker.Record(Ended(Outcome::kAuth), kNow);
  const absl::Time later = kNow + absl::Minutes(1);
  ASSERT_TRUE(breaker.Admit(later));
  breaker.Abandon();
  EXPECT_TRUE(breaker.Admit(later));
  breaker.Record(Ended(Outcome::kBudgetExceeded), later);
  EXPECT_TRUE(breaker.Admit(later));
}

TEST(CircuitBreaker, BelievesAServerThatNamesALongTime) {
  CircuitBreaker breaker;
  ModelReply reply = Ended(Outcome::kRateLimited);
  reply.retry_after = absl::Seconds(120);
  breaker.Record(reply, kNow);
  EXPECT_EQ(breaker.state(kNow), State::kClosed);
  reply.retry_after = absl::Minutes(10);
  breaker.Record(reply, kNow);
  EXPECT_EQ(breaker.retry_at(), kNow + absl::Minutes(10));
  breaker.Reset();
  reply.retry_after = absl::Hours(240);
  breaker.Record(reply, kNow);
  EXPECT_EQ(breaker.retry_at(), kNow + absl::Minutes(30));
}

struct LadderRow {
  const char* provider;
  const char* parameter;
  Rung tried;
  std::optional<Rung> next;
};

const Rung kSchema = {};
const Rung kObject = {.structured = Structured::kJsonObject};
const Rung kPlain = {.structured = Structured::kPlain};

const LadderRow kLadder[] = {
    {"openai", "response_format", kSchema, kObject},
    {"openai", "response_format.json_schema", kObject, kPlain},
    {"openai", "response_format", kPlain, std::nullopt},
    {"openai", "text.format.schema", kSchema, kObject},
    {"openai", "json_object", kObject, kPlain},
    {"openai", "structured output", kSchema, kObject},
    {"gemini", "responseJsonSchema", kSchema, kObject},
    {"gemini", "responseMimeType", kObject, kPlain},
    {"gemini", "response_mime_type", kObject, kPlain},
    {"anthropic", "output_config.format", kSchema, kPlain},
    {"openai", "", kSchema, kObject},  // it did not say
    {"openai", "", kPlain, std::nullopt},
    {"openai", "reasoning_effort", kSchema, Rung{.effort = false}},
    {"openai", "reasoning.effort", kObject,
     Rung{.structured = Structured::kJsonObject, .effort = false}},
    {"anthropic", "output_config.effort", kSchema, Rung{.effort = false}},
    {"gemini", "thinkingConfig", kSchema, Rung{.effort = false}},
    {"openai", "reasoning_effort", Rung{.effort = false}, std::nullopt},
    {"openai", "temperature", kSchema, Rung{.temperature = false}},
    {"openai", "temperature", Rung{.temperature = false}, std::nullopt},
    {"openai", "max_completion_tokens", kSchema,
     Rung{.other_token_limit_field = true}},
    {"openai", "max_tokens", Rung{.other_token_limit_field = true},
     std::nullopt},
    {"ollama", "max_tokens", kSchema, std::nullopt},
    {"anthropic", "max_tokens", kSchema, std::nullopt},
    {"openai", "messages", kSchema, std::nullopt},
    {"openai", "model", kSchema, std::nullopt},
};

Provider WithEverything(const char* name) {
  ProviderConfig config = ConfigOf(name);
  config.temperature = 1;
  config.reasoning_effort = "low";
  return Resolved(config);
}

ModelReply Rejected(const char* parameter) {
  ModelReply reply = Ended(Outcome::kBadRequest);
  reply.rejected_parameter = parameter;
  return reply;
}

TEST(FallbackLadder, StepsDownFromTheRejectedParameter) {
  for (const LadderRow& row : kLadder) {
    const FallbackLadder ladder(WithEverything(row.provider));
    EXPECT_TRUE(ladder.Next(row.tried, Rejected(row.parameter)) == row.next)
        << row.provider << " " << row.parameter;
  }
}

TEST(FallbackLadder, StepsOnlyForABadRequest) {
  const FallbackLadder ladder(WithEverything("openai"));
  for (const Outcome outcome : kAll) {
    ModelReply reply = Rejected("response_format");
    reply.outcome = outcome;
    EXPECT_EQ(ladder.Next(kSchema, reply).has_value(),
              outcome == Outcome::kBadRequest)
        << ToString(outcome);
  }
}

TEST(FallbackLadder, DropsNothingThatWasNotSent) {
  const FallbackLadder ladder(ProviderOf("openai"));
  EXPECT_FALSE(ladder.Next(kSchema, Rejected("temperature")));
  EXPECT_FALSE(ladder.Next(kSchema, Rejected("reasoning_effort")));
}

TEST(FallbackLadder, KeepsTheFormThatTheOperatorNamed) {
  ProviderConfig config = ConfigOf("openai");
  config.structured = "json_schema";
  const FallbackLadder ladder(Resolved(config));
  EXPECT_FALSE(ladder.Next(ladder.Begin(), Rejected("response_format")));
  EXPECT_FALSE(ladder.Next(ladder.Begin(), Rejected("")));
}

TEST(FallbackLadder, RemembersWhatWorkedAndNothingElse) {
  FallbackLadder ladder(WithEverything("openai"));
  const auto next = ladder.Next(ladder.Begin(), Rejected("response_format"));
  ASSERT_TRUE(next);
  EXPECT_EQ(ladder.Begin(), kSchema);
  ladder.Worked(*next);
  EXPECT_EQ(ladder.Begin(), kObject);
}

TEST(FallbackLadder, EndsAgainstAServerThatRejectsEverything) {
  const FallbackLadder ladder(WithEverything("openai"));
  const char* parameters[] = {"temperature", "max_completion_tokens",
                              "response_format", "reasoning_effort", ""};
  std::optional<Rung> rung = ladder.Begin();
  int steps = 0;
  for (int round = 0; round < 4; ++round) {
    for (const char* parameter : parameters) {
      if (const auto next = ladder.Next(*rung, Rejected(parameter))) {
        rung = next;
        ++steps;
      }
    }
  }
  EXPECT_EQ(steps, FallbackLadder::kMaxSteps);
}

}  // namespace
}  // namespace rocktune
