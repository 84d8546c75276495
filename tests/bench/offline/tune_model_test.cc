// The offline loop with a model, and with a recording of it.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/bench/offline/tune_fixture.h"
#include "tests/fakes/acts.h"
#include "tests/fakes/dialect_replies.h"
#include "tests/fakes/scripted_provider.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

// One that nothing but this reply would try.
constexpr char kReply[] =
    R"({"analysis":"more hands","changes":[{"option":"max_background_jobs",)"
    R"("scope":"all","value":"5","reason":"more hands","expected_effect":)"
    R"("shorter stalls"}]})";

class TuneModelTest : public TuneTest {
 protected:
  TuneModelTest() : provider_(nullptr, {.kind = Endpoint::Kind::kHttp}) {
    std::ofstream(dir_ / "key") << "a-key";
    ::chmod((dir_ / "key").c_str(), 0600);
    provider_.AnswerWith([](const ScriptedRequest&) {
      return acts::Reply(200, OpenAiChatReply(kReply));
    });
  }

  std::vector<std::string> Asking(std::vector<std::string> more) {
    std::vector<std::string> words = {
        "--iterations",
        "1",
        "--provider",
        "custom",
        "--model",
        "scripted",
        "--provider-url",
        absl::StrCat("http://127.0.0.1:", provider_.port(), "/v1"),
        "--key-file",
        dir_ / "key"};
    words.insert(words.end(), more.begin(), more.end());
    return With(Script(kFormula), words);
  }

  ScriptedProvider provider_;
};

TEST_F(TuneModelTest, TriesWhatTheModelSaysAndARecordingSaysItAgain) {
  const Outcome asked =
      Tune(dir_ / "asked",
           Asking({"--advisor", "llm", "--record", dir_ / "recorded"}));
  ASSERT_EQ(asked.exit_code, 0) << asked.output;
  const auto result = Json(dir_ / "asked/result.json");
  const auto& step = result.at("steps").as_array().at(0).as_object();
  EXPECT_EQ(step.at("source").as_string(), "llm");
  EXPECT_EQ(step.at("verdict").as_string(), "kept");
  EXPECT_EQ(result.at("tokens").to_number<int>(), 1200);
  ASSERT_EQ(provider_.requests().size(), 1u);

  const Outcome again =
      Tune(dir_ / "again",
           Asking({"--advisor", "replay", "--replay", dir_ / "recorded"}));
  ASSERT_EQ(again.exit_code, 0) << again.output;
  EXPECT_EQ(provider_.requests().size(), 1u) << "a recording asks nobody";
  EXPECT_EQ(TextOf(dir_ / "again/OPTIONS"), TextOf(dir_ / "asked/OPTIONS"));
  EXPECT_EQ(Json(dir_ / "again/result.json")
                .at("steps")
                .as_array()
                .at(0)
                .at("source")
                .as_string(),
            "replay");
}

TEST_F(TuneModelTest, GoesOnWithTheExpertWhenNobodyAnswers) {
  provider_.Stop();
  const Outcome outcome = Tune(dir_ / "out", Asking({"--advisor", "llm"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("the model was not heard"));
  EXPECT_EQ(Json(dir_ / "out/result.json")
                .at("steps")
                .as_array()
                .at(0)
                .at("source")
                .as_string(),
            "expert");
}

}  // namespace
}  // namespace rocktune
