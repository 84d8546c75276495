// The fake itself: what other tests take for granted.
#include "tests/fakes/scripted_provider.h"

#include <boost/json.hpp>
#include <string>

#include "tests/fakes/dialect_replies.h"
#include "tests/llm/http_client_fixture.h"

namespace rocktune {
namespace {

using ScriptedProviderTest = HttpClientTest;

TEST_F(ScriptedProviderTest, PlaysItsScriptAndThenAnswersByRequest) {
  ScriptedProvider provider(&Ca(), {});
  HttpClient client(&context_, Config());
  const HttpRequest request = RequestTo(provider.endpoint());
  EXPECT_EQ(Run(&client, request).reply.status, 500);
  provider.AnswerWith([](const ScriptedRequest& got) {
    return acts::Reply(200, "to " + got.target);
  });
  provider.Push(acts::Reply(429, ""));
  EXPECT_EQ(Run(&client, request).reply.status, 429);
  EXPECT_EQ(Run(&client, request).reply.body, "to /v1/chat/completions");
  EXPECT_THAT(provider.requests(), ::testing::SizeIs(3));
}

TEST_F(ScriptedProviderTest, StopsInTheMiddleOfAnythingAndThenRefuses) {
  ScriptedProvider provider(&Ca(), {});
  provider.AnswerWith(
      [&](const ScriptedRequest&) { return acts::BlackHole(); });
  HttpClient client(&context_, Config());
  const HttpRequest request = RequestTo(provider.endpoint());
  client.Exchange(request, kLong, [](HttpResult result) {
    EXPECT_EQ(Name(result.failure), "network");
  });
  while (provider.requests().empty()) context_.poll();
  provider.Stop();
  context_.run();
  EXPECT_THAT(Run(&client, request).error,
              ::testing::HasSubstr("Connection refused"));
}

TEST_F(ScriptedProviderTest, WritesTheFourDialects) {
  const std::string text = "a \"quoted\" line\n\xc3\xa9";
  const struct {
    std::string body;
    const char* pointer;  // to the text
  } kRows[] = {
      {OpenAiChatReply(text), "/choices/0/message/content"},
      {ResponsesReply(text), "/output/1/content/0/text"},
      {AnthropicReply(text), "/content/0/text"},
      {GeminiReply(text), "/candidates/0/content/parts/0/text"},
  };
  for (const auto& row : kRows) {
    const boost::json::value body = boost::json::parse(row.body);
    EXPECT_EQ(body.at_pointer(row.pointer).as_string(), text);
  }
}

}  // namespace
}  // namespace rocktune
