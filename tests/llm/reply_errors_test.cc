// Every status and error body of the providers' tables, one row a case.
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/llm/wire_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using Outcome = CallOutcome;

struct Row {
  const char* provider;
  int status;
  const char* body;
  Outcome outcome;
  const char* says;
};

template <size_t kCount>
void ExpectRows(const Row (&rows)[kCount]) {
  for (const Row& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.provider, " ", row.status, " ", row.body));
    const ModelReply reply = Read(row.provider, Answered(row.status, row.body));
    EXPECT_EQ(ToString(reply.outcome), ToString(row.outcome)) << reply.error;
    EXPECT_THAT(reply.error, HasSubstr(row.says));
    EXPECT_EQ(reply.text, "");
    EXPECT_LE(reply.error.size(), 300u);
  }
}

struct StatusRow {
  int status;
  Outcome outcome;
};

const StatusRow kStatuses[] = {
    {0, Outcome::kInvalidReply},     {101, Outcome::kInvalidReply},
    {301, Outcome::kBadRequest},     {302, Outcome::kBadRequest},
    {307, Outcome::kBadRequest},     {308, Outcome::kBadRequest},
    {400, Outcome::kBadRequest},     {401, Outcome::kAuth},
    {402, Outcome::kQuotaExhausted}, {403, Outcome::kAuth},
    {404, Outcome::kNotFound},       {405, Outcome::kNotFound},
    {407, Outcome::kAuth},           {408, Outcome::kTimeout},
    {409, Outcome::kOverloaded},     {410, Outcome::kNotFound},
    {413, Outcome::kTooLarge},       {415, Outcome::kBadRequest},
    {418, Outcome::kBadRequest},     {422, Outcome::kBadRequest},
    {425, Outcome::kOverloaded},     {429, Outcome::kRateLimited},
    {500, Outcome::kOverloaded},     {502, Outcome::kOverloaded},
    {503, Outcome::kOverloaded},     {504, Outcome::kTimeout},
    {529, Outcome::kOverloaded},     {600, Outcome::kInvalidReply},
};

TEST(ReplyErrors, ClassifyEveryStatusWhateverTheBody) {
  for (const StatusRow& row : kStatuses) {
    for (const char* body :
         {"", "{}", "[]", "null", "{\"error\":null}", "{\"error\":{}}",
          "{\"error\":[]}", "{\"error\":7}", "oops", "\xff\xfe",
          "<html><body>oops</body></html>",
          R"({"choices":[{"message":{"content":"hi"}}]})"}) {
      const ModelReply reply = Read("openai", Answered(row.status, body));
      EXPECT_EQ(ToString(reply.outcome), ToString(row.outcome))
          << row.status << " " << body;
      EXPECT_THAT(reply.error, HasSubstr(absl::StrCat("HTTP ", row.status)));
    }
  }
}

const Row kOpenAi[] = {
    {"openai", 401,
     R"({"error":{"message":"Incorrect API key","type":
         "invalid_request_error","param":null,"code":"invalid_api_key"}})",
     Outcome::kAuth, "HTTP 401 invalid_api_key: Incorrect API key"},
    {"openai", 429,
     R"({"error":{"message":"slow","type":"requests","code":
         "rate_limit_exceeded"}})",
     Outcome::kRateLimited, "slow"},
    {"openai", 429,
     R"({"error":{"type":"rate_limit_error","code":"slow_down"}})",
     Outcome::kRateLimited, "slow_down"},
    {"openai", 429,
     R"({"error":{"message":"You exceeded","type":"insufficient_quota",
         "code":"insufficient_quota"}})",
     Outcome::kQuotaExhausted, "insufficient_quota"},
    {"openai", 429,
     R"({"error":{"type":"x","code":"credit_balance_exhausted"}})",
     Outcome::kQuotaExhausted, "credit_balance_exhausted"},
    {"openai", 429, R"({"error":{"code":"billing_hard_limit_reached"}})",
     Outcome::kQuotaExhausted, "billing_hard_limit_reached"},
    {"openai", 503,
     R"({"error":{"type":"service_unavailable_error","code":
         "server_is_overloaded"}})",
     Outcome::kOverloaded, "server_is_overloaded"},
    {"openai", 400,
     R"({"error":{"message":"too long","code":"context_length_exceeded"}})",
     Outcome::kTooLarge, "too long"},
    {"openai", 400,
     R"({"error":{"message":"This model's maximum context length is 9"}})",
     Outcome::kTooLarge, "9"},
    {"openai", 404, R"({"error":{"code":"model_not_found"}})",
     Outcome::kNotFound, "model_not_found"},
    {"openai", 400, R"({"error":{"code":"model_not_found"}})",
     Outcome::kNotFound, "model_not_found"},
    {"azure", 400,
     R"({"error":{"message":"The response was filtered","type":null,
         "param":"prompt","code":"content_filter","status":400}})",
     Outcome::kRefused, "filtered"},
    {"azure", 403, R"({"error":{"code":"403","message":"Public access"}})",
     Outcome::kAuth, "Public access"},
};

TEST(ReplyErrors, OfOpenAiAndAzure) { ExpectRows(kOpenAi); }

const Row kAnthropic[] = {
    {"anthropic", 400,
     R"({"type":"error","error":{"type":"invalid_request_error",
         "message":"bad"},"request_id":"req_1"})",
     Outcome::kBadRequest, "HTTP 400 invalid_request_error: bad"},
    {"anthropic", 400,
     R"({"type":"error","error":{"type":"invalid_request_error",
         "message":"Your credit balance is too low"}})",
     Outcome::kQuotaExhausted, "credit"},
    {"anthropic", 400,
     R"({"type":"error","error":{"type":"invalid_request_error",
         "message":"You have reached your specified API usage limits"}})",
     Outcome::kQuotaExhausted, "limits"},
    {"anthropic", 400,
     R"({"type":"error","error":{"type":"invalid_request_error",
         "message":"prompt is too long: 9 > 8"}})",
     Outcome::kTooLarge, "too long"},
    {"anthropic", 401, R"({"error":{"type":"authentication_error"}})",
     Outcome::kAuth, "authentication_error"},
    {"anthropic", 402, R"({"error":{"type":"billing_error"}})",
     Outcome::kQuotaExhausted, "billing_error"},
    {"anthropic", 403, R"({"error":{"type":"permission_error"}})",
     Outcome::kAuth, "permission_error"},
    {"anthropic", 404, R"({"error":{"type":"not_found_error"}})",
     Outcome::kNotFound, "not_found_error"},
    {"anthropic", 413, R"({"error":{"type":"request_too_large"}})",
     Outcome::kTooLarge, "request_too_large"},
    {"anthropic", 429, R"({"error":{"type":"rate_limit_error"}})",
     Outcome::kRateLimited, "rate_limit_error"},
    {"anthropic", 429,
     R"({"error":{"type":"rate_limit_error","details":
         {"error_code":"enforced_spend_limit_reached"}}})",
     Outcome::kQuotaExhausted, "rate_limit_error"},
    {"anthropic", 500, R"({"error":{"type":"api_error"}})",
     Outcome::kOverloaded, "api_error"},
    {"anthropic", 504, R"({"error":{"type":"timeout_error"}})",
     Outcome::kTimeout, "timeout_error"},
    {"anthropic", 529, R"({"error":{"type":"overloaded_error"}})",
     Outcome::kOverloaded, "overloaded_error"},
};

TEST(ReplyErrors, OfAnthropic) { ExpectRows(kAnthropic); }

const Row kGemini[] = {
    {"gemini", 400,
     R"({"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}})",
     Outcome::kBadRequest, "HTTP 400 INVALID_ARGUMENT: bad"},
    {"gemini", 400,
     R"({"error":{"code":400,"message":"API key not valid.","status":
         "INVALID_ARGUMENT","details":[{"@type":"type.example/ErrorInfo",
         "reason":"API_KEY_INVALID"}]}})",
     Outcome::kAuth, "not valid"},
    {"gemini", 400,
     R"({"error":{"code":400,"message":"billing","status":
         "FAILED_PRECONDITION"}})",
     Outcome::kQuotaExhausted, "billing"},
    {"gemini", 403, R"({"error":{"code":403,"status":"PERMISSION_DENIED"}})",
     Outcome::kAuth, "PERMISSION_DENIED"},
    {"gemini", 404, R"({"error":{"code":404,"status":"NOT_FOUND"}})",
     Outcome::kNotFound, "NOT_FOUND"},
    {"gemini", 429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}})",
     Outcome::kRateLimited, "RESOURCE_EXHAUSTED"},
    {"gemini", 500, R"({"error":{"code":500,"status":"INTERNAL"}})",
     Outcome::kOverloaded, "INTERNAL"},
    {"gemini", 503, R"({"error":{"code":503,"status":"UNAVAILABLE"}})",
     Outcome::kOverloaded, "UNAVAILABLE"},
    {"gemini", 504, R"({"error":{"code":504,"status":"DEADLINE_EXCEEDED"}})",
     Outcome::kTimeout, "DEADLINE_EXCEEDED"},
    // A list of one.
    {"gemini", 429,
     R"([{"error":{"code":429,"message":"quota","status":
         "RESOURCE_EXHAUSTED"}}])",
     Outcome::kRateLimited, "quota"},
};

TEST(ReplyErrors, OfGemini) { ExpectRows(kGemini); }

const Row kOthers[] = {
    // The error is a text.
    {"ollama", 404, R"({"error":"model \"m\" not found"})", Outcome::kNotFound,
     "HTTP 404: model \"m\" not found"},
    {"ollama", 503, R"({"error":"server busy"})", Outcome::kOverloaded, "busy"},
    {"ollama", 200, R"({"error":"out of memory"})", Outcome::kInvalidReply,
     "HTTP 200: out of memory"},
    // The code is a number.
    {"vllm", 400,
     R"({"error":{"message":"m","type":"BadRequestError","param":null,
         "code":400}})",
     Outcome::kBadRequest, "HTTP 400 BadRequestError: m"},
    {"vllm", 400,
     R"({"object":"error","message":"maximum context length is 9",
         "code":400})",
     Outcome::kTooLarge, "maximum context length"},
    {"llama-cpp", 503,
     R"({"error":{"code":503,"message":"Loading model","type":
         "unavailable_error"}})",
     Outcome::kOverloaded, "Loading model"},
    {"llama-cpp", 400,
     R"({"error":{"code":400,"type":"exceed_context_size_error"}})",
     Outcome::kTooLarge, "exceed_context_size_error"},
    {"vllm", 401, R"({"detail":"Unauthorized"})", Outcome::kAuth,
     "HTTP 401: Unauthorized"},
    {"vllm", 422,
     R"({"detail":[{"loc":["body",0,"temperature"],"msg":"too hot"}]})",
     Outcome::kBadRequest, "HTTP 422: body temperature too hot"},
    {"vllm", 500, R"({"x":"secret"})", Outcome::kOverloaded,
     "HTTP 500: JSON that tells of no error"},
    // With a good status.
    {"openrouter", 200, R"({"error":{"code":429,"message":"limit"}})",
     Outcome::kRateLimited, "limit"},
    {"openrouter", 200, R"({"error":{"code":502,"message":"upstream"}})",
     Outcome::kOverloaded, "upstream"},
    {"openrouter", 200, R"({"error":{"code":402,"message":"credit"}})",
     Outcome::kQuotaExhausted, "credit"},
    {"openrouter", 200,
     R"({"error":{"code":502,"message":"Provider returned error"},
         "choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]})",
     Outcome::kOverloaded, "Provider returned error"},
    {"openrouter", 200, R"({"error":{"code":200,"message":"odd"}})",
     Outcome::kInvalidReply, "odd"},
    {"openrouter", 200, R"({"error":{"code":99999999999999999999}})",
     Outcome::kInvalidReply, "not JSON"},
    {"openrouter", 403,
     R"({"error":{"code":403,"message":"input was flagged","metadata":
         {"reasons":["x"]}}})",
     Outcome::kRefused, "flagged"},
    {"openrouter", 400,
     R"({"error":{"code":400,"message":"Provider returned error","metadata":
         {"raw":"response_format is not supported"}}})",
     Outcome::kBadRequest, "error: response_format is not supported"},
    // Not of the service at all.
    {"openai", 502, "<html><head><title>502</title></head></html>",
     Outcome::kOverloaded, "HTTP 502: a page instead of JSON"},
    {"openai", 503, "upstream connect error", Outcome::kOverloaded,
     "HTTP 503: upstream connect error"},
    {"openai", 200, "<html></html>", Outcome::kInvalidReply, "not JSON"},
    {"openai", 500, "", Outcome::kOverloaded, "HTTP 500: an empty reply"},
};

TEST(ReplyErrors, OfOtherServersAndWhatStandsBetween) { ExpectRows(kOthers); }

struct ParameterRow {
  const char* body;
  const char* parameter;
};

const ParameterRow kParameters[] = {
    {R"({"error":{"message":"Unsupported parameter: 'max_tokens' is not
         supported. Use 'max_completion_tokens' instead.",
         "param":"max_tokens"}})",
     "max_tokens"},
    {R"({"error":{"message":"'max_completion_tokens' and not 'max_tokens'"}})",
     "max_completion_tokens"},
    {R"({"error":{"message":"m","param":"text.format.schema"}})",
     "text.format.schema"},
    {R"({"error":{"message":"m","param":"a b"}})", ""},
    {R"({"error":{"message":"temperature","param":7}})", "temperature"},
    {R"({"error":{"message":"output_config.effort: not supported"}})",
     "output_config.effort"},
    {R"({"error":{"message":"Unknown name \"responseJsonSchema\" at"}})",
     "responseJsonSchema"},
    {R"({"error":"json_schema is not supported"})", "json_schema"},
    {R"({"detail":[{"loc":["body","response_format"],"msg":"extra"}]})",
     "response_format"},
    {R"({"error":{"message":"something else"}})", ""},
    {"", ""},
};

TEST(ReplyErrors, NameTheRejectedParameter) {
  for (const ParameterRow& row : kParameters) {
    for (const int status : {400, 422}) {
      EXPECT_EQ(Read("openai", Answered(status, row.body)).rejected_parameter,
                row.parameter)
          << row.body;
    }
    EXPECT_EQ(Read("openai", Answered(500, row.body)).rejected_parameter, "");
  }
}

TEST(ReplyErrors, IsOnePrintableLineOfBoundedLength) {
  const ModelReply reply = Read(
      "openai",
      Answered(500,
               R"({"error":{"message":"a\u001b[2J\r\n\tb\u00e9\u0000c"}})"));
  EXPECT_EQ(reply.error, "HTTP 500: a\\x1b[2J b\\xc3\\xa9\\x00c");
  const ModelReply cut = Read("openai", Answered(500, std::string(9999, 'x')));
  EXPECT_EQ(cut.error,
            absl::StrCat("HTTP 500: ", std::string(287, 'x'), "..."));
}

struct RetryRow {
  const char* ms;
  const char* header;
  const char* body;
  std::optional<absl::Duration> retry_after;
};

const RetryRow kRetries[] = {
    {nullptr, nullptr, "", std::nullopt},
    {nullptr, "7", "", absl::Seconds(7)},
    {nullptr, " 7 ", "", absl::Seconds(7)},
    {nullptr, "0", "", absl::ZeroDuration()},
    {nullptr, "1.5", "", absl::Milliseconds(1500)},
    {"250", "7", "", absl::Milliseconds(250)},
    {"garbage", "7", "", absl::Seconds(7)},
    {nullptr, "864000", "", absl::Hours(240)},
    {nullptr, "-3", "", std::nullopt},
    {nullptr, "soon", "", std::nullopt},
    {nullptr, "", "", std::nullopt},
    {nullptr, "inf", "", std::nullopt},
    {nullptr, "nan", "", std::nullopt},
    {nullptr, "1e3", "", std::nullopt},
    {nullptr, "1.2.3", "", std::nullopt},
    {nullptr, "0x10", "", std::nullopt},
    {nullptr, "111111111111111111111", "", std::nullopt},
    {nullptr, "Sun, 06 Nov 1994 08:50:37 GMT", "", absl::Seconds(60)},
    {nullptr, "Sun, 06 Nov 1994 08:49:37 GMT", "", std::nullopt},
    {nullptr, "Sat, 05 Nov 1994 08:50:37 GMT", "", std::nullopt},
    {nullptr, "Sun, 06 Nov 1994 08:50:37 CET", "", std::nullopt},
    {nullptr, "Sun, 31 Feb 1995 08:50:37 GMT", "", std::nullopt},
    {nullptr, "Sun, 06 Foo 1994 08:50:37 GMT", "", std::nullopt},
    {nullptr, "Sun, 06 Nov 1994 08:50:37", "", std::nullopt},
    {nullptr, nullptr,
     R"({"error":{"details":[{"@type":"x/ErrorInfo","reason":"R"},
         {"@type":"type.googleapis.com/google.rpc.RetryInfo",
         "retryDelay":"34.5s"}]}})",
     absl::Milliseconds(34500)},
    {nullptr, "7",
     R"({"error":{"details":[{"@type":"x/RetryInfo","retryDelay":"34s"}]}})",
     absl::Seconds(7)},
    {nullptr, nullptr,
     R"({"error":{"details":[{"@type":"x/RetryInfo","retryDelay":"-4s"}]}})",
     std::nullopt},
    {nullptr, nullptr,
     R"({"error":{"details":[{"@type":"x/RetryInfo","retryDelay":4}]}})",
     std::nullopt},
    {nullptr, nullptr, R"({"error":{"details":[[],7,null]}})", std::nullopt},
};

TEST(ReplyErrors, ReadHowLongToWait) {
  for (const RetryRow& row : kRetries) {
    HttpReply http = Answered(429, row.body);
    if (row.ms != nullptr) http.headers.emplace_back("retry-after-ms", row.ms);
    if (row.header != nullptr) {
      http.headers.emplace_back("retry-after", row.header);
    }
    EXPECT_EQ(Read("gemini", http).retry_after, row.retry_after)
        << (row.header ? row.header : row.body);
  }
}

TEST(ReplyErrors, NoCreditWithATimeToWaitIsALimitThatPasses) {
  HttpReply http = Answered(402, R"({"error":{"code":402,"message":"m"}})");
  EXPECT_EQ(Read("openrouter", http).outcome, Outcome::kQuotaExhausted);
  http.headers = {{"retry-after", "9"}};
  EXPECT_EQ(Read("openrouter", http).outcome, Outcome::kRateLimited);
}

}  // namespace
}  // namespace rocktune
