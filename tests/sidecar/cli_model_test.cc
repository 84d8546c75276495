// What `rocktune llm`, `payload`, `ask` and `replay` show.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sidecar/cli_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CliModelTest : public CliTest {
 protected:
  CliModelTest() {
    ModelStatus status;
    status.provider = "ollama";
    status.model = "small\x1b[31m";
    status.endpoint = "localhost:11434";
    status.breaker = "open";
    status.breaker_reason = "3 calls in a row failed";
    status.form = "json_object";
    status.calls = 5;
    status.answers = 2;
    status.last_error = "connect: localhost:11434: refused";
    status.last_hour.calls = 3;
    status.per_hour.calls = 12;
    status.last_day = {5, 21'000, 900, 12'345};
    control_.model = status;
  }
};

TEST_F(CliModelTest, ShowsSpendBreakerAndLastErrorOfTheModel) {
  Start();
  const Outcome shown = Ask({"llm"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  for (const char* part :
       {"ollama at localhost:11434", "open: 3 calls in a row failed",
        "5 times, 2 usable answers", "refused", "3 of 12", "$0.0123"}) {
    EXPECT_THAT(shown.out, HasSubstr(part));
  }
  EXPECT_THAT(shown.out, Not(HasSubstr("\x1b[31m")));
}

TEST_F(CliModelTest, PrintsThePayloadAsItIsSent) {
  Start();
  EXPECT_EQ(Ask({"payload", "--database", "main"}).out, "{\"model\":\"m\"}\n");
}

TEST_F(CliModelTest, ShowsWhatAnAnswerWouldTryAndWhatWasNotRead) {
  Start();
  control_.asked.answer.outcome = CallOutcome::kOk;
  control_.asked.answer.parsed.proposal =
      Proposal{ProposalSource::kLlm, "more hands", {}};
  control_.asked.answer.parsed.summary = "more hands";
  control_.asked.answer.parsed.issues.push_back(
      {ReplyIssueCode::kUnknownOption, "", "", "no option \"warp_speed\""});
  control_.asked.result.change_set.changes.push_back(
      {{"max_background_jobs", ""}, "2", "4", "compactions wait"});
  const Outcome shown = Ask({"ask"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  for (const char* part : {"it says    more hands", "warp_speed",
                           "would be tried", "max_background_jobs"}) {
    EXPECT_THAT(shown.out, HasSubstr(part));
  }
}

TEST_F(CliModelTest, WaitsForAnAnswerAsLongAsTheServerLetsACallTake) {
  // The command adds 15 s, so that the server's word on it comes first; here
  // they are taken off, and the command gives up before the server does.
  control_.holds_asked = true;
  control_.model->call_limit = absl::Milliseconds(-14900);
  Start();
  const Outcome shown = Ask({"ask"});
  EXPECT_EQ(shown.exit_code, 5);
  EXPECT_THAT(shown.err, HasSubstr("no answer in time"));  // its own words
  control_.model->call_limit = absl::Minutes(3);
  const Outcome sooner = Ask({"ask", "--timeout", "0.05"});
  EXPECT_EQ(sooner.exit_code, 5) << sooner.err;
}

TEST_F(CliModelTest, SaysWhyThereWasNoAnswer) {
  Start();
  control_.asked.answer.outcome = CallOutcome::kTimeout;
  control_.asked.answer.error = "wait for reply: localhost: deadline";
  EXPECT_THAT(Ask({"ask"}).out, HasSubstr("no answer  wait for reply"));
}

TEST_F(CliModelTest, RefusesWithoutAModelAndSaysWhatToDo) {
  Start();
  control_.model = absl::FailedPreconditionError("set llm.provider");
  const Outcome shown = Ask({"llm"});
  EXPECT_EQ(shown.exit_code, 3);
  EXPECT_THAT(shown.err, HasSubstr("set llm.provider"));
}

TEST_F(CliModelTest, NamesARecordingThatIsNone) {
  Start();
  const Outcome shown = Ask({"replay", "no-such-folder"});
  EXPECT_NE(shown.exit_code, 0);
  EXPECT_THAT(shown.err, HasSubstr("no-such-folder"));
}

}  // namespace
}  // namespace rocktune
