// Whole calls in the four dialects, and what one call leaves to the next.
#include "absl/strings/str_cat.h"
#include "llm/circuit_breaker.h"
#include "tests/llm/golden_file.h"
#include "tests/llm/model_advisor_fixture.h"

namespace rocktune {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Outcome = CallOutcome;

Act Good(const char* text = kAdvice) {
  return acts::Reply(200, OpenAiChatReply(text));
}

TEST_F(ModelAdvisorTest, BringsAProposalInEveryDialect) {
  for (const DialectRow& dialect : kDialectRows) {
    SCOPED_TRACE(dialect.preset);
    ScriptedProvider provider(&Ca(), {});
    provider.Push(acts::Reply(200, dialect.reply(kAdvice)));
    auto advisor = Create(ConfigFor(provider.port(), dialect));
    const std::string payload = advisor->Payload(SmallAsk().question);
    const ModelAnswer answer = Ask(advisor.get());
    EXPECT_EQ(answer.outcome, Outcome::kOk) << answer.error;
    EXPECT_EQ(AdviceIn(answer.parsed), kAdviceRead);
    EXPECT_EQ(answer.model, "scripted-1");
    EXPECT_EQ(answer.usage.input, 1000u);
    EXPECT_EQ(answer.usage.output, 200u);
    EXPECT_EQ(answer.attempts, 1);

    ASSERT_THAT(provider.requests(), SizeIs(1));
    const ScriptedRequest sent = provider.requests()[0];
    EXPECT_EQ(sent.target, dialect.target);
    EXPECT_THAT(sent.Header(dialect.key_header), HasSubstr(kCanary));
    EXPECT_EQ(sent.body, payload) << "what payload shows is what is sent";
    EXPECT_THAT(payload, Not(HasSubstr(kCanary)));
  }
}

TEST_F(ModelAdvisorTest, SendsWhatTheGoldenFileShows) {
  const ModelWorld world({}, 3, 6);
  const ModelQuestion question = WriteQuestion(world.Brief(), {});
  ExpectGolden("payload.json", Create(ConfigFor(1))->Payload(question));
}

TEST_F(ModelAdvisorTest, TalksToLoopbackInPlainHttpAndToUnixSocketsWithoutKey) {
  ScriptedProvider::Options unix_options;
  unix_options.kind = Endpoint::Kind::kUnix;
  unix_options.socket_path = dir_ / "model.sock";
  ScriptedProvider local(nullptr, unix_options);
  ScriptedProvider plain(nullptr, {Endpoint::Kind::kHttp});
  const struct {
    ScriptedProvider& provider;
    std::string url;
    std::string endpoint;
  } kRows[] = {
      {plain, absl::StrCat("http://127.0.0.1:", plain.port(), "/v1"),
       "127.0.0.1"},
      {local, absl::StrCat("unix:", unix_options.socket_path, ":/v1"),
       "unix socket"},
  };
  for (const auto& row : kRows) {
    row.provider.Push(Good());
    ModelConfig config;
    config.provider.provider = "ollama";
    config.provider.model = "m";
    config.provider.base_url = row.url;
    auto advisor = Create(config);
    EXPECT_EQ(Ask(advisor.get()).outcome, Outcome::kOk);
    EXPECT_EQ(row.provider.requests()[0].Header("authorization"), "");
    EXPECT_EQ(advisor->Status().endpoint, row.endpoint);
  }
}

TEST_F(ModelAdvisorTest, RefusesAConfigurationThatCannotWork) {
  using Spoil = void (*)(ModelConfig*);
  const struct {
    Spoil spoil;
    absl::StatusCode code;
    const char* says;
  } kRows[] = {
      {[](ModelConfig* c) { c->provider.provider = "opnai"; },
       absl::StatusCode::kInvalidArgument, "nearest is \"openai\""},
      {[](ModelConfig* c) { c->budget.prices.input = -1; },
       absl::StatusCode::kInvalidArgument, "price"},
      {[](ModelConfig* c) { c->call_limit = absl::ZeroDuration(); },
       absl::StatusCode::kInvalidArgument, "call_limit"},
      {[](ModelConfig* c) { c->call_limit = absl::InfiniteDuration(); },
       absl::StatusCode::kInvalidArgument, "call_limit"},
      {[](ModelConfig* c) { c->prompt.max_output_tokens = 0; },
       absl::StatusCode::kInvalidArgument, "max_output_tokens"},
      {[](ModelConfig* c) { c->transport.ca_file = "/nowhere/ca.pem"; },
       absl::StatusCode::kFailedPrecondition, "/nowhere/ca.pem"},
      {[](ModelConfig* c) { c->record_dir = "/proc/nowhere/x"; },
       absl::StatusCode::kFailedPrecondition, "/proc/nowhere/x"},
      {[](ModelConfig* c) { c->replay_dir = "/nowhere"; },
       absl::StatusCode::kFailedPrecondition, "/nowhere"},
      {[](ModelConfig* c) { c->replay_dir = c->record_dir = "/x"; },
       absl::StatusCode::kInvalidArgument, "not both"},
  };
  for (const auto& row : kRows) {
    ModelConfig config = ConfigFor(1);
    row.spoil(&config);
    EXPECT_THAT(ModelAdvisor::Create(config, &context_, &clock_, 1),
                IsError(row.code, row.says));
  }
}

TEST_F(ModelAdvisorTest, ReadsTheKeyAnewAtEachCall) {
  ScriptedProvider provider(&Ca(), {});
  provider.AnswerWith([](const ScriptedRequest&) { return Good(); });
  unlink((dir_ / "key").c_str());
  auto advisor = Create(ConfigFor(provider.port()));
  const ModelAnswer without = Ask(advisor.get());
  EXPECT_EQ(without.outcome, Outcome::kAuth);
  EXPECT_THAT(without.error, HasSubstr(dir_ / "key"));
  EXPECT_THAT(provider.requests(), IsEmpty());
  for (const char* key : {"first-key", "second-key"}) {
    WriteKey(key);
    EXPECT_EQ(Ask(advisor.get()).outcome, Outcome::kOk) << "at once";
    EXPECT_EQ(provider.requests().back().Header("authorization"),
              absl::StrCat("Bearer ", key));
  }
  chmod((dir_ / "key").c_str(), 0644);
  EXPECT_THAT(Ask(advisor.get()).error, HasSubstr("chmod 0600"));
}

TEST_F(ModelAdvisorTest, RunsOneCallAtATime) {
  ScriptedProvider provider(&Ca(), {});
  provider.Push(Good());
  auto advisor = Create(ConfigFor(provider.port()));
  std::optional<ModelAnswer> first, second;
  Begin(advisor.get(), &first);
  EXPECT_TRUE(advisor->busy());
  EXPECT_TRUE(advisor->Status().busy);
  Begin(advisor.get(), &second);
  RunLoop();
  EXPECT_EQ(first->outcome, Outcome::kOk);
  EXPECT_EQ(second->outcome, Outcome::kNetwork);
  EXPECT_EQ(second->error, "another call runs");
  EXPECT_FALSE(advisor->busy());
  EXPECT_EQ(advisor->Status().calls, 1u);
}

TEST_F(ModelAdvisorTest, DoneMayAskAgainOrDestroyTheAdvisor) {
  ScriptedProvider provider(&Ca(), {});
  provider.AnswerWith([](const ScriptedRequest&) { return Good(); });
  auto advisor = Create(ConfigFor(provider.port()));
  int answers = 0;
  advisor->Ask(SmallAsk(), [&](ModelAnswer) {
    ++answers;
    advisor->Ask(SmallAsk(), [&](ModelAnswer) {
      ++answers;
      advisor = nullptr;
    });
  });
  RunLoop();
  EXPECT_EQ(answers, 2);
}

TEST_F(ModelAdvisorTest, DestroyedInMidCallItSaysNothingMore) {
  const struct {
    Act act;
    int turns;  // of the loop, before the end
  } kRows[] = {
      {acts::BlackHole(), 0},
      {acts::BlackHole(), 1},
      {acts::BlackHole(), 20},
      {acts::Reply(503, "{}", {{"Retry-After", "100"}}), 1000},  // it waits
  };
  for (const auto& row : kRows) {
    ScriptedProvider provider(&Ca(), {});
    provider.Push(row.act);
    auto advisor = Create(ConfigFor(provider.port()));
    ModelConfig config = ConfigFor(provider.port());
    config.call_limit = absl::Minutes(10);
    advisor = Create(config);
    const auto alive = std::make_shared<int>(0);
    for (int i = 0; i < 2; ++i) {  // one runs, one is turned away
      advisor->Ask(SmallAsk(), [alive](ModelAnswer answer) {
        EXPECT_EQ(answer.error, "another call runs");
      });
    }
    context_.restart();
    constexpr auto kTurn = std::chrono::milliseconds(5);
    for (int i = 0; i < row.turns; ++i) {
      if (context_.run_one_for(kTurn) == 0 && i > 20) break;
    }
    advisor = nullptr;
    RunLoop();  // ends: nothing is left to wait for
    EXPECT_EQ(alive.use_count(), 1);
  }
}

TEST_F(ModelAdvisorTest, OutlivesTheLoopsWorkOfACallThatNobodyRan) {
  ScriptedProvider provider(&Ca(), {});
  auto advisor = Create(ConfigFor(provider.port()));
  std::optional<ModelAnswer> answer;
  Begin(advisor.get(), &answer);
  advisor = nullptr;
  EXPECT_FALSE(answer.has_value());
}

TEST_F(ModelAdvisorTest, StopsAtItsBudgetAndGoesOnAnHourLater) {
  ScriptedProvider provider(&Ca(), {});
  provider.AnswerWith([](const ScriptedRequest&) { return Good(); });
  ManualClock clock;
  ModelConfig config = ConfigFor(provider.port());
  config.budget.per_hour.calls = 2;
  config.budget.per_day.input_tokens = 1'000'000;
  auto advisor = Create(config, &clock);
  std::vector<SpendRow> kept;
  advisor->ResumeSpend({}, [&](const SpendRow& row) { kept.push_back(row); });
  for (const Outcome outcome :
       {Outcome::kOk, Outcome::kOk, Outcome::kBudgetExceeded}) {
    EXPECT_EQ(Ask(advisor.get()).outcome, outcome);
  }
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].spend.calls, 1u);
  EXPECT_EQ(kept[1].start, kept[0].start);
  EXPECT_EQ(kept[1].spend,
            (Spend{.calls = 2, .input_tokens = 2000, .output_tokens = 400}));
  EXPECT_EQ(advisor->Status().last_hour, kept[1].spend);
  EXPECT_EQ(advisor->Status().per_hour.calls, 2u);
  EXPECT_THAT(advisor->Status().last_error, HasSubstr("budget_exceeded: "));

  // The next process goes on from there.
  advisor = Create(config, &clock);
  advisor->ResumeSpend({kept[1]}, [&](const SpendRow&) { ADD_FAILURE(); });
  EXPECT_EQ(Ask(advisor.get()).outcome, Outcome::kBudgetExceeded);
  EXPECT_THAT(provider.requests(), SizeIs(2));
  kept.clear();
  advisor->ResumeSpend({}, [&](const SpendRow& row) { kept.push_back(row); });
  clock.now += absl::Minutes(66);
  EXPECT_EQ(Ask(advisor.get()).outcome, Outcome::kOk);
  ASSERT_THAT(kept, SizeIs(1)) << "only what changed";
  EXPECT_EQ(kept[0].spend.calls, 1u);
  EXPECT_EQ(advisor->Status().last_day.calls, 3u);
}

TEST_F(ModelAdvisorTest, LeavesABrokenProviderAloneAndSaysUntilWhen) {
  ScriptedProvider provider(&Ca(), {});
  ManualClock clock;
  auto advisor = Create(ConfigFor(provider.port()), &clock);
  for (int i = 0; i < CircuitBreaker::kMaxFailures; ++i) {
    EXPECT_EQ(advisor->Status().breaker, "closed");
    provider.Push(acts::Reply(200, "no JSON"));
    EXPECT_EQ(Ask(advisor.get()).outcome, Outcome::kInvalidReply);
  }
  const ModelStatus open = advisor->Status();
  EXPECT_EQ(open.breaker, "open");
  EXPECT_THAT(open.breaker_reason, HasSubstr("not JSON"));
  EXPECT_EQ(open.retry_at, clock.now + CircuitBreaker::kFirstOpen);
  EXPECT_EQ(Ask(advisor.get()).outcome, Outcome::kCircuitOpen);
  EXPECT_EQ(advisor->Status().last_error, open.last_error);
  EXPECT_THAT(provider.requests(), SizeIs(CircuitBreaker::kMaxFailures));

  clock.now = open.retry_at;
  EXPECT_EQ(advisor->Status().breaker, "half_open");
  provider.Push(Good());
  EXPECT_EQ(Ask(advisor.get()).outcome, Outcome::kOk);
  EXPECT_EQ(advisor->Status().breaker, "closed");
  EXPECT_EQ(advisor->Status().breaker_reason, "");
}

TEST_F(ModelAdvisorTest, TellsOperatorsWhereItStands) {
  ScriptedProvider provider(&Ca(), {});
  auto advisor = Create(ConfigFor(provider.port()));
  ModelStatus status = advisor->Status();
  EXPECT_EQ(status.provider, "openai");
  EXPECT_EQ(status.model, "some-model");
  EXPECT_EQ(status.endpoint, "localhost");
  EXPECT_EQ(status.form, "json_schema");
  EXPECT_EQ(status.last_error, "");
  provider.Push(Good(kNoChange));
  provider.Push(acts::Reply(404, "nobody\x1b[31m here"));
  Ask(advisor.get());
  Ask(advisor.get());
  status = advisor->Status();
  EXPECT_EQ(status.calls, 2u);
  EXPECT_EQ(status.answers, 1u);
  EXPECT_EQ(status.last_error, R"(not_found: HTTP 404: nobody\x1b[31m here)");
  EXPECT_LE(status.last_error_at, clock_.Now());
  EXPECT_GT(status.last_error_at, absl::UnixEpoch());
}

}  // namespace
}  // namespace rocktune
