// Every request, byte for byte.
#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/llm/wire_fixture.h"

namespace rocktune {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

struct BodyRow {
  const char* provider;
  Structured structured;
  const char* target;
  const char* body;
};

const char kAsksInWords[] =
    R"(Tune \"it\".\n\nReply with one JSON object and nothing else. It holds )"
    R"(to this JSON schema:\n{\"type\":\"object\",\"properties\":{\"b\":{},)"
    R"(\"a\":{}}})";

// "$WORDS" stands for kAsksInWords.
const BodyRow kBodies[] = {
    {"openai", Structured::kJsonSchema, "/v1/chat/completions",
     R"({"model":"some-model","messages":[{"role":"system","content":)"
     R"("Tune \"it\"."},{"role":"user","content":"gets 5/s\nputs 7/s"}],)"
     R"("response_format":{"type":"json_schema","json_schema":{"name":)"
     R"("advice","strict":true,"schema":{"type":"object","properties":)"
     R"({"b":{},"a":{}}}}},"max_completion_tokens":900,"stream":false})"},
    {"openai", Structured::kJsonObject, "/v1/chat/completions",
     R"({"model":"some-model","messages":[{"role":"system","content":)"
     R"("$WORDS"},{"role":"user","content":"gets 5/s\nputs 7/s"}],)"
     R"("response_format":{"type":"json_object"},)"
     R"("max_completion_tokens":900,"stream":false})"},
    {"openai", Structured::kPlain, "/v1/chat/completions",
     R"({"model":"some-model","messages":[{"role":"system","content":)"
     R"("$WORDS"},{"role":"user","content":"gets 5/s\nputs 7/s"}],)"
     R"("max_completion_tokens":900,"stream":false})"},
    {"ollama", Structured::kPlain, "/v1/chat/completions",
     R"({"model":"some-model","messages":[{"role":"system","content":)"
     R"("$WORDS"},{"role":"user","content":"gets 5/s\nputs 7/s"}],)"
     R"("max_tokens":900,"stream":false})"},
    {"openrouter", Structured::kPlain, "/api/v1/chat/completions",
     R"({"model":"some-model","messages":[{"role":"system","content":)"
     R"("$WORDS"},{"role":"user","content":"gets 5/s\nputs 7/s"}],)"
     R"("max_tokens":900,"stream":false,)"
     R"("provider":{"data_collection":"deny"}})"},
    {"openai-responses", Structured::kJsonSchema, "/v1/responses",
     R"({"model":"some-model","instructions":"Tune \"it\".",)"
     R"("input":"gets 5/s\nputs 7/s","text":{"format":{"type":"json_schema",)"
     R"("name":"advice","strict":true,"schema":{"type":"object",)"
     R"("properties":{"b":{},"a":{}}}}},"max_output_tokens":900,)"
     R"("store":false,"stream":false})"},
    {"openai-responses", Structured::kJsonObject, "/v1/responses",
     R"({"model":"some-model","instructions":"$WORDS",)"
     R"("input":"gets 5/s\nputs 7/s","text":{"format":{"type":)"
     R"("json_object"}},"max_output_tokens":900,"store":false,)"
     R"("stream":false})"},
    {"openai-responses", Structured::kPlain, "/v1/responses",
     R"({"model":"some-model","instructions":"$WORDS",)"
     R"("input":"gets 5/s\nputs 7/s","max_output_tokens":900,)"
     R"("store":false,"stream":false})"},
    {"anthropic", Structured::kJsonSchema, "/v1/messages",
     R"({"model":"some-model","max_tokens":900,"system":"Tune \"it\".",)"
     R"("messages":[{"role":"user","content":"gets 5/s\nputs 7/s"}],)"
     R"("output_config":{"format":{"type":"json_schema","schema":)"
     R"({"type":"object","properties":{"b":{},"a":{}}}}},"stream":false})"},
    {"anthropic", Structured::kPlain, "/v1/messages",
     R"({"model":"some-model","max_tokens":900,"system":"$WORDS",)"
     R"("messages":[{"role":"user","content":"gets 5/s\nputs 7/s"}],)"
     R"("stream":false})"},
    {"gemini", Structured::kJsonSchema,
     "/v1beta/models/some-model:generateContent",
     R"({"systemInstruction":{"parts":[{"text":"Tune \"it\"."}]},)"
     R"("contents":[{"role":"user","parts":[{"text":)"
     R"("gets 5/s\nputs 7/s"}]}],"generationConfig":{"responseMimeType":)"
     R"("application/json","responseJsonSchema":{"type":"object",)"
     R"("properties":{"b":{},"a":{}}},"maxOutputTokens":900}})"},
    {"gemini", Structured::kJsonObject,
     "/v1beta/models/some-model:generateContent",
     R"({"systemInstruction":{"parts":[{"text":"$WORDS"}]},)"
     R"("contents":[{"role":"user","parts":[{"text":)"
     R"("gets 5/s\nputs 7/s"}]}],"generationConfig":{"responseMimeType":)"
     R"("application/json","maxOutputTokens":900}})"},
    {"gemini", Structured::kPlain, "/v1beta/models/some-model:generateContent",
     R"({"systemInstruction":{"parts":[{"text":"$WORDS"}]},)"
     R"("contents":[{"role":"user","parts":[{"text":)"
     R"("gets 5/s\nputs 7/s"}]}],"generationConfig":)"
     R"({"maxOutputTokens":900}})"},
};

std::string WithWords(std::string body) {
  const size_t at = body.find("$WORDS");
  if (at != std::string::npos) body.replace(at, 6, kAsksInWords);
  return body;
}

TEST(DialectRequest, IsTheSameBytesForTheSameQuestion) {
  for (const BodyRow& row : kBodies) {
    SCOPED_TRACE(row.body);
    const HttpRequest request =
        WriteRequest(ProviderOf(row.provider), nullptr, SmallQuestion(),
                     {.structured = row.structured});
    EXPECT_EQ(request.target, row.target);
    EXPECT_EQ(request.body, WithWords(row.body));
  }
}

struct MembersRow {
  const char* provider;
  const char* effort;
  const char* with_both;
};

// Where effort and temperature stand when they are configured.
const MembersRow kMembers[] = {
    {"openai", "low",
     R"("reasoning_effort":"low","temperature":2.5E-1,"stream":false})"},
    {"openai-responses", "low",
     R"("reasoning":{"effort":"low"},"temperature":2.5E-1,"store":false,)"},
    {"anthropic", "low",
     R"("effort":"low"},"temperature":2.5E-1,"stream":false})"},
    {"gemini", "low",
     R"("thinkingConfig":{"thinkingLevel":"LOW"},"temperature":2.5E-1}})"},
};

TEST(DialectRequest, SendsEffortAndTemperatureOnlyWhereConfiguredAndAllowed) {
  for (const MembersRow& row : kMembers) {
    SCOPED_TRACE(row.provider);
    ProviderConfig config = ConfigOf(row.provider);
    config.temperature = 0.25;
    config.reasoning_effort = row.effort;
    const Provider provider = Resolved(config);
    EXPECT_THAT(WriteRequest(provider, nullptr, SmallQuestion(), {}).body,
                HasSubstr(row.with_both));
    const std::string without =
        WriteRequest(provider, nullptr, SmallQuestion(),
                     {.effort = false, .temperature = false})
            .body;
    EXPECT_EQ(without, WriteRequest(ProviderOf(row.provider), nullptr,
                                    SmallQuestion(), {})
                           .body);
  }
}

TEST(DialectRequest, SwapsTheFieldOfTheTokenLimitWhereThereIsAnother) {
  const Rung swapped = {.other_token_limit_field = true};
  EXPECT_THAT(
      WriteRequest(ProviderOf("openai"), nullptr, SmallQuestion(), swapped)
          .body,
      HasSubstr(R"("max_tokens":900)"));
  EXPECT_THAT(
      WriteRequest(ProviderOf("ollama"), nullptr, SmallQuestion(), swapped)
          .body,
      HasSubstr(R"("max_tokens":900)"));
}

TEST(DialectRequest, AsksInWordsWhenTheSchemaIsNoJson) {
  ModelQuestion question = SmallQuestion();
  question.schema_json = "{";
  for (const char* name :
       {"openai", "openai-responses", "anthropic", "gemini"}) {
    const std::string body =
        WriteRequest(ProviderOf(name), nullptr, question, {}).body;
    EXPECT_THAT(body, HasSubstr("Reply with one JSON object")) << name;
    EXPECT_THAT(body, Not(HasSubstr("json_schema"))) << name;
  }
}

TEST(DialectRequest, EscapesTheModelInThePathOfGemini) {
  struct Row {
    const char* model;
    const char* target;
  };
  const Row rows[] = {
      {"models/some-model", "/v1beta/models/some-model:generateContent"},
      {"a/../b?key=c#d",
       "/v1beta/models/a%2f..%2fb%3fkey%3dc%23d:"
       "generateContent"},
      {"a b\\", "/v1beta/models/a%20b%5c:generateContent"},
  };
  for (const Row& row : rows) {
    ProviderConfig config = ConfigOf("gemini");
    config.model = row.model;
    EXPECT_EQ(
        WriteRequest(Resolved(config), nullptr, SmallQuestion(), {}).target,
        row.target);
  }
}

struct KeyRow {
  const char* provider;
  const char* header;
  const char* prefix;
};

const KeyRow kKeys[] = {
    {"openai", "authorization", "Bearer "},
    {"openai-responses", "authorization", "Bearer "},
    {"azure", "api-key", ""},
    {"anthropic", "x-api-key", ""},
    {"gemini", "x-goog-api-key", ""},
    {"openrouter", "authorization", "Bearer "},
    {"ollama", "authorization", "Bearer "},
    {"vllm", "authorization", "Bearer "},
    {"llama-cpp", "authorization", "Bearer "},
    {"custom", "authorization", "Bearer "},
};

TEST(DialectRequest, PutsTheKeyIntoOneHeaderThatIsNamedSecret) {
  const Secret key{std::string(kCanary)};
  for (const KeyRow& row : kKeys) {
    SCOPED_TRACE(row.provider);
    const HttpRequest request =
        WriteRequest(ProviderOf(row.provider), &key, SmallQuestion(), {});
    EXPECT_THAT(request.secret_headers, ElementsAre(row.header));
    EXPECT_THAT(request.target + request.body, Not(HasSubstr(kCanary)));
    int found = 0;
    for (const auto& [name, value] : request.headers) {
      if (value.find(kCanary) == std::string::npos) continue;
      ++found;
      EXPECT_EQ(name, row.header);
      EXPECT_EQ(value, std::string(row.prefix) + kCanary);
    }
    EXPECT_EQ(found, 1);
  }
}

TEST(DialectRequest, SendsNoKeyWithoutOne) {
  const Secret empty;
  for (const Secret* key : {static_cast<const Secret*>(nullptr), &empty}) {
    const HttpRequest request =
        WriteRequest(ProviderOf("ollama"), key, SmallQuestion(), {});
    EXPECT_THAT(request.headers,
                ElementsAre(Pair("accept", "application/json"),
                            Pair("content-type", "application/json"),
                            Pair("user-agent", "rocktune")));
    EXPECT_THAT(request.secret_headers, IsEmpty());
  }
}

TEST(DialectRequest, CountsTheOperatorsHeadersAsSecret) {
  ProviderConfig config = ConfigOf("anthropic");
  config.extra_headers = {{"X-Gateway-Token", "hidden"}};
  const HttpRequest request =
      WriteRequest(Resolved(config), nullptr, SmallQuestion(), {});
  EXPECT_THAT(request.headers,
              testing::IsSupersetOf({Pair("anthropic-version", "2023-06-01"),
                                     Pair("x-gateway-token", "hidden")}));
  EXPECT_THAT(request.secret_headers, UnorderedElementsAre("x-gateway-token"));
}

}  // namespace
}  // namespace rocktune
