// Everything a provider can do wrong, and what the advisor makes of it: one
// row each with what is sent, what is reported and after how many attempts.
#include <deque>

#include "absl/strings/str_cat.h"
#include "tests/llm/model_advisor_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using Outcome = CallOutcome;

struct Row {
  std::string name;
  std::vector<Act> acts;  // one a connection; the last for all that follow
  Outcome outcome = Outcome::kOk;
  int attempts = 1;
  std::string says;  // part of the error
  absl::Duration limit = kLong;
  int dialect = 0;  // of kDialectRows
};

Act Good() { return acts::Reply(200, OpenAiChatReply(kAdvice)); }

Act Chat(const std::string& message, const std::string& ending) {
  return acts::Reply(
      200, absl::StrCat(R"({"model":"m","choices":[{"message":)", message,
                        R"(,"finish_reason":")", ending, R"("}]})"));
}

Act Status(int status, const acts::Headers& headers = {}) {
  return acts::Reply(status, R"({"error":{"message":"scripted trouble"}})",
                     headers);
}

Act Limited(const std::string& retry_after) {
  return Status(429, {{"Retry-After", retry_after}});
}

std::string HttpDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", time,
                          absl::UTCTimeZone());
}

// What the transport notices.
std::vector<Row> TransportRows() {
  constexpr auto kNetwork = Outcome::kNetwork;
  constexpr auto kInvalid = Outcome::kInvalidReply;
  constexpr auto kTimeout = Outcome::kTimeout;
  constexpr auto kTls = Outcome::kTls;
  return {
      {"black hole", {acts::BlackHole()}, kTimeout, 1, "within 750ms", kShort},
      {"slow loris", {acts::SlowLoris()}, kTimeout, 1, "within 750ms", kShort},
      {"silent before TLS", {acts::SilentBeforeTls()}, kTimeout, 1, "", kShort},
      {"stops in the body", {acts::StopsInBody()}, kTimeout, 1, "", kShort},
      {"closes without reply",
       {acts::CloseWithoutReply()},
       kNetwork,
       3,
       "closed"},
      {"resets in the body", {acts::ResetInBody()}, kNetwork, 3, "reset"},
      {"half close", {acts::HalfCloseInBody()}, kNetwork, 3, "closed"},
      {"truncated", {acts::TruncatedBody()}, kNetwork, 3, "closed"},
      {"truncated once", {acts::TruncatedBody(), Good()}, Outcome::kOk, 2},
      {"wrong host",
       {acts::Presents(TestCertificate::kWrongHost)},
       kTls,
       1,
       "hostname mismatch"},
      {"expired",
       {acts::Presents(TestCertificate::kExpired)},
       kTls,
       1,
       "expired"},
      {"self-signed",
       {acts::Presents(TestCertificate::kSelfSigned)},
       kTls,
       1,
       "self-signed"},
      {"no TLS", {acts::NoTls()}, kTls, 1, "TLS handshake"},
      {"length twice", {acts::DuplicateLength()}, kInvalid, 1, "twice"},
      {"two lengths", {acts::ConflictingLengths()}, kInvalid, 1, "broken HTTP"},
      {"bad chunks", {acts::ChunkedGarbage()}, kInvalid, 1, "broken HTTP"},
      {"256 MiB", {acts::HugeBody()}, kInvalid, 1, "256 KiB"},
      {"256 MiB in chunks", {acts::HugeChunks()}, kInvalid, 1, "256 KiB"},
      {"256 MiB announced", {acts::HugeLength()}, kInvalid, 1, "256 KiB"},
      {"endless headers", {acts::EndlessHeaders()}, kInvalid, 1, "16 KiB"},
      {"compressed", {acts::Compressed()}, kInvalid, 1, "compressed"},
      {"no HTTP", {acts::NoHttp()}, kInvalid, 1, "broken HTTP"},
      {"redirect",
       {acts::Redirect()},
       Outcome::kBadRequest,
       1,
       "redirected to another place, not followed"},
  };
}

std::vector<Row> StatusRows(absl::Time now) {
  constexpr auto kLimited = Outcome::kRateLimited;
  constexpr auto kBusy = Outcome::kOverloaded;
  return {
      {"401", {Status(401)}, Outcome::kAuth, 1, "scripted trouble"},
      {"402", {Status(402)}, Outcome::kQuotaExhausted, 1, "HTTP 402"},
      {"403", {Status(403)}, Outcome::kAuth, 1, "HTTP 403"},
      {"404", {Status(404)}, Outcome::kNotFound, 1, "HTTP 404"},
      {"408", {Status(408)}, Outcome::kTimeout, 3, "HTTP 408"},
      {"409", {Status(409)}, kBusy, 3, "HTTP 409"},
      {"409 once", {Status(409), Good()}, Outcome::kOk, 2},
      {"413", {Status(413)}, Outcome::kTooLarge, 1, "HTTP 413"},
      {"422", {Status(422)}, Outcome::kBadRequest, 3, "HTTP 422"},
      {"429", {Status(429)}, kLimited, 3, "HTTP 429"},
      {"429 for 1 s", {Limited("1"), Good()}, Outcome::kOk, 2},
      {"429 for ever", {Limited("0")}, kLimited, 3, "HTTP 429"},
      {"429 until soon",
       {Limited(HttpDate(now + absl::Seconds(2))), Good()},
       Outcome::kOk,
       2},
      {"429 until then",
       {Limited(HttpDate(now + absl::Hours(9)))},
       kLimited,
       1,
       "HTTP 429"},
      {"429 for 10 days", {Limited("864000")}, kLimited, 1, "HTTP 429"},
      {"429 past the limit", {Limited("100")}, kLimited, 1, "HTTP 429"},
      {"429, garbage", {Limited("soon"), Good()}, Outcome::kOk, 2},
      {"no credit",
       {acts::Reply(429, R"({"error":{"code":"insufficient_quota"}})")},
       Outcome::kQuotaExhausted,
       1,
       "insufficient_quota"},
      {"500", {Status(500)}, kBusy, 3, "HTTP 500"},
      {"502", {acts::Reply(502, "<html>Bad Gateway</html>")}, kBusy, 3, "page"},
      {"503 twice", {Status(503), Status(503), Good()}, Outcome::kOk, 3},
      {"504", {Status(504)}, Outcome::kTimeout, 3, "HTTP 504"},
      {"529", {Status(529)}, kBusy, 3, "HTTP 529"},
  };
}

// Good HTTP with something else than a good answer in it.
std::vector<Row> ContentRows() {
  constexpr auto kInvalid = Outcome::kInvalidReply;
  const std::string cut = R"({"content":"{\"changes\":[{\"option\":\"wri"})";
  const std::string called =
      R"({"content":null,"tool_calls":[{"id":"1","type":"function",)"
      R"("function":{"name":"tune","arguments":"{}"}}]})";
  const std::string thinks = absl::StrCat(
      R"({"model":"m","content":[{"type":"thinking","thinking":"Hm."},)",
      R"({"type":"text","text":"{\"changes\":[]}"}],)",
      R"("stop_reason":"end_turn"})");
  return {
      {"200 with an error",
       {acts::Reply(200, R"({"error":{"message":"gone","code":502}})")},
       Outcome::kOverloaded,
       3,
       "gone"},
      {"deep JSON",
       {acts::Reply(200, std::string(10'000, '[') + std::string(10'000, ']'))},
       kInvalid,
       1,
       "nested too deep"},
      {"no UTF-8",
       {acts::Reply(200, "{\"choices\":[\"\xff\xfe\"]}")},
       kInvalid,
       1,
       "UTF-8"},
      {"no JSON", {acts::Reply(200, "hello")}, kInvalid, 1, "not JSON"},
      {"refusal",
       {Chat(R"({"content":null,"refusal":"I won't"})", "stop")},
       Outcome::kRefused,
       1,
       "I won't"},
      {"cut", {Chat(cut, "length")}, Outcome::kTruncated, 2, "cut"},
      {"cut once", {Chat(cut, "length"), Good()}, Outcome::kOk, 2},
      {"content filter",
       {Chat(R"({"content":""})", "content_filter")},
       Outcome::kRefused,
       1,
       "filter"},
      {"400 of a filter",
       {acts::Reply(400, R"({"error":{"code":"content_filter"}})")},
       Outcome::kRefused,
       1,
       "content_filter"},
      {"empty choices",
       {acts::Reply(200, R"({"choices":[]})")},
       kInvalid,
       1,
       "no choices"},
      {"tool calls", {Chat(called, "tool_calls")}, kInvalid, 1, "tool"},
      {"null content",
       {Chat(R"({"content":null})", "stop")},
       kInvalid,
       1,
       "no text"},
      {"thinking first",
       {acts::Reply(200, thinks)},
       Outcome::kOk,
       1,
       "",
       kLong,
       2},
      {"prose", {acts::Reply(200, OpenAiChatReply(kUseless))}, Outcome::kOk, 2},
      {"prose, then good",
       {acts::Reply(200, OpenAiChatReply(kUseless)), Good()},
       Outcome::kOk,
       2},
  };
}

class MisbehaviourTest : public ModelAdvisorTest {
 protected:
  // Stands still: the providers of all rows, each with an advisor.
  struct Case {
    Case(const TestCa* ca, Row given)
        : row(std::move(given)), provider(ca, {}) {
      constexpr int kMoreThanAsked = 12;
      for (const Act& act : row.acts) provider.Push(act);
      for (int i = 0; i < kMoreThanAsked; ++i) provider.Push(row.acts.back());
    }
    const Row row;
    ScriptedProvider provider;
    std::unique_ptr<ModelAdvisor> advisor;
    std::optional<ModelAnswer> answer;
  };

  void Check(const std::vector<Row>& rows) {
    std::deque<Case> cases;
    for (const Row& row : rows) {
      Case& added = cases.emplace_back(&Ca(), row);
      ModelConfig config =
          ConfigFor(added.provider.port(), kDialectRows[row.dialect]);
      config.call_limit = row.limit;
      added.advisor = Create(config);
      Begin(added.advisor.get(), &added.answer);
    }
    RunLoop();
    for (const Case& each : cases) {
      SCOPED_TRACE(each.row.name);
      ASSERT_TRUE(each.answer.has_value()) << "never answered";
      const ModelAnswer& answer = *each.answer;
      EXPECT_EQ(answer.outcome, each.row.outcome) << answer.error;
      EXPECT_EQ(answer.attempts, each.row.attempts) << answer.error;
      EXPECT_THAT(answer.error, HasSubstr(each.row.says));
      EXPECT_THAT(answer.error, ::testing::Not(HasSubstr(kCanary)));
      EXPECT_EQ(answer.error.empty(), answer.outcome == Outcome::kOk);
      EXPECT_LE(answer.error.size(), 300u);
      const ModelStatus status = each.advisor->Status();
      EXPECT_FALSE(status.busy);
      EXPECT_THAT(status.last_error, HasSubstr(each.row.says));
    }
  }
};

TEST_F(MisbehaviourTest, OfTheTransportIsReportedByRow) {
  Check(TransportRows());
}

TEST_F(MisbehaviourTest, OfStatusIsReportedByRow) {
  Check(StatusRows(clock_.Now()));
}

TEST_F(MisbehaviourTest, OfContentIsReportedByRow) { Check(ContentRows()); }

TEST_F(MisbehaviourTest, OfNobodyThereIsReportedAfterThreeAttempts) {
  auto advisor = Create(ConfigFor(RefusingPort()));
  const ModelAnswer answer = Ask(advisor.get());
  EXPECT_EQ(answer.outcome, Outcome::kNetwork);
  EXPECT_EQ(answer.attempts, 3);
  EXPECT_THAT(answer.error, HasSubstr("Connection refused"));
  EXPECT_EQ(advisor->Status().last_day, Spend()) << "nobody was asked";
}

// A server that knows less than we ask for.
struct PartRow {
  int dialect;
  const char* part;       // of the request's body, that is refused
  const char* complaint;  // how
  int attempts;           // until it is gone
};

constexpr PartRow kPartRows[] = {
    {0, "json_schema", "response_format json_schema is not supported", 2},
    {0, "response_format", "unknown field response_format", 3},
    {0, "response_format", "bad request", 3},
    {0, "reasoning_effort", "reasoning_effort is not supported", 2},
    {0, "temperature", "temperature is not supported", 2},
    {0, "max_completion_tokens", "unknown max_completion_tokens", 2},
    {1, "json_schema", "text.format of json_schema", 2},
    {1, "\"format\"", "text.format", 3},
    {1, "\"reasoning\"", "reasoning.effort is not supported", 2},
    {1, "temperature", "temperature is not supported", 2},
    {2, "\"format\"", "output_config.format: unexpected", 2},
    {2, "\"effort\"", "output_config.effort: unexpected", 2},
    {2, "temperature", "temperature is deprecated", 2},
    {3, "responseJsonSchema", "Unknown name responseJsonSchema", 2},
    {3, "responseMimeType", "Unknown name responseMimeType", 3},
    {3, "thinkingConfig", "thinkingConfig is not supported", 2},
    {3, "temperature", "temperature is not supported", 2},
};

TEST_F(MisbehaviourTest, OfARefusedPartCostsStepsOnceAndNeverAgain) {
  for (const PartRow& row : kPartRows) {
    SCOPED_TRACE(absl::StrCat(kDialectRows[row.dialect].preset, " ", row.part));
    const DialectRow& dialect = kDialectRows[row.dialect];
    ScriptedProvider provider(&Ca(), {});
    provider.AnswerWith([&](const ScriptedRequest& request) {
      if (request.body.find(row.part) == std::string::npos) {
        return acts::Reply(200, dialect.reply(kAdvice));
      }
      return acts::Reply(400, absl::StrCat(R"({"error":{"message":")",
                                           row.complaint, R"("}})"));
    });
    ModelConfig config = ConfigFor(provider.port(), dialect);
    config.provider.temperature = 0.5;
    config.provider.reasoning_effort = "low";
    auto advisor = Create(config);
    const ModelAnswer first = Ask(advisor.get());
    EXPECT_EQ(first.outcome, Outcome::kOk) << first.error;
    EXPECT_EQ(first.attempts, row.attempts);
    EXPECT_THAT(provider.requests()[0].body, HasSubstr(row.part));
    const ModelAnswer second = Ask(advisor.get());
    EXPECT_EQ(second.attempts, 1);
    EXPECT_EQ(AdviceIn(second.parsed), kAdviceRead);
  }
}

TEST_F(MisbehaviourTest, OfAServerThatRefusesEverythingEndsAfterTheLadder) {
  ScriptedProvider provider(&Ca(), {});
  provider.AnswerWith([](const ScriptedRequest&) { return Status(400); });
  auto advisor = Create(ConfigFor(provider.port()));
  const ModelAnswer answer = Ask(advisor.get());
  EXPECT_EQ(answer.outcome, Outcome::kBadRequest);
  EXPECT_THAT(provider.requests(), SizeIs(3));
  EXPECT_EQ(advisor->Status().form, "json_schema") << "nothing has worked";
}

}  // namespace
}  // namespace rocktune
