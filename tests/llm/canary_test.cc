// A key is looked for in everything that could print it.
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llm/key_reader.h"
#include "tests/llm/wire_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <typename T>
concept Streams = requires(std::ostream& out, const T& value) {
  out << value;
};
template <typename T>
concept EqualsText = requires(const T& value, std::string text) {
  value == text;
};
template <typename T>
concept Concatenates = requires(const T& value) {
  absl::StrCat(value);
};

static_assert(!Streams<Secret> && Streams<std::string>);
static_assert(!EqualsText<Secret> && EqualsText<std::string>);
static_assert(!Concatenates<Secret> && Concatenates<std::string>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_copy_constructible_v<Secret>);

TEST(Canary, StandsNowhereInAReplyThatEchoesIt) {
  const Secret key{std::string(kCanary)};
  const std::string escaped = R"(\u0073k-canary-0123456789abcdef)";
  const std::string bodies[] = {
      absl::StrCat(R"({"error":{"message":"Incorrect key )", kCanary,
                   R"(","code":")", kCanary, R"(","param":")", kCanary,
                   R"("}})"),
      absl::StrCat(R"({"error":"key )", escaped, R"( is wrong"})"),
      absl::StrCat("proxy saw Authorization: Bearer ", kCanary),
      absl::StrCat("<html>", kCanary, "</html>"),
      // Where a cut would leave a part of it.
      absl::StrCat(std::string(280, 'x'), kCanary),
      absl::StrCat(R"({"model":")", kCanary, R"(","responseId":")", kCanary,
                   R"(","modelVersion":")", kCanary,
                   R"(","choices":[{"message":{"content":"my key is )", escaped,
                   R"("},"finish_reason":"stop"}],)",
                   R"("content":[{"type":"text","text":")", kCanary,
                   R"("}],"candidates":[{"content":{"parts":[{"text":")",
                   kCanary, R"("}]},"finishReason":"STOP"}]})"),
      absl::StrCat(R"({"choices":[{"message":{"content":"","refusal":")",
                   kCanary, R"("}}],"stop_reason":")", kCanary,
                   R"(","status":")", kCanary,
                   R"(","promptFeedback":{"blockReason":")", kCanary, R"("}})"),
  };
  for (const char* name :
       {"openai", "openai-responses", "anthropic", "gemini"}) {
    for (const int status : {200, 400, 401, 429, 500}) {
      for (const std::string& body : bodies) {
        HttpReply http = Answered(status, body);
        http.headers = {{"x-request-id", kCanary}, {"retry-after", kCanary}};
        const ModelReply reply = ReadReply(ProviderOf(name), &key, http, kNow);
        const std::string all =
            absl::StrCat(reply.text, "|", reply.error, "|", reply.model, "|",
                         reply.request_id, "|", reply.rejected_parameter);
        // No part of it that would be of use, either.
        EXPECT_THAT(all, Not(HasSubstr("canary"))) << name << body;
      }
    }
  }
}

TEST(Canary, OfAnOperatorsHeaderStandsNowhereInAReplyThatEchoesIt) {
  constexpr char kOpaque[] = "opaque-0123456789";
  ProviderConfig config = ConfigOf("openai");
  config.extra_headers = {{"X-Gateway", absl::StrCat("Token ", kCanary)},
                          {"X-Team", kOpaque}};
  const Provider provider = Resolved(config);
  const Secret key{std::string("another-key-of-ours")};
  const std::string echoes = absl::StrCat(kCanary, " ", kOpaque);
  const HttpReply replies[] = {
      Answered(403, absl::StrCat("X-Gateway: Token ", echoes)),
      Answered(400, absl::StrCat(R"({"error":{"message":"no )", echoes,
                                 R"(","param":")", kOpaque, R"("}})")),
      Answered(200, absl::StrCat(R"({"model":")", kOpaque,
                                 R"(","choices":[{"message":{"content":")",
                                 echoes, R"("},"finish_reason":"stop"}]})")),
  };
  for (HttpReply http : replies) {
    http.headers = {{"x-request-id", kCanary}};
    for (const Secret* sent : {&key, static_cast<const Secret*>(nullptr)}) {
      const ModelReply reply = ReadReply(provider, sent, http, kNow);
      const std::string all =
          absl::StrCat(reply.text, "|", reply.error, "|", reply.model, "|",
                       reply.request_id, "|", reply.rejected_parameter);
      EXPECT_THAT(all, HasSubstr("[key]")) << http.body;
      EXPECT_THAT(all, Not(HasSubstr("canary"))) << http.body;
      EXPECT_THAT(all, Not(HasSubstr("opaque"))) << http.body;
    }
  }
}

TEST(Canary, LeavesShortPlaceholdersInHonestText) {
  const Secret key{std::string("none")};
  const HttpReply http = Answered(
      200, R"({"choices":[{"message":{"content":"set it to none"}}]})");
  EXPECT_EQ(ReadReply(ProviderOf("ollama"), &key, http, kNow).text,
            "set it to none");
}

TEST(Canary, StandsInNoErrorOfAConfigurationThatHoldsItInTheWrongPlace) {
  using Spoil = void (*)(ProviderConfig*);
  const Spoil spoils[] = {
      [](ProviderConfig* c) { c->provider = kCanary; },
      [](ProviderConfig* c) { c->base_url = kCanary; },
      [](ProviderConfig* c) {
        c->base_url = absl::StrCat("https://user:", kCanary, "@host/v1");
      },
      [](ProviderConfig* c) {
        c->base_url = absl::StrCat("https://host/v1?key=", kCanary);
      },
      [](ProviderConfig* c) { c->model = absl::StrCat(kCanary, "\n"); },
      [](ProviderConfig* c) { c->token_limit_field = kCanary; },
      [](ProviderConfig* c) { c->reasoning_effort = kCanary; },
      [](ProviderConfig* c) { c->structured = kCanary; },
      [](ProviderConfig* c) {
        c->extra_headers = {{absl::StrCat("x:", kCanary), "v"}};
      },
      [](ProviderConfig* c) {
        c->extra_headers = {{"x", absl::StrCat(kCanary, "\n")}};
      },
  };
  for (const Spoil spoil : spoils) {
    ProviderConfig config = ConfigOf("openai");
    spoil(&config);
    const auto provider = ResolveProvider(config);
    ASSERT_FALSE(provider.ok());
    EXPECT_THAT(provider.status().ToString(), Not(HasSubstr("canary")));
  }
}

TEST(Canary, StandsInNoErrorOfAKeyInTheWrongPlace) {
  const KeySource sources[] = {
      {.file = kCanary},
      {.credential = absl::StrCat("/", kCanary)},
      {.variables = {kCanary}},
  };
  for (const KeySource& source : sources) {
    const auto key = ReadKey(source);
    ASSERT_FALSE(key.ok());
    EXPECT_THAT(key.status().ToString(), Not(HasSubstr("canary")));
  }
}

}  // namespace
}  // namespace rocktune
