#include "llm/provider.h"

#include <cmath>
#include <string>

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/llm/wire_fixture.h"

namespace rocktune {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct PresetRow {
  const char* name;
  Dialect dialect;
  const char* host;
  const char* base_path;
  const char* variables;
  bool key_optional;
  const char* token_limit_field;
  const char* other_token_limit_field;
};

const PresetRow kPresets[] = {
    {"openai", Dialect::kOpenAiChat, "api.openai.com", "/v1", "OPENAI_API_KEY",
     false, "max_completion_tokens", "max_tokens"},
    {"openai-responses", Dialect::kOpenAiResponses, "api.openai.com", "/v1",
     "OPENAI_API_KEY", false, "max_output_tokens", ""},
    {"azure", Dialect::kOpenAiChat, "r.openai.azure.com", "/openai/v1",
     "AZURE_OPENAI_API_KEY", false, "max_completion_tokens", "max_tokens"},
    {"anthropic", Dialect::kAnthropic, "api.anthropic.com", "",
     "ANTHROPIC_API_KEY", false, "max_tokens", ""},
    {"gemini", Dialect::kGemini, "generativelanguage.googleapis.com", "",
     "GOOGLE_API_KEY GEMINI_API_KEY", false, "maxOutputTokens", ""},
    {"openrouter", Dialect::kOpenAiChat, "openrouter.ai", "/api/v1",
     "OPENROUTER_API_KEY", false, "max_tokens", "max_completion_tokens"},
    {"ollama", Dialect::kOpenAiChat, "127.0.0.1", "/v1", "OLLAMA_API_KEY", true,
     "max_tokens", ""},
    {"vllm", Dialect::kOpenAiChat, "127.0.0.1", "/v1", "VLLM_API_KEY", true,
     "max_tokens", "max_completion_tokens"},
    {"llama-cpp", Dialect::kOpenAiChat, "127.0.0.1", "/v1", "LLAMA_API_KEY",
     true, "max_tokens", ""},
    {"custom", Dialect::kOpenAiChat, "gateway.example", "/v1",
     "ROCKTUNE_LLM_KEY", true, "max_tokens", "max_completion_tokens"},
};

TEST(Provider, KnowsItsPresets) {
  std::vector<std::string> names;
  for (const PresetRow& row : kPresets) {
    SCOPED_TRACE(row.name);
    names.emplace_back(row.name);
    const Provider provider = ProviderOf(row.name);
    EXPECT_EQ(provider.name, row.name);
    EXPECT_EQ(provider.dialect, row.dialect);
    EXPECT_EQ(provider.endpoint.host, row.host);
    EXPECT_EQ(provider.endpoint.base_path, row.base_path);
    EXPECT_EQ(absl::StrJoin(provider.key.variables, " "), row.variables);
    EXPECT_EQ(provider.key.optional, row.key_optional);
    EXPECT_EQ(provider.key.credential, "llm-key");
    EXPECT_EQ(provider.token_limit_field, row.token_limit_field);
    EXPECT_EQ(provider.other_token_limit_field, row.other_token_limit_field);
    EXPECT_EQ(provider.first, Rung());
    EXPECT_TRUE(provider.may_step_down);
  }
  EXPECT_EQ(ProviderNames(), names);
}

TEST(Provider, TakesWhatTheOperatorSays) {
  ProviderConfig config = ConfigOf("ollama");
  config.base_url = "unix:/run/ollama.sock:/v1";
  config.key_env = "MY_KEY";
  config.key_file = "/etc/key";
  config.token_limit_field = "num_predict";
  config.structured = "json_object";
  config.reasoning_effort = "max";
  config.temperature = 0;
  config.extra_headers = {{"X-Team", "storage"}};
  const Provider provider = Resolved(config);
  EXPECT_EQ(provider.endpoint.socket_path, "/run/ollama.sock");
  EXPECT_THAT(provider.key.variables, ElementsAre("MY_KEY"));
  EXPECT_FALSE(provider.key.optional);  // it was asked for
  EXPECT_EQ(provider.key.file, "/etc/key");
  EXPECT_EQ(provider.token_limit_field, "num_predict");
  EXPECT_EQ(provider.other_token_limit_field, "max_tokens");
  EXPECT_EQ(provider.first.structured, Structured::kJsonObject);
  EXPECT_FALSE(provider.may_step_down);
  EXPECT_EQ(provider.reasoning_effort, "max");
  EXPECT_EQ(provider.temperature, 0);
  EXPECT_THAT(provider.extra_headers,
              ElementsAre(testing::Pair("x-team", "storage")));
}

struct ErrorRow {
  void (*spoil)(ProviderConfig*);
  const char* says;
};

const ErrorRow kErrors[] = {
    {[](ProviderConfig* c) { c->provider = "antropic"; },
     "the nearest is \"anthropic\"; known are openai, openai-responses, azure"},
    {[](ProviderConfig* c) { c->provider = ""; }, "provider is missing"},
    {[](ProviderConfig* c) { c->provider = "something-else-entirely"; },
     "unknown provider; known are openai"},
    {[](ProviderConfig* c) { c->model = ""; },
     "provider \"openai\" needs model"},
    {[](ProviderConfig* c) { c->model = std::string(257, 'm'); },
     "at most 256 bytes"},
    {[](ProviderConfig* c) { c->model = "a\nb"; }, "printable ASCII"},
    {[](ProviderConfig* c) { c->provider = "azure"; },
     "needs base_url, for example \"https://RESOURCE.openai.azure.com"},
    {[](ProviderConfig* c) { c->provider = "custom"; },
     "provider \"custom\" needs base_url"},
    {[](ProviderConfig* c) { c->provider = "llama-cpp"; },
     "needs base_url, for example \"http://127.0.0.1:8080/v1\""},
    {[](ProviderConfig* c) { c->base_url = "http://example.com"; },
     "base URL: http:// is for this machine only"},
    {[](ProviderConfig* c) { c->reasoning_effort = "huge"; },
     "is one of none, minimal, low, medium, high, xhigh, max"},
    {[](ProviderConfig* c) {
       c->provider = "anthropic";
       c->reasoning_effort = "minimal";
     },
     "is one of low, medium, high, xhigh, max"},
    {[](ProviderConfig* c) {
       c->provider = "gemini";
       c->reasoning_effort = "LOW";
     },
     "is one of minimal, low, medium, high"},
    {[](ProviderConfig* c) { c->structured = "yes"; },
     "auto, json_schema, json_object, plain"},
    {[](ProviderConfig* c) { c->temperature = -0.1; }, "from 0 to 2"},
    {[](ProviderConfig* c) { c->temperature = 2.1; }, "from 0 to 2"},
    {[](ProviderConfig* c) { c->temperature = std::nan(""); }, "from 0 to 2"},
    {[](ProviderConfig* c) { c->token_limit_field = "a b"; },
     "token_limit_field is a word"},
    {[](ProviderConfig* c) {
       c->extra_headers = {{"a b", "c"}};
     },
     "name of an extra header"},
    {[](ProviderConfig* c) {
       c->extra_headers = {{"", "c"}};
     },
     "name of an extra header"},
    {[](ProviderConfig* c) {
       c->extra_headers = {{"x", "a\r\nb: c"}};
     },
     "value of extra header \"x\""},
    {[](ProviderConfig* c) {
       c->extra_headers = {{"Host", "c"}};
     },
     "\"host\" is written by rocktune"},
    {[](ProviderConfig* c) {
       c->extra_headers = {{"Content-Length", "1"}};
     },
     "\"content-length\" is written by rocktune"},
    {[](ProviderConfig* c) {
       c->extra_headers = {{"Authorization", "c"}};
     },
     "\"authorization\" is written by rocktune"},
    {[](ProviderConfig* c) {
       c->extra_headers.resize(17, {"x", "y"});
     },
     "more than 16"},
};

TEST(Provider, SaysWhatIsWrongAndWhatIsKnown) {
  for (const ErrorRow& row : kErrors) {
    ProviderConfig config;
    config.provider = "openai";
    config.model = "m";
    row.spoil(&config);
    EXPECT_THAT(ResolveProvider(config),
                IsError(absl::StatusCode::kInvalidArgument, row.says));
  }
}

}  // namespace
}  // namespace rocktune
