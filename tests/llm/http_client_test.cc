// How the transport takes good and bad replies: one row a misbehaviour.
#include <string>
#include <vector>

#include "tests/llm/http_client_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

struct Row {
  const char* name;
  Act act;
  CallOutcome outcome = CallOutcome::kOk;
  // Part of the error, or the body of the reply.
  const char* says = "";
  absl::Duration deadline = kLong;
};

std::vector<Row> GoodRows() {
  return {
      {"a reply with its length", acts::Reply(200, "12345")},
      {"chunked", acts::Chunked()},
      {"until the connection closes", acts::UntilClose()},
      {"HTTP/1.0", acts::Http10()},
      {"interim reply first", acts::InterimReplyFirst()},
  };
}

std::vector<Row> BrokenRows() {
  constexpr auto kInvalid = CallOutcome::kInvalidReply;
  return {
      {"Content-Length twice", acts::DuplicateLength(), kInvalid, "twice"},
      {"conflicting lengths", acts::ConflictingLengths(), kInvalid,
       "broken HTTP"},
      {"length and chunked", acts::LengthAndChunked(), kInvalid, "broken HTTP"},
      {"negative length", acts::NegativeLength(), kInvalid, "broken HTTP"},
      {"garbage for a chunk", acts::ChunkedGarbage(), kInvalid, "broken HTTP"},
      {"endless chunk line", acts::EndlessChunkLine(), kInvalid, "16 KiB"},
      {"256 MiB in chunks", acts::HugeChunks(), kInvalid, "256 KiB"},
      {"256 MiB", acts::HugeBody(), kInvalid, "256 KiB"},
      {"256 MiB announced", acts::HugeLength(), kInvalid, "256 KiB"},
      {"headers without end", acts::EndlessHeaders(), kInvalid, "16 KiB"},
      {"interim replies without end", acts::EndlessInterimReplies(), kInvalid,
       "interim replies"},
      {"no HTTP", acts::NoHttp(), kInvalid, "broken HTTP"},
      {"no valid status", acts::BadStatus(), kInvalid, "status"},
      {"compressed", acts::Compressed(), kInvalid, "compressed"},
  };
}

std::vector<Row> ClosingRows() {
  constexpr auto kNetwork = CallOutcome::kNetwork;
  return {
      {"closes without reply", acts::CloseWithoutReply(), kNetwork,
       "wait for reply: localhost:"},
      {"resets without reply", acts::ResetWithoutReply(), kNetwork, "reset"},
      {"half close without reply", acts::HalfCloseWithoutReply(), kNetwork,
       "closed"},
      {"truncated body", acts::TruncatedBody(), kNetwork, "closed"},
      {"reset in the body", acts::ResetInBody(), kNetwork, "reset"},
      {"half close in the body", acts::HalfCloseInBody(), kNetwork, "closed"},
      {"chunked without end", acts::ChunkedWithoutEnd(), kNetwork, "closed"},
  };
}

std::vector<Row> HangingRows() {
  constexpr auto kTimeout = CallOutcome::kTimeout;
  return {
      {"black hole", acts::BlackHole(), kTimeout, "wait for reply", kShort},
      {"slow loris", acts::SlowLoris(), kTimeout, "read reply", kShort},
      {"stops in the headers", acts::StopsInHeaders(), kTimeout, "read reply",
       kShort},
      {"stops in the body", acts::StopsInBody(), kTimeout, "read reply",
       kShort},
  };
}

// What makes sense with TLS only.
std::vector<Row> TlsRows() {
  return {
      {"cut off after a whole reply", acts::CutOffAfterBody()},
      {"cut off where only the end says how long", acts::CutOffInsteadOfEnd(),
       CallOutcome::kNetwork, "closed"},
      {"no TLS", acts::NoTls(), CallOutcome::kTls, "TLS handshake"},
      {"reset before TLS", acts::ResetBeforeTls(), CallOutcome::kNetwork, ""},
      {"silent before TLS", acts::SilentBeforeTls(), CallOutcome::kTimeout,
       "TLS handshake", kShort},
  };
}

class HttpReplyTest : public HttpClientTest {
 protected:
  void Check(ScriptedProvider* provider, const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      SCOPED_TRACE(row.name);
      provider->Push(row.act);
      const HttpResult result =
          RunOnce(Config(), RequestTo(provider->endpoint()), row.deadline);
      EXPECT_EQ(Name(result.failure), Name(row.outcome)) << result.error;
      EXPECT_THAT(result.error, HasSubstr(row.says));
      EXPECT_EQ(result.reply.body, result.ok() ? "12345" : "");
      EXPECT_EQ(result.reply.status, result.ok() ? 200 : 0);
    }
  }

  ScriptedProvider::Options Unix() {
    ScriptedProvider::Options options;
    options.kind = Endpoint::Kind::kUnix;
    options.socket_path = dir_ / "provider.sock";
    return options;
  }
};

std::vector<Row> CommonRows() {
  std::vector<Row> all;
  for (const auto& rows : {GoodRows(), BrokenRows(), ClosingRows()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

TEST_F(HttpReplyTest, TakesGoodRepliesAndNamesBadOnesOverTls) {
  ScriptedProvider provider(&Ca(), {});
  Check(&provider, CommonRows());
  Check(&provider, HangingRows());
  Check(&provider, TlsRows());
}

TEST_F(HttpReplyTest, TakesGoodRepliesAndNamesBadOnesOverPlainHttp) {
  ScriptedProvider provider(nullptr, {Endpoint::Kind::kHttp});
  Check(&provider, CommonRows());
}

TEST_F(HttpReplyTest, TakesGoodRepliesAndTimesOutOverAUnixSocket) {
  ScriptedProvider provider(nullptr, Unix());
  Check(&provider, GoodRows());
  Check(&provider, {HangingRows().front()});
}

TEST_F(HttpReplyTest, SaysWhoRefusedTheConnection) {
  Endpoint endpoint;
  endpoint.host = "localhost";
  endpoint.port = RefusingPort();
  const HttpResult tcp = RunOnce(Config(), RequestTo(endpoint));
  EXPECT_EQ(Name(tcp.failure), "network");
  EXPECT_EQ(tcp.error, "connect: localhost:" + std::to_string(endpoint.port) +
                           ": Connection refused");

  endpoint = {Endpoint::Kind::kUnix, "", 0, dir_ / "nobody.sock"};
  const HttpResult missing = RunOnce(Config(), RequestTo(endpoint));
  EXPECT_EQ(Name(missing.failure), "network");
  EXPECT_THAT(missing.error, HasSubstr("nobody.sock: No such file"));

  endpoint.socket_path = std::string(200, 'x');
  EXPECT_THAT(RunOnce(Config(), RequestTo(endpoint)).error,
              HasSubstr("path of the socket is too long"));
}

TEST_F(HttpReplyTest, FollowsNoRedirect) {
  ScriptedProvider provider(&Ca(), {});
  provider.Push(acts::Redirect());
  const HttpResult result = RunOnce(Config(), RequestTo(provider.endpoint()));
  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.reply.status, 307);
  ASSERT_NE(result.reply.Header("location"), nullptr);
  EXPECT_EQ(*result.reply.Header("location"), "https://other.test/v1");
  EXPECT_THAT(provider.requests(), SizeIs(1));
}

TEST_F(HttpReplyTest, PassesErrorRepliesOnWithHeadersAndBody) {
  ScriptedProvider provider(&Ca(), {});
  provider.Push(acts::Reply(429, R"({"error":{}})", {{"Retry-After", "7"}}));
  const HttpResult result = RunOnce(Config(), RequestTo(provider.endpoint()));
  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.reply.status, 429);
  EXPECT_EQ(result.reply.body, R"({"error":{}})");
  ASSERT_NE(result.reply.Header("retry-after"), nullptr);
  EXPECT_EQ(*result.reply.Header("retry-after"), "7");
}

TEST_F(HttpReplyTest, TakesBodiesAndHeadersUpToTheLimitAndNoByteMore) {
  ScriptedProvider provider(&Ca(), {});
  const struct {
    size_t body_bytes;
    size_t header_bytes;
    const char* error;
  } kRows[] = {
      {kMaxReplyBytes, 0, ""},
      {kMaxReplyBytes + 1, 0, "body larger than 256 KiB"},
      {1, kMaxReplyHeaderBytes - 200, ""},
      {1, kMaxReplyHeaderBytes, "headers larger than 16 KiB"},
  };
  for (const auto& row : kRows) {
    provider.Push(
        acts::Reply(200, std::string(row.body_bytes, 'x'),
                    {{"X-Long", std::string(row.header_bytes, 'h')}}));
    const HttpResult result = RunOnce(Config(), RequestTo(provider.endpoint()));
    EXPECT_EQ(result.ok(), *row.error == '\0') << result.error;
    EXPECT_THAT(result.error, HasSubstr(row.error));
    EXPECT_EQ(result.reply.body.size(), result.ok() ? row.body_bytes : 0);
  }
}

TEST_F(HttpReplyTest, SendsOneCompleteRequestThatEndsItsConnection) {
  ScriptedProvider provider(&Ca(), {});
  provider.Push(acts::Reply(200, "{}"));
  HttpRequest request = RequestTo(provider.endpoint());
  request.body = std::string(1 << 20, 'b');  // more than a socket's buffer
  ASSERT_TRUE(RunOnce(Config(), request).ok());
  ASSERT_THAT(provider.requests(), SizeIs(1));
  const ScriptedRequest got = provider.requests().front();
  EXPECT_EQ(got.method, "POST");
  EXPECT_EQ(got.target, "/v1/chat/completions");
  EXPECT_EQ(got.body, request.body);
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"host", "localhost:" + std::to_string(provider.port())},
      {"connection", "close"},
      {"user-agent", "rocktune"},
      {"content-length", std::to_string(request.body.size())},
      {"content-type", "application/json"},
      {"authorization", std::string("Bearer ") + kCanary},
  };
  EXPECT_EQ(got.headers, headers);  // and so no Accept-Encoding
}

TEST_F(HttpReplyTest, SurvivesAPeerThatLeavesWhileItSends) {
  ScriptedProvider tls(&Ca(), {});
  ScriptedProvider plain(nullptr, {Endpoint::Kind::kHttp});
  ScriptedProvider local(nullptr, Unix());
  for (ScriptedProvider* provider : {&tls, &plain, &local}) {
    provider->Push(acts::CloseUnread());
    HttpRequest request = RequestTo(provider->endpoint());
    request.body = std::string(8 << 20, 'b');
    const HttpResult result = RunOnce(Config(), request);
    EXPECT_EQ(Name(result.failure), "network");
    EXPECT_THAT(result.error, HasSubstr("send: "));
  }
}

TEST_F(HttpReplyTest, SendsNothingThatWouldBeAnotherRequest) {
  ScriptedProvider provider(&Ca(), {});
  const std::string secret = std::string(kCanary) + "\r\nX-Evil: 1";
  const struct {
    void (*spoil)(HttpRequest*, const std::string&);
    const char* error;
  } kRows[] = {
      {[](HttpRequest* r, const std::string& s) { r->headers[1].second = s; },
       "header Authorization holds a control character"},
      {[](HttpRequest* r, const std::string& s) { r->headers[1].first = s; },
       "header's name"},
      {[](HttpRequest* r, const std::string& s) { r->target = "/" + s; },
       "target"},
      {[](HttpRequest* r, const std::string&) { r->endpoint.host = "a b"; },
       "host"},
  };
  for (const auto& row : kRows) {
    HttpRequest request = RequestTo(provider.endpoint());
    row.spoil(&request, secret);
    const HttpResult result = RunOnce(Config(), request);
    EXPECT_EQ(Name(result.failure), "tls");
    EXPECT_THAT(result.error, HasSubstr(row.error));
  }
  EXPECT_THAT(provider.requests(), SizeIs(0));
}

TEST_F(HttpReplyTest, SpeaksPlainHttpToThisMachineOnly) {
  Endpoint endpoint;
  endpoint.kind = Endpoint::Kind::kHttp;
  endpoint.port = RefusingPort();
  TransportConfig config = Config();
  config.resolve = [](const std::string&) {
    return Lookup::Result({"127.0.0.1", "192.0.2.1"});
  };
  for (const char* host : {"localhost", "192.0.2.1"}) {
    endpoint.host = host;
    const HttpResult result = RunOnce(config, RequestTo(endpoint));
    EXPECT_EQ(Name(result.failure), "tls");
    EXPECT_THAT(result.error, HasSubstr("plain http is for this machine only"));
  }
}

}  // namespace
}  // namespace rocktune
