// What each dialect's replies mean, one row a case.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/llm/wire_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using Outcome = CallOutcome;

struct Row {
  const char* name;
  const char* body;
  Outcome outcome;
  const char* says;  // the text with kOk, else a part of the error
};

template <size_t kCount>
void ExpectRows(const char* provider, const Row (&rows)[kCount]) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ModelReply reply = Read(provider, Answered(200, row.body));
    EXPECT_EQ(ToString(reply.outcome), ToString(row.outcome)) << reply.error;
    if (row.outcome == Outcome::kOk) {
      EXPECT_EQ(reply.text, row.says);
      EXPECT_EQ(reply.error, "");
    } else {
      EXPECT_EQ(reply.text, "");
      EXPECT_THAT(reply.error, HasSubstr(row.says));
    }
  }
}

const Row kChat[] = {
    {"stop",
     R"({"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]})",
     Outcome::kOk, "hi"},
    {"a list of parts",
     R"({"choices":[{"message":{"content":[{"type":"thinking","text":"no"},
         {"type":"text","text":"a"},{"type":"text","text":"b"}]}}]})",
     Outcome::kOk, "ab"},
    {"thinking in fields of its own",
     R"({"choices":[{"message":{"reasoning":"x","reasoning_content":"y",
         "content":"hi"},"finish_reason":"stop"}]})",
     Outcome::kOk, "hi"},
    {"a finish reason we do not know",
     R"({"choices":[{"message":{"content":"hi"},"finish_reason":"eos"}]})",
     Outcome::kOk, "hi"},
    {"no finish reason",
     R"({"choices":[{"message":{"content":"hi"},"finish_reason":null}]})",
     Outcome::kOk, "hi"},
    {"no error", R"({"error":null,"choices":[{"message":{"content":"hi"}}]})",
     Outcome::kOk, "hi"},
    {"length",
     R"({"choices":[{"message":{"content":"{\"a"},
         "finish_reason":"length"}]})",
     Outcome::kTruncated, "token limit"},
    {"length with all tokens spent on thinking",
     R"({"choices":[{"message":{"content":null},"finish_reason":"length"}]})",
     Outcome::kTruncated, "token limit"},
    {"content filter",
     R"({"choices":[{"message":{"content":"a"},
         "finish_reason":"content_filter"}]})",
     Outcome::kRefused, "filter"},
    {"refusal",
     R"({"choices":[{"message":{"content":null,"refusal":"I cannot"},
         "finish_reason":"stop"}]})",
     Outcome::kRefused, "I cannot"},
    {"tool calls",
     R"({"choices":[{"message":{"content":null,"tool_calls":[{}]},
         "finish_reason":"tool_calls"}]})",
     Outcome::kInvalidReply, "tool"},
    {"function call",
     R"({"choices":[{"message":{"content":null},
         "finish_reason":"function_call"}]})",
     Outcome::kInvalidReply, "tool"},
    {"failed in mid reply",
     R"({"choices":[{"message":{"content":"a"},"finish_reason":"error"}]})",
     Outcome::kOverloaded, "mid reply"},
    {"null content",
     R"({"choices":[{"message":{"content":null},"finish_reason":"stop"}]})",
     Outcome::kInvalidReply, "no text, ended with stop"},
    {"blank content",
     R"({"choices":[{"message":{"content":" \n"},"finish_reason":"stop"}]})",
     Outcome::kInvalidReply, "no text"},
    {"empty choices", R"({"choices":[]})", Outcome::kInvalidReply,
     "no choices"},
    {"no choices", R"({"id":"x"})", Outcome::kInvalidReply, "no choices"},
    {"no message", R"({"choices":[{}]})", Outcome::kInvalidReply, "no message"},
    {"a choice that is none", R"({"choices":[7]})", Outcome::kInvalidReply,
     "no message"},
    {"content is a number",
     R"({"choices":[{"message":{"content":7},"finish_reason":"stop"}]})",
     Outcome::kInvalidReply, R"("content" is a number, not text)"},
    {"message is text", R"({"choices":[{"message":"hi"}]})",
     Outcome::kInvalidReply, R"("message" is text, not an object)"},
    {"choices is an object", R"({"choices":{}})", Outcome::kInvalidReply,
     R"("choices" is an object, not an array)"},
    {"model is a list",
     R"({"model":[],"choices":[{"message":{"content":"hi"}}]})",
     Outcome::kInvalidReply, R"("model" is an array, not text)"},
};

TEST(DialectReply, OfChatCompletions) { ExpectRows("openai", kChat); }

const Row kResponses[] = {
    {"completed",
     R"({"status":"completed","error":null,"output":[{"type":"message",
         "content":[{"type":"output_text","text":"a"},
         {"type":"output_text","text":"b"}]}]})",
     Outcome::kOk, "ab"},
    {"reasoning and unknown items first",
     R"({"status":"completed","output":[{"type":"reasoning","summary":[]},
         {"type":"novelty","content":7},{"type":"message","content":[
         {"type":"output_text","text":"hi"}]}]})",
     Outcome::kOk, "hi"},
    {"unknown kinds of content",
     R"({"status":"completed","output":[{"type":"message","content":[
         {"type":"novelty","text":"no"},{"type":"output_text","text":"hi"}
         ]}]})",
     Outcome::kOk, "hi"},
    {"cut",
     R"({"status":"incomplete","incomplete_details":{"reason":
         "max_output_tokens"},"output":[]})",
     Outcome::kTruncated, "token limit"},
    {"filtered",
     R"({"status":"incomplete","incomplete_details":{"reason":
         "content_filter"},"output":[]})",
     Outcome::kRefused, "filter"},
    {"incomplete for a reason we do not know",
     R"({"status":"incomplete","incomplete_details":{"reason":"completed"},
         "output":[{"type":"message","content":[{"type":"output_text",
         "text":"a"}]}]})",
     Outcome::kTruncated, "incomplete"},
    {"incomplete without a reason", R"({"status":"incomplete","output":[]})",
     Outcome::kTruncated, "incomplete"},
    {"refusal",
     R"({"status":"completed","output":[{"type":"message","content":[
         {"type":"refusal","refusal":"I cannot"}]}]})",
     Outcome::kRefused, "I cannot"},
    {"failed", R"({"status":"failed","error":null,"output":[]})",
     Outcome::kOverloaded, "failed"},
    {"failed by itself",
     R"({"status":"failed","error":{"code":"server_error","message":"oops"}})",
     Outcome::kOverloaded, "oops"},
    {"failed by a limit",
     R"({"status":"failed","error":{"code":"rate_limit_exceeded"}})",
     Outcome::kRateLimited, "rate_limit_exceeded"},
    {"failed by the prompt",
     R"({"status":"failed","error":{"code":"invalid_prompt","message":"no"}})",
     Outcome::kRefused, "no"},
    {"cancelled", R"({"status":"cancelled","output":[]})",
     Outcome::kInvalidReply, "cancelled"},
    {"in progress", R"({"status":"in_progress","output":[]})",
     Outcome::kInvalidReply, "not finished"},
    {"queued", R"({"status":"queued","output":[]})", Outcome::kInvalidReply,
     "not finished"},
    {"tool call instead of a message",
     R"({"status":"completed","output":[{"type":"function_call"}]})",
     Outcome::kInvalidReply, "no text"},
    {"empty", R"({"status":"completed","output":[]})", Outcome::kInvalidReply,
     "no text"},
    {"output is text", R"({"status":"completed","output":"hi"})",
     Outcome::kInvalidReply, R"("output" is text, not an array)"},
};

TEST(DialectReply, OfResponses) { ExpectRows("openai-responses", kResponses); }

const Row kAnthropic[] = {
    {"end of turn",
     R"({"content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn"})",
     Outcome::kOk, "hi"},
    {"stop sequence",
     R"({"content":[{"type":"text","text":"hi"}],
         "stop_reason":"stop_sequence"})",
     Outcome::kOk, "hi"},
    {"thinking first",
     R"({"content":[{"type":"thinking","thinking":"t","text":"no"},
         {"type":"redacted_thinking","data":"x"},{"type":"novelty"},
         {"type":"text","text":"a"},{"type":"text","text":"b"}],
         "stop_reason":"end_turn"})",
     Outcome::kOk, "ab"},
    {"a stop reason we do not know",
     R"({"content":[{"type":"text","text":"hi"}],"stop_reason":"novelty"})",
     Outcome::kOk, "hi"},
    {"token limit",
     R"({"content":[{"type":"text","text":"{"}],"stop_reason":"max_tokens"})",
     Outcome::kTruncated, "token limit"},
    {"context window",
     R"({"content":[],"stop_reason":"model_context_window_exceeded"})",
     Outcome::kTruncated, "context"},
    {"refusal",
     R"({"content":[],"stop_reason":"refusal","stop_details":
         {"type":"refusal","category":"cyber","explanation":"not this"}})",
     Outcome::kRefused, "the model refused: not this"},
    {"refusal without a reason",
     R"({"content":[],"stop_reason":"refusal","stop_details":null})",
     Outcome::kRefused, "the model refused"},
    {"tool use",
     R"({"content":[{"type":"tool_use","id":"1","name":"x","input":{}}],
         "stop_reason":"tool_use"})",
     Outcome::kInvalidReply, "tool"},
    {"pause", R"({"content":[],"stop_reason":"pause_turn"})",
     Outcome::kInvalidReply, "not finished"},
    {"empty", R"({"content":[],"stop_reason":"end_turn"})",
     Outcome::kInvalidReply, "no text"},
    {"content is text", R"({"content":"hi","stop_reason":"end_turn"})",
     Outcome::kInvalidReply, R"("content" is text, not an array)"},
    {"error with a good status",
     R"({"type":"error","error":{"type":"overloaded_error",
         "message":"Overloaded"}})",
     Outcome::kOverloaded, "Overloaded"},
};

TEST(DialectReply, OfAnthropic) { ExpectRows("anthropic", kAnthropic); }

#define GEMINI_ENDED(reason)                                      \
  R"({"candidates":[{"content":{"parts":[{"text":"hi"}],"role":)" \
  R"("model"},"finishReason":")" reason R"("}]})"

const Row kGemini[] = {
    {"stop", GEMINI_ENDED("STOP"), Outcome::kOk, "hi"},
    {"thoughts first",
     R"({"candidates":[{"content":{"parts":[{"text":"no","thought":true},
         {"text":"a","thought":false},{"inlineData":{}},{"text":"b"}]},
         "finishReason":"STOP"}]})",
     Outcome::kOk, "ab"},
    {"a finish reason we do not know", GEMINI_ENDED("NOVELTY"), Outcome::kOk,
     "hi"},
    {"token limit", GEMINI_ENDED("MAX_TOKENS"), Outcome::kTruncated,
     "token limit"},
    {"token limit without content",
     R"({"candidates":[{"finishReason":"MAX_TOKENS"}]})", Outcome::kTruncated,
     "token limit"},
    {"not finished", GEMINI_ENDED(""), Outcome::kTruncated, "not finished"},
    {"no finish reason",
     R"({"candidates":[{"content":{"parts":[{"text":"hi"}]}}]})",
     Outcome::kTruncated, "not finished"},
    {"safety", GEMINI_ENDED("SAFETY"), Outcome::kRefused, "filter"},
    {"recitation", GEMINI_ENDED("RECITATION"), Outcome::kRefused, "filter"},
    {"language", GEMINI_ENDED("LANGUAGE"), Outcome::kRefused, "filter"},
    {"block list", GEMINI_ENDED("BLOCKLIST"), Outcome::kRefused, "filter"},
    {"prohibited", GEMINI_ENDED("PROHIBITED_CONTENT"), Outcome::kRefused,
     "filter"},
    {"personal data", GEMINI_ENDED("SPII"), Outcome::kRefused, "filter"},
    {"other", GEMINI_ENDED("OTHER"), Outcome::kRefused, "filter"},
    {"bad tool call", GEMINI_ENDED("MALFORMED_FUNCTION_CALL"),
     Outcome::kInvalidReply, "tool"},
    {"unexpected tool call", GEMINI_ENDED("UNEXPECTED_TOOL_CALL"),
     Outcome::kInvalidReply, "tool"},
    {"blocked prompt", R"({"promptFeedback":{"blockReason":"BLOCKLIST"}})",
     Outcome::kRefused, "blocked: BLOCKLIST"},
    {"feedback without a block",
     R"({"promptFeedback":{"safetyRatings":[]},"candidates":[{"content":
         {"parts":[{"text":"hi"}]},"finishReason":"STOP"}]})",
     Outcome::kOk, "hi"},
    {"no candidates", R"({"candidates":[]})", Outcome::kInvalidReply,
     "no candidates"},
    {"a function call instead of text",
     R"({"candidates":[{"content":{"parts":[{"functionCall":{}}]},
         "finishReason":"STOP"}]})",
     Outcome::kInvalidReply, "no text"},
    {"parts is text",
     R"({"candidates":[{"content":{"parts":"hi"},"finishReason":"STOP"}]})",
     Outcome::kInvalidReply, R"("parts" is text, not an array)"},
};

TEST(DialectReply, OfGemini) { ExpectRows("gemini", kGemini); }

struct UsageRow {
  const char* provider;
  const char* body;
  TokenUsage usage;
};

const UsageRow kUsage[] = {
    {"openai",
     R"({"usage":{"prompt_tokens":50,"completion_tokens":20,
         "prompt_tokens_details":{"cached_tokens":40},
         "completion_tokens_details":{"reasoning_tokens":5}}})",
     {50, 40, 20, 5}},
    {"openai-responses",
     R"({"usage":{"input_tokens":50,"output_tokens":20,
         "input_tokens_details":{"cached_tokens":40},
         "output_tokens_details":{"reasoning_tokens":5}}})",
     {50, 40, 20, 5}},
    {"anthropic",
     R"({"usage":{"input_tokens":4,"cache_creation_input_tokens":6,
         "cache_read_input_tokens":40,"output_tokens":20,
         "output_tokens_details":{"thinking_tokens":5}}})",
     {50, 40, 20, 5}},
    {"gemini",
     R"({"usageMetadata":{"promptTokenCount":50,"cachedContentTokenCount":40,
         "candidatesTokenCount":15,"thoughtsTokenCount":5}})",
     {50, 40, 20, 5}},
    // Counts that are none are as if not there; absurd ones are bounded.
    {"openai",
     R"({"usage":{"prompt_tokens":-1,"completion_tokens":"20",
         "prompt_tokens_details":null,"completion_tokens_details":7}})",
     {0, 0, 0, 0}},
    {"openai", R"({"usage":[1]})", {0, 0, 0, 0}},
    {"openai",
     R"({"usage":{"prompt_tokens":18446744073709551615,
         "completion_tokens":1.5}})",
     {10000000, 0, 0, 0}},
};

TEST(DialectReply, CountsTokensAsTheProviderDoes) {
  for (const UsageRow& row : kUsage) {
    SCOPED_TRACE(row.body);
    const TokenUsage usage = Read(row.provider, Answered(200, row.body)).usage;
    EXPECT_EQ(usage.input, row.usage.input);
    EXPECT_EQ(usage.cached_input, row.usage.cached_input);
    EXPECT_EQ(usage.output, row.usage.output);
    EXPECT_EQ(usage.reasoning_output, row.usage.reasoning_output);
  }
}

TEST(DialectReply, NamesTheModelAndTheRequest) {
  HttpReply http = Answered(
      200,
      R"({"model":"m-1\u001b[31m","choices":[{"message":{"content":"a"}}]})");
  http.headers = {{"request-id", "second"}, {"x-request-id", "first\r\n"}};
  const ModelReply reply = Read("openai", http);
  EXPECT_EQ(reply.model, "m-1\\x1b[31m");
  EXPECT_EQ(reply.request_id, "first");
  const ModelReply gemini = Read(
      "gemini", Answered(200, R"({"modelVersion":"g-2","responseId":"r-3"})"));
  EXPECT_EQ(gemini.model, "g-2");
  EXPECT_EQ(gemini.request_id, "r-3");
}

std::string Nested(size_t depth) {
  return R"({"choices":[{"message":{"content":"hi"}}],"x":)" +
         std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

TEST(DialectReply, RefusesWhatIsNoHonestJson) {
  struct HostileRow {
    std::string body;
    const char* says;
  };
  const std::string good = R"({"choices":[{"message":{"content":"hi"}}]})";
  const HostileRow rows[] = {
      {"", "empty"},
      {"   ", "empty"},
      {"null", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"\"hi\"", "not a JSON object"},
      {good + "x", "not JSON"},
      {good.substr(0, good.size() - 1), "not JSON"},
      {R"({"choices":[{"message":{"content":"\ud800"}}]})", "not JSON"},
      {R"({"choices":[{"message":{"content":"\q"}}]})", "not JSON"},
      {"{\"choices\":[{\"message\":{\"content\":\"\xff\"}}]}", "not UTF-8"},
      {"{\"choices\":[{\"message\":{\"content\":\"\xc0\xaf\"}}]}", "not UTF-8"},
      {Nested(17), "too deep"},
      {Nested(10000), "too deep"},
      {"{\"x\":\"" + std::string(kMaxReplyBytes, 'x') + "\"}",
       "larger than 256 KiB"},
      {"data: {}\n\n", "not JSON"},
  };
  for (const HostileRow& row : rows) {
    SCOPED_TRACE(row.body.substr(0, 60));
    const ModelReply reply = Read("openai", Answered(200, row.body));
    EXPECT_EQ(ToString(reply.outcome), "invalid_reply");
    EXPECT_THAT(reply.error, HasSubstr(row.says));
    EXPECT_EQ(reply.text, "");
  }
}

TEST(DialectReply, ReadsUpToTheLimits) {
  EXPECT_EQ(Read("openai", Answered(200, Nested(16))).text, "hi");
  const std::string head = R"({"choices":[{"message":{"content":")";
  const std::string tail = R"("}}]})";
  const std::string text(kMaxReplyBytes - head.size() - tail.size(), 'x');
  EXPECT_EQ(Read("openai", Answered(200, head + text + tail)).text, text);
}

}  // namespace
}  // namespace rocktune
