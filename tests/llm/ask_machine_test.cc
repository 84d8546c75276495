// One call as events and steps: what is sent again, when, and when it ends.
#include "llm/ask_machine.h"

#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llm/retry_policy.h"
#include "tests/fakes/dialect_replies.h"
#include "tests/llm/ask_fixture.h"
#include "tests/llm/wire_fixture.h"

namespace rocktune {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Outcome = CallOutcome;

HttpResult Http(int status, std::string body = "{}") {
  HttpResult result;
  result.reply = Answered(status, std::move(body));
  return result;
}

HttpResult Says(const std::string& text) {
  return Http(200, OpenAiChatReply(text));
}

HttpResult CutShort() {
  return Http(200, R"({"choices":[{"message":{"content":"{\"changes"},)"
                   R"("finish_reason":"length"}],"usage":)"
                   R"({"prompt_tokens":70,"completion_tokens":30}})");
}

HttpResult Later(const char* seconds) {
  HttpResult result = Http(429);
  result.reply.headers = {{"retry-after", seconds}};
  return result;
}

HttpResult Rejects(const std::string& parameter) {
  return Http(400, absl::StrCat(R"({"error":{"message":"no )", parameter,
                                R"(","param":")", parameter, R"("}})"));
}

HttpResult Fails(Outcome outcome, bool sent = true) {
  HttpResult result;
  result.failure = outcome;
  result.error = "connect: provider.test: trouble";
  result.sent = sent;
  return result;
}

constexpr absl::Duration kCallLimit = absl::Minutes(3);

class AskMachineTest : public ::testing::Test {
 protected:
  AskMachineTest() {
    ProviderConfig config = ConfigOf("openai");
    config.reasoning_effort = "low";
    config.temperature = 0.5;
    provider_ = Resolved(config);
    ladder_ = FallbackLadder(provider_);
  }

  // What came of a call, and all it did.
  struct Played {
    ModelAnswer answer;
    std::vector<SendStep> sent;
    std::vector<absl::Duration> waits;
  };

  AskMachine NewMachine() {
    return AskMachine({.provider = provider_,
                       .ladder = ladder_,
                       .breaker = breaker_,
                       .budget = budget_,
                       .call_limit = kCallLimit},
                      SmallAsk());
  }

  // Answers with `results`, and then with the last of them for ever. Waits
  // take the time they ask for.
  Played Play(std::vector<HttpResult> results,
              absl::StatusOr<Secret> key = Secret(std::string(kCanary))) {
    Played played;
    AskMachine machine = NewMachine();
    AskStep step = machine.Begin(std::move(key), now_);
    constexpr size_t kFar = 1000;
    for (size_t i = 0; i < kFar; ++i) {
      if (auto* send = std::get_if<SendStep>(&step)) {
        const size_t at = std::min(played.sent.size(), results.size() - 1);
        played.sent.push_back(std::move(*send));
        step = machine.OnResult(results[at], 0, now_);
      } else if (auto* wait = std::get_if<WaitStep>(&step)) {
        played.waits.push_back(wait->wait);
        now_ += wait->wait;
        step = machine.OnWaited(now_);
      } else {
        played.answer = std::get<ModelAnswer>(std::move(step));
        EXPECT_EQ(played.answer.attempts, played.sent.size());
        EXPECT_EQ(played.answer.error.empty(),
                  played.answer.outcome == Outcome::kOk);
        return played;
      }
    }
    ADD_FAILURE() << "no end";
    return played;
  }

  absl::Time now_ = kNow;
  Provider provider_;
  FallbackLadder ladder_{provider_};
  CircuitBreaker breaker_;
  CallBudget budget_{BudgetConfig()};
};

struct CallRow {
  const char* name;
  std::vector<HttpResult> results;  // the last one for ever
  Outcome outcome;
  int attempts;
  std::vector<int> waits_ms;
  const char* advice;
};

const std::vector<CallRow> kCallRows = {
    {"good", {Says(kAdvice)}, Outcome::kOk, 1, {}, kAdviceRead},
    {"nothing to change", {Says(kNoChange)}, Outcome::kOk, 1, {}, "nothing"},
    {"once overloaded",
     {Http(503), Says(kAdvice)},
     Outcome::kOk,
     2,
     {500},
     kAdviceRead},
    {"overloaded", {Http(529)}, Outcome::kOverloaded, 3, {500, 1000}, ""},
    {"limited for 7 s",
     {Later("7"), Says(kAdvice)},
     Outcome::kOk,
     2,
     {7000},
     kAdviceRead},
    {"limited for long", {Later("500")}, Outcome::kRateLimited, 1, {}, ""},
    {"limited past the call",
     {Later("100")},
     Outcome::kRateLimited,
     2,
     {100000},
     ""},
    {"refused connections",
     {Fails(Outcome::kNetwork, false)},
     Outcome::kNetwork,
     3,
     {500, 1000},
     ""},
    {"bad certificate", {Fails(Outcome::kTls)}, Outcome::kTls, 1, {}, ""},
    {"bad key", {Http(401)}, Outcome::kAuth, 1, {}, ""},
    {"no credit", {Http(402)}, Outcome::kQuotaExhausted, 1, {}, ""},
    {"unknown model", {Http(404)}, Outcome::kNotFound, 1, {}, ""},
    {"too large", {Http(413)}, Outcome::kTooLarge, 1, {}, ""},
    {"redirected", {Http(307)}, Outcome::kBadRequest, 1, {}, ""},
    {"no JSON", {Http(200, "hello")}, Outcome::kInvalidReply, 1, {}, ""},
    {"cut once", {CutShort(), Says(kAdvice)}, Outcome::kOk, 2, {}, kAdviceRead},
    {"cut twice", {CutShort()}, Outcome::kTruncated, 2, {}, ""},
    {"rejected unnamed", {Http(400)}, Outcome::kBadRequest, 3, {}, ""},
    {"useless, then good",
     {Says(kUseless), Says(kAdvice)},
     Outcome::kOk,
     2,
     {},
     kAdviceRead},
    {"useless twice", {Says(kUseless)}, Outcome::kOk, 2, {}, ""},
    {"useless, then trouble twice",
     {Says(kUseless), Http(500), Http(500), Says(kAdvice)},
     Outcome::kOk,
     4,
     {500, 1000},
     kAdviceRead},
    {"useless, then bad key",
     {Says(kUseless), Http(401)},
     Outcome::kAuth,
     2,
     {},
     ""},
};

TEST_F(AskMachineTest, EndsEachCallAsTheTableSays) {
  for (const CallRow& row : kCallRows) {
    SCOPED_TRACE(row.name);
    ladder_ = FallbackLadder(provider_);
    breaker_.Reset();
    const Played played = Play(row.results);
    EXPECT_EQ(played.answer.outcome, row.outcome) << played.answer.error;
    EXPECT_EQ(played.answer.attempts, row.attempts);
    std::vector<int> waits_ms;
    for (const absl::Duration wait : played.waits) {
      waits_ms.push_back(static_cast<int>(absl::ToInt64Milliseconds(wait)));
    }
    EXPECT_EQ(waits_ms, row.waits_ms);
    EXPECT_EQ(AdviceIn(played.answer.parsed), row.advice);
    if (row.outcome != Outcome::kOk) {
      EXPECT_THAT(played.answer.parsed.issues, IsEmpty());
    }
  }
}

TEST_F(AskMachineTest, LeavesTimeForAnotherAttemptWhenOneHangs) {
  AskMachine machine = NewMachine();
  const absl::Time end = now_ + kCallLimit;
  AskStep step = machine.Begin(Secret(std::string(kCanary)), now_);
  const absl::Duration first = std::get<SendStep>(step).limit;
  EXPECT_EQ(first, kCallLimit * kMostOfCallPerAttempt);
  now_ += first;
  step = machine.OnResult(Fails(Outcome::kTimeout), 0, now_);
  now_ += std::get<WaitStep>(step).wait;
  step = machine.OnWaited(now_);
  EXPECT_EQ(std::get<SendStep>(step).limit, end - now_);  // all that is left
  step = machine.OnResult(Says(kAdvice), 0, now_);
  EXPECT_EQ(AdviceIn(std::get<ModelAnswer>(step).parsed), kAdviceRead);
}

TEST_F(AskMachineTest, EndsWhateverComes) {
  const HttpResult kResults[] = {
      Says(kUseless),
      CutShort(),
      Http(503),
      Http(400),
      Later("0"),
      Rejects("response_format"),
      Rejects("effort"),
      Http(500),
      Rejects("temperature"),
      Fails(Outcome::kNetwork),
      Fails(Outcome::kTimeout, false),
  };
  std::mt19937 random(4711);
  for (int round = 0; round < 500; ++round) {
    ladder_ = FallbackLadder(provider_);
    breaker_.Reset();
    std::vector<HttpResult> results;
    for (int i = 0; i < 20; ++i) {
      results.push_back(kResults[random() % std::size(kResults)]);
    }
    EXPECT_LE(Play(results).sent.size(),
              2 * kMaxAttempts + FallbackLadder::kMaxSteps);
  }
}

TEST_F(AskMachineTest, StepsDownOnceForAllCallsToCome) {
  const Played first =
      Play({Rejects("response_format"), Rejects("reasoning_effort"),
            Rejects("temperature"), Rejects("max_completion_tokens"),
            Rejects("response_format"), Says(kAdvice)});
  EXPECT_EQ(first.answer.outcome, Outcome::kOk) << first.answer.error;
  EXPECT_EQ(first.answer.attempts, 6);
  EXPECT_THAT(first.waits, IsEmpty());
  const Played second = Play({Says(kAdvice)});
  ASSERT_THAT(second.sent, SizeIs(1));
  const SendStep& sent = second.sent[0];
  EXPECT_EQ(sent.rung, (Rung{.structured = Structured::kPlain,
                             .effort = false,
                             .temperature = false,
                             .other_token_limit_field = true}));
  EXPECT_EQ(sent.request.body, first.sent[5].request.body);
  for (const char* gone : {"response_format", "reasoning_effort", "temperature",
                           "max_completion_tokens"}) {
    EXPECT_THAT(sent.request.body, Not(HasSubstr(gone)));
  }
}

TEST_F(AskMachineTest, GivesACutReplyTwiceTheRoom) {
  const Played played = Play({CutShort(), Says(kAdvice)});
  ASSERT_THAT(played.sent, SizeIs(2));
  EXPECT_EQ(played.sent[0].question.max_output_tokens, 1000);
  EXPECT_EQ(played.sent[1].question.max_output_tokens, 2000);
  EXPECT_THAT(played.sent[1].request.body, HasSubstr("2000"));
  EXPECT_EQ(played.answer.usage.input, 1070u);
  EXPECT_EQ(played.answer.usage.output, 230u);
}

TEST_F(AskMachineTest, TellsTheModelOnceWhatWasWrong) {
  const Played played = Play({Says(kUseless)});
  ASSERT_THAT(played.sent, SizeIs(2));
  const std::string& first = played.sent[0].question.facts;
  const std::string& second = played.sent[1].question.facts;
  EXPECT_EQ(second.substr(0, first.size()), first) << "a cache may keep it";
  EXPECT_THAT(second.substr(first.size()),
              HasSubstr("YOUR LAST REPLY COULD NOT BE USED"));
  EXPECT_THAT(played.answer.parsed.issues, Not(IsEmpty()));
  EXPECT_EQ(breaker_.failures(), 0) << "the provider works";
}

TEST_F(AskMachineTest, LeavesEachAttemptWhatTimeIsLeft) {
  AskMachine machine = NewMachine();
  AskStep step = machine.Begin(Secret(), now_);
  EXPECT_EQ(std::get<SendStep>(step).limit, absl::Seconds(135));
  step = machine.OnResult(Http(503), 0, now_ + absl::Minutes(2));
  EXPECT_EQ(std::get<WaitStep>(step).wait, kFirstRetryDelay);
  step = machine.OnWaited(now_ + absl::Seconds(150));
  EXPECT_EQ(std::get<SendStep>(step).limit, absl::Seconds(30));
  step = machine.OnResult(Http(503), 0, now_ + absl::Seconds(160));
  // A machine that slept: the call ends with what there was.
  step = machine.OnWaited(now_ + absl::Hours(1));
  const auto& answer = std::get<ModelAnswer>(step);
  EXPECT_EQ(answer.outcome, Outcome::kOverloaded);
  EXPECT_EQ(answer.took, absl::Hours(1));
}

TEST_F(AskMachineTest, SendsNothingThatTheBudgetDoesNotHold) {
  budget_ = CallBudget({.per_hour = {.input_tokens = 100}});
  const Played played = Play({Says(kAdvice)});
  EXPECT_EQ(played.answer.outcome, Outcome::kBudgetExceeded);
  EXPECT_THAT(played.answer.error, HasSubstr("of 100 input tokens per hour"));
  EXPECT_THAT(played.sent, IsEmpty());
  EXPECT_EQ(budget_.LastHour(now_), Spend());
}

TEST_F(AskMachineTest, PaysForEachAttemptAndStopsInMidCall) {
  const struct {
    HttpResult result;
    int attempts;
    Outcome outcome;
    const char* says;
  } kRows[] = {
      {Http(503), 2, Outcome::kOverloaded, "not tried again: budget: 2 of 2"},
      {Says(kUseless), 2, Outcome::kOk, ""},
      {CutShort(), 2, Outcome::kTruncated, ""},
      {Rejects("response_format"), 2, Outcome::kBadRequest, "not tried again"},
      {Fails(Outcome::kNetwork, false), 3, Outcome::kNetwork, "trouble"},
  };
  for (const auto& row : kRows) {
    budget_ = CallBudget({.per_hour = {.calls = 2}});
    ladder_ = FallbackLadder(provider_);
    const Played played = Play({row.result});
    EXPECT_EQ(played.answer.outcome, row.outcome);
    EXPECT_EQ(played.answer.attempts, row.attempts);
    EXPECT_THAT(played.answer.error, HasSubstr(row.says));
    EXPECT_EQ(budget_.LastHour(now_).calls, row.result.sent ? 2u : 0u);
  }
}

TEST_F(AskMachineTest, ASecondAskOrMoreRoomIsPaidForOnItsOwn) {
  for (const HttpResult& result : {Says(kUseless), CutShort()}) {
    budget_ = CallBudget({.per_hour = {.calls = 1}});
    EXPECT_THAT(Play({result}).sent, SizeIs(1));
  }
}

TEST_F(AskMachineTest, LeavesABrokenProviderAloneAndLooksAgainWithOneCall) {
  EXPECT_EQ(Play({Http(401)}).answer.outcome, Outcome::kAuth);
  Played played = Play({Says(kAdvice)});
  EXPECT_EQ(played.answer.outcome, Outcome::kCircuitOpen);
  EXPECT_THAT(played.answer.error,
              HasSubstr("left alone for now: auth: HTTP 401"));
  EXPECT_THAT(played.sent, IsEmpty());

  now_ = breaker_.retry_at();
  EXPECT_EQ(breaker_.state(now_), CircuitBreaker::State::kHalfOpen);
  EXPECT_EQ(Play({Http(401)}).answer.attempts, 1);
  EXPECT_EQ(breaker_.state(now_), CircuitBreaker::State::kOpen);
  now_ = breaker_.retry_at();
  EXPECT_EQ(Play({Says(kAdvice)}).answer.outcome, Outcome::kOk);
  EXPECT_EQ(breaker_.state(now_), CircuitBreaker::State::kClosed);
}

TEST_F(AskMachineTest, WhatEndsBeforeTheProviderSaysNothingAboutIt) {
  EXPECT_EQ(Play({Http(401)}).answer.outcome, Outcome::kAuth);
  now_ = breaker_.retry_at();
  for (int i = 0; i < 3; ++i) {
    const Played played =
        Play({Says(kAdvice)}, absl::NotFoundError("no key: set a key file"));
    EXPECT_EQ(played.answer.outcome, Outcome::kAuth);
    EXPECT_EQ(played.answer.error, "no key: set a key file");
    EXPECT_THAT(played.sent, IsEmpty());
    budget_ = CallBudget({.per_hour = {.output_tokens = 1}});
    EXPECT_EQ(Play({Says(kAdvice)}).answer.outcome, Outcome::kBudgetExceeded);
    budget_ = CallBudget(BudgetConfig());
    EXPECT_EQ(breaker_.state(now_), CircuitBreaker::State::kHalfOpen);
  }
  EXPECT_EQ(Play({Says(kAdvice)}).answer.outcome, Outcome::kOk);
}

TEST_F(AskMachineTest, SaysWhoAnswered) {
  const Played played = Play({Says(kAdvice)});
  EXPECT_EQ(played.answer.model, "scripted-1");
  EXPECT_EQ(played.answer.parsed.proposal->source, ProposalSource::kLlm);
  EXPECT_EQ(played.answer.usage.input, 1000u);
}

}  // namespace
}  // namespace rocktune
