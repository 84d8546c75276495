// What is written to a recording, what is kept out of it, and that it answers
// as the provider did.
#include "llm/recording.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "llm/model_replay.h"
#include "llm/recording_text.h"
#include "tests/llm/model_advisor_fixture.h"

namespace rocktune {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using Outcome = CallOutcome;
namespace fs = std::filesystem;

constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

mode_t ModeOf(const std::string& path) {
  struct stat about = {};
  EXPECT_EQ(stat(path.c_str(), &about), 0) << path;
  return about.st_mode & 0777u;
}

class RecordingTest : public ModelAdvisorTest {
 protected:
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(recording_)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string TextOf(const std::string& name) const {
    std::ifstream in(recording_ + "/" + name);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  void Put(const std::string& name, const std::string& text) {
    fs::create_directory(recording_);
    std::ofstream(recording_ + "/" + name) << text;
  }
  ModelConfig Recorded(uint16_t port, const DialectRow& dialect) {
    ModelConfig config = ConfigFor(port, dialect);
    config.record_dir = recording_;
    return config;
  }
  std::unique_ptr<ModelAdvisor> Replay() {
    ModelConfig config;
    config.replay_dir = recording_;
    return Create(config);
  }
  // One file's text, good.
  static std::string Sample(Outcome outcome = Outcome::kOk, int call = 1) {
    RecordedExchange exchange;
    exchange.call = call;
    exchange.provider = "azure";  // whose address is the operator's
    exchange.model = "m";
    exchange.families = 3;
    exchange.began = absl::FromUnixSeconds(1767225600);
    exchange.outcome = outcome;
    exchange.result.failure = outcome;
    exchange.result.error = outcome == Outcome::kOk ? "" : "trouble";
    if (outcome == Outcome::kOk) {
      exchange.result.reply.status = 200;
      exchange.result.reply.body = OpenAiChatReply(kAdvice);
    }
    return WriteExchange(exchange, {});
  }

  const std::string recording_ = dir_ / "recording";
};

TEST_F(RecordingTest, AnswersAsTheProviderDidInEveryDialect) {
  for (const DialectRow& dialect : kDialectRows) {
    SCOPED_TRACE(dialect.preset);
    fs::remove_all(recording_);
    ScriptedProvider provider(&Ca(), {});
    for (const char* text : {kAdvice, kUseless, kNoChange}) {
      provider.Push(acts::Reply(200, dialect.reply(text)));
    }
    provider.Push(acts::Reply(400, "too many changes\xff"));
    provider.Push(acts::Reply(200, dialect.reply(kAdvice)));
    provider.Push(acts::Reply(404, "{}"));
    auto live = Create(Recorded(provider.port(), dialect));
    std::vector<ModelAnswer> answers;
    for (int i = 0; i < 4; ++i) answers.push_back(Ask(live.get()));
    EXPECT_EQ(answers[1].attempts, 2);
    EXPECT_EQ(answers[2].attempts, 2);
    provider.Stop();

    unlink((dir_ / "key").c_str());
    auto replay = Replay();
    for (const ModelAnswer& was : answers) {
      const ModelAnswer is = Ask(replay.get());
      EXPECT_EQ(is.outcome, was.outcome);
      EXPECT_EQ(is.error, was.error);
      EXPECT_EQ(AdviceIn(is.parsed), AdviceIn(was.parsed));
      EXPECT_EQ(is.attempts, was.attempts);
      EXPECT_EQ(is.usage.output, was.usage.output);
      EXPECT_EQ(is.model, was.model);
      if (is.parsed.proposal) {
        EXPECT_EQ(is.parsed.proposal->source, ProposalSource::kReplay);
      }
    }
    for (int i = 0; i < 2; ++i) {
      const ModelAnswer over = Ask(replay.get());
      EXPECT_EQ(over.outcome, Outcome::kNetwork);
      EXPECT_EQ(over.error, "the recording is over");
    }
    EXPECT_EQ(replay->Status().calls, 6u);
    EXPECT_EQ(replay->Status().answers, 3u);
    EXPECT_EQ(replay->Status().endpoint, "recording");
    WriteKey(kCanary);
  }
}

TEST_F(RecordingTest, HoldsTheWholeExchangeInFilesForTheOwnerOnly) {
  ScriptedProvider provider(&Ca(), {});
  provider.Push(acts::Reply(200, OpenAiChatReply(kAdvice),
                            {{"X-Request-Id", "r-1"},
                             {"Set-Cookie", "session=1"},
                             {"OpenAI-Organization", "acme"}}));
  provider.Push(acts::TruncatedBody());
  provider.Push(acts::Reply(404, "{}"));
  ModelConfig config = Recorded(provider.port(), kDialectRows[0]);
  config.provider.extra_headers = {{"x-gateway", "v"}};
  auto advisor = Create(config);
  Ask(advisor.get());
  Ask(advisor.get());
  EXPECT_EQ(ModeOf(recording_), 0700u);
  EXPECT_THAT(Files(), ElementsAre("0001-ok.json", "0002-network.json",
                                   "0003-not_found.json"));
  for (const std::string& name : Files()) {
    EXPECT_EQ(ModeOf(recording_ + "/" + name), 0600u);
    EXPECT_THAT(TextOf(name), Not(HasSubstr("session=1")));
    EXPECT_THAT(TextOf(name), Not(HasSubstr("acme")));
  }

  const auto read = ReadRecording(recording_);
  ASSERT_OK(read);
  ASSERT_THAT(*read, SizeIs(3));
  const RecordedExchange& first = (*read)[0];
  const ModelQuestion asked = SmallAsk().question;
  EXPECT_EQ(first.file, "0001-ok.json");
  EXPECT_EQ(first.provider, "openai");
  EXPECT_EQ(first.model, "some-model");
  EXPECT_EQ(first.families, 3);
  EXPECT_EQ(first.target, "/v1/chat/completions");
  EXPECT_EQ(first.body, provider.requests()[0].body);
  EXPECT_THAT(first.secret_headers, ElementsAre("x-gateway", "authorization"));
  for (const auto& [name, value] : first.headers) {
    EXPECT_THAT(first.secret_headers, Not(Contains(name)));
  }
  EXPECT_EQ(first.question.instructions, asked.instructions);
  EXPECT_EQ(first.question.facts, asked.facts);
  EXPECT_EQ(first.question.schema_json, asked.schema_json);
  EXPECT_EQ(first.question.max_output_tokens, asked.max_output_tokens);
  EXPECT_EQ(first.rung, Rung());
  EXPECT_EQ(first.result.reply.status, 200);
  EXPECT_EQ(first.result.reply.body, OpenAiChatReply(kAdvice));
  ASSERT_NE(first.result.reply.Header("x-request-id"), nullptr);
  EXPECT_EQ(first.outcome, Outcome::kOk);
  EXPECT_GT(first.began, absl::UnixEpoch());
  EXPECT_EQ((*read)[1].result.failure, Outcome::kNetwork);
  EXPECT_THAT((*read)[1].error, HasSubstr("closed"));
  EXPECT_EQ((*read)[1].call, 2);
  EXPECT_EQ((*read)[2].call, 2) << "tried again in the same call";
  EXPECT_THAT(CallsOf(*read), SizeIs(2));
}

TEST_F(RecordingTest, NoWayOfEchoingTheKeyBringsItIntoTheFolder) {
  const std::string escaped =
      absl::StrReplaceAll(kCanary, {{"-", R"(\u002d)"}});
  ScriptedProvider provider(&Ca(), {});
  const acts::Headers headers = {{"X-Request-Id", kCanary},
                                 {"X-Echo", absl::StrCat("Bearer ", kCanary)},
                                 {"X-Echo-2", "another-canary-0815"}};
  for (const std::string& echo : {std::string(kCanary), escaped}) {
    provider.Push(acts::Reply(
        404, absl::StrCat(R"({"error":{"message":"bad key )", echo, R"("}})"),
        headers));
    provider.Push(acts::Reply(
        200,
        absl::StrCat(R"({"model":")", echo, R"(","choices":[{"message":)",
                     R"({"content":"key )", echo, R"("}}]})"),
        headers));
    provider.Push(acts::Reply(403, absl::StrCat("who is ", echo, "?\xff")));
  }
  ManualClock clock;
  ModelConfig config = Recorded(provider.port(), kDialectRows[0]);
  config.provider.extra_headers = {{"x-gateway", "another-canary-0815"}};
  auto advisor = Create(config, &clock);
  for (int i = 0; i < 4; ++i) {  // the prose is asked for twice
    Ask(advisor.get());
    clock.now += absl::Hours(1);  // past every breaker
    EXPECT_THAT(advisor->Status().last_error, Not(HasSubstr("canary-4711")));
    EXPECT_THAT(advisor->Status().breaker_reason,
                Not(HasSubstr("canary-4711")));
  }
  EXPECT_THAT(Files(), SizeIs(6));
  for (const std::string& name : Files()) {
    const std::string text = TextOf(name);
    for (const char* secret : {"canary-4711", "canary-0815"}) {
      EXPECT_THAT(text, Not(HasSubstr(secret))) << name;
    }
    if (name.find("auth") != name.npos) continue;  // no JSON: bytes as sent
    EXPECT_THAT(text, Not(HasSubstr("4711"))) << name;
  }
}

TEST_F(RecordingTest, GoesOnBehindWhatIsThere) {
  ScriptedProvider provider(&Ca(), {});
  provider.AnswerWith([](const ScriptedRequest&) {
    return acts::Reply(200, OpenAiChatReply(kAdvice));
  });
  for (int process = 0; process < 2; ++process) {
    Ask(Create(Recorded(provider.port(), kDialectRows[0])).get());
  }
  Put(".0003-ok.json.tmp", "left by a process that was killed");
  Ask(Create(Recorded(provider.port(), kDialectRows[0])).get());
  EXPECT_THAT(Files(),
              ElementsAre("0001-ok.json", "0002-ok.json", "0003-ok.json"));
  const auto read = ReadRecording(recording_);
  ASSERT_OK(read);
  EXPECT_THAT(CallsOf(*read), SizeIs(3));
}

TEST_F(RecordingTest, WhenFullSaysSoOnceAndTheCallsGoOn) {
  ScriptedProvider provider(&Ca(), {});
  provider.AnswerWith([](const ScriptedRequest&) {
    return acts::Reply(200, OpenAiChatReply(kAdvice));
  });
  Put(absl::StrCat(kMaxRecordedExchanges, "-ok.json"), Sample());
  auto advisor = Create(Recorded(provider.port(), kDialectRows[0]));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Ask(advisor.get()).outcome, Outcome::kOk);
  }
  EXPECT_THAT(advisor->Status().last_error, HasSubstr("full, nothing more"));
  EXPECT_THAT(Files(), SizeIs(1));
}

TEST_F(RecordingTest, ThatCannotBeWrittenIsToldAndTheCallsGoOn) {
  ScriptedProvider provider(&Ca(), {});
  provider.Push(acts::Reply(200, OpenAiChatReply(kAdvice)));
  auto advisor = Create(Recorded(provider.port(), kDialectRows[0]));
  fs::remove_all(recording_);
  EXPECT_EQ(AdviceIn(Ask(advisor.get()).parsed), kAdviceRead);
  EXPECT_THAT(advisor->Status().last_error, HasSubstr("No such file"));
}

TEST_F(RecordingTest, IsRefusedWithTheFilesNameWhenItIsBroken) {
  const std::string good = Sample();
  const struct {
    const char* name;
    std::string text;
    const char* says;
  } kRows[] = {
      {"notes.txt", "hello", "notes.txt: no file of a recording"},
      {"0000-ok.json", good, "no file of a recording"},
      {"0001-ok.json", "", "0001-ok.json: empty"},
      {"0001-ok.json", good.substr(0, good.size() / 2), "not JSON"},
      {"0001-ok.json", "[]", "not of format 1"},
      {"0001-ok.json", "{}", "not of format 1"},
      {"0001-ok.json",
       absl::StrReplaceAll(good, {{"\"format\":1", "\"format\":2"}}),
       "not of format 1"},
      {"0001-ok.json",
       absl::StrReplaceAll(good, {{"openai-chat", "smoke-signals"}}),
       "\"dialect\""},
      {"0001-ok.json", absl::StrReplaceAll(good, {{"2026-", "when-"}}),
       "\"began\""},
      {"0001-ok.json", absl::StrReplaceAll(good, {{"\"result\"", "\"r\""}}),
       "result is missing"},
      {"0001-ok.json",
       absl::StrReplaceAll(good, {{"\"model\":\"m\"", "\"model\":7"}}),
       "\"model\" is a number, not text"},
      {"0001-ok.json", std::string(kMaxRecordingFileBytes + 1, ' '),
       "too large"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.says);
    fs::remove_all(recording_);
    Put("0002-ok.json", good);
    Put(row.name, row.text);
    EXPECT_THAT(ReadRecording(recording_), IsError(kPrecondition, row.says));
  }
  fs::remove_all(recording_);
  EXPECT_THAT(ReadRecording(recording_), IsError(kPrecondition, recording_));
  fs::create_directory(recording_);
  EXPECT_THAT(ReadRecording(recording_),
              IsError(kPrecondition, "holds no exchange"));
}

TEST_F(RecordingTest, IsReadByNumberAndReplaysTheFirstReplyOfUse) {
  Put("0010-ok.json", Sample());
  Put("0002-timeout.json", Sample(Outcome::kTimeout));
  Put("0011-timeout.json", Sample(Outcome::kTimeout));
  Put("10000-network.json", Sample(Outcome::kNetwork, 9));
  auto replay = Replay();
  EXPECT_EQ(replay->Status().provider, "azure");
  EXPECT_THAT(replay->Payload(SmallAsk().question), HasSubstr("\"model\":"));
  const ModelAnswer first = Ask(replay.get());
  EXPECT_EQ(AdviceIn(first.parsed), kAdviceRead);
  EXPECT_EQ(first.attempts, 2);
  const ModelAnswer second = Ask(replay.get());
  EXPECT_EQ(second.outcome, Outcome::kNetwork);
  EXPECT_EQ(second.error, "trouble");
  EXPECT_EQ(replay->Status().last_error, "network: trouble");
}

TEST_F(RecordingTest, ReplaysOneCallAtATimeAndForgetsThemWhenDestroyed) {
  Put("0001-ok.json", Sample());
  auto replay = Replay();
  std::optional<ModelAnswer> first, second;
  Begin(replay.get(), &first);
  EXPECT_TRUE(replay->busy());
  Begin(replay.get(), &second);
  RunLoop();
  EXPECT_EQ(first->outcome, Outcome::kOk);
  EXPECT_EQ(second->error, "another call runs");
  Begin(replay.get(), &first);
  replay = nullptr;
  RunLoop();
  EXPECT_FALSE(first.has_value());
}

TEST_F(RecordingTest, KnowsItsDatabaseByNumbersOnly) {
  const auto exchange = ReadExchange(Sample());
  ASSERT_OK(exchange);
  const DatabaseFacts database = RecordedDatabase(*exchange);
  ASSERT_THAT(database.column_families, SizeIs(3));
  EXPECT_EQ(database.column_families[2].name, "cf2");
  const ModelAsk ask = SmallAsk();
  const ModelAnswer answer =
      ReplayCall({&*exchange, 1}, {*ask.catalogue, database});
  EXPECT_EQ(AdviceIn(answer.parsed), "write_buffer_size[cf1]=128MiB");
}

}  // namespace
}  // namespace rocktune
