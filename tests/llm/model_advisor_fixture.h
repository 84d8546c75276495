// Whole calls against a scripted provider: as many at once as a table has
// rows, so that their waits pass together.
#ifndef ROCKTUNE_TESTS_LLM_MODEL_ADVISOR_FIXTURE_H_
#define ROCKTUNE_TESTS_LLM_MODEL_ADVISOR_FIXTURE_H_

#include <sys/stat.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "llm/model_advisor.h"
#include "sidecar/steady_clock.h"
#include "tests/fakes/dialect_replies.h"
#include "tests/llm/ask_fixture.h"
#include "tests/llm/http_client_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {

struct DialectRow {
  const char* preset;
  const char* base_path;
  const char* target;
  const char* key_header;
  std::string (*reply)(const std::string& text);
};

inline constexpr DialectRow kDialectRows[] = {
    {"openai", "/v1", "/v1/chat/completions", "authorization", OpenAiChatReply},
    {"openai-responses", "/v1", "/v1/responses", "authorization",
     ResponsesReply},
    {"anthropic", "", "/v1/messages", "x-api-key", AnthropicReply},
    {"gemini", "", "/v1beta/models/some-model:generateContent",
     "x-goog-api-key", GeminiReply},
};

class ModelAdvisorTest : public HttpClientTest {
 protected:
  ModelAdvisorTest() { WriteKey(kCanary); }

  void WriteKey(const std::string& key) {
    Write("key", key + "\n");
    ::chmod((dir_ / "key").c_str(), 0600);
  }

  // For a provider at that port of this machine.
  ModelConfig ConfigFor(uint16_t port,
                        const DialectRow& dialect = kDialectRows[0]) {
    ModelConfig config;
    config.provider.provider = dialect.preset;
    config.provider.model = "some-model";
    config.provider.base_url =
        "https://localhost:" + std::to_string(port) + dialect.base_path;
    config.provider.key_file = dir_ / "key";
    config.transport = Config();
    config.call_limit = kLong;
    return config;
  }

  std::unique_ptr<ModelAdvisor> Create(const ModelConfig& config,
                                       const Clock* clock = nullptr) {
    auto advisor = ModelAdvisor::Create(
        config, &context_, clock != nullptr ? clock : &clock_, 4711);
    EXPECT_OK(advisor);
    return advisor.ok() ? *std::move(advisor) : nullptr;
  }

  // Asks; the answer arrives in `to` when the loop runs.
  static void Begin(ModelAdvisor* advisor, std::optional<ModelAnswer>* to) {
    to->reset();
    advisor->Ask(SmallAsk(), [to](ModelAnswer answer) {
      EXPECT_FALSE(to->has_value()) << "answered twice";
      *to = std::move(answer);
    });
    EXPECT_FALSE(to->has_value()) << "answered inside Ask";
  }

  void RunLoop() {
    context_.restart();
    context_.run();
  }

  ModelAnswer Ask(ModelAdvisor* advisor) {
    std::optional<ModelAnswer> answer;
    Begin(advisor, &answer);
    RunLoop();
    EXPECT_TRUE(answer.has_value()) << "never answered";
    if (!answer) return ModelAnswer();
    EXPECT_THAT(answer->error, ::testing::Not(::testing::HasSubstr(kCanary)));
    return *std::move(answer);
  }

  const SteadyClock clock_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_LLM_MODEL_ADVISOR_FIXTURE_H_
