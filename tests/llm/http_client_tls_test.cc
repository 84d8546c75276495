// Whom the transport trusts, and how it reaches a provider through a proxy.
#include <string>
#include <vector>

#include "tests/llm/http_client_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using HttpTlsTest = HttpClientTest;

TEST_F(HttpTlsTest, AcceptsACertificateForTheHostAndNoOther) {
  const struct {
    const char* host;
    TestCertificate certificate;
    const char* refused;  // words, or empty
  } kRows[] = {
      {"localhost", TestCertificate::kGood, ""},
      {"LOCALHOST", TestCertificate::kGood, ""},
      {"provider.test", TestCertificate::kGood, ""},
      {"one.wild.test", TestCertificate::kGood, ""},
      {"127.0.0.1", TestCertificate::kGood, ""},
      {"two.one.wild.test", TestCertificate::kGood, "hostname mismatch"},
      {"wild.test", TestCertificate::kGood, "hostname mismatch"},
      {"provider.test.evil.test", TestCertificate::kGood, "hostname mismatch"},
      {"localhost", TestCertificate::kWrongHost, "hostname mismatch"},
      {"127.0.0.1", TestCertificate::kWrongHost, "IP address mismatch"},
      {"localhost", TestCertificate::kExpired, "certificate has expired"},
      {"localhost", TestCertificate::kNotYetValid, "not yet valid"},
      {"localhost", TestCertificate::kSelfSigned, "self-signed certificate"},
      {"localhost", TestCertificate::kOtherCa, "unable to get local issuer"},
  };
  ScriptedProvider provider(&Ca(), {});
  size_t served = 0;
  for (const auto& row : kRows) {
    SCOPED_TRACE(std::string(row.host) + ": " + row.refused);
    provider.Push(acts::Presents(row.certificate));
    const HttpResult result =
        RunOnce(Config(), RequestTo(provider.endpoint(row.host)));
    const bool trusted = *row.refused == '\0';
    EXPECT_EQ(Name(result.failure), trusted ? "ok" : "tls");
    EXPECT_THAT(result.error, HasSubstr(row.refused));
    if (!trusted) {
      EXPECT_THAT(result.error, HasSubstr("certificate refused: "));
    }
    served += trusted ? 1 : 0;
    EXPECT_THAT(provider.requests(), SizeIs(served)) << "sent to a stranger";
  }
}

TEST_F(HttpTlsTest, NamesTheHostToTheServerButNoAddress) {
  ScriptedProvider provider(&Ca(), {});
  for (const char* host : {"provider.test", "127.0.0.1"}) {
    provider.Push(acts::Presents(TestCertificate::kGood));
    ASSERT_TRUE(RunOnce(Config(), RequestTo(provider.endpoint(host))).ok());
  }
  ASSERT_THAT(provider.requests(), SizeIs(2));
  EXPECT_EQ(provider.requests()[0].sni, "provider.test");
  EXPECT_EQ(provider.requests()[1].sni, "");
}

TEST_F(HttpTlsTest, TrustsTheSystemsAuthoritiesWithoutAFile) {
  ScriptedProvider provider(&Ca(), {});
  provider.Push(acts::Presents(TestCertificate::kGood));
  TransportConfig config = Config();
  config.ca_file = "";
  EXPECT_OK(CheckTransport(config));
  const HttpResult result = RunOnce(config, RequestTo(provider.endpoint()));
  EXPECT_EQ(Name(result.failure), "tls");
  EXPECT_THAT(result.error, HasSubstr("unable to get local issuer"));
}

TEST_F(HttpTlsTest, NamesACaFileThatCannotBeUsedAndTakesItOnceMended) {
  Write("none.pem", "no certificate\n");
  ScriptedProvider provider(&Ca(), {});
  const HttpRequest request = RequestTo(provider.endpoint());
  const struct {
    const char* file;
    const char* why;
  } kRows[] = {{"missing.pem", "missing.pem: No such file"},
               {"none.pem", "none.pem: no certificate"}};
  for (const auto& [file, why] : kRows) {
    TransportConfig config = Config();
    config.ca_file = dir_ / file;
    EXPECT_THAT(CheckTransport(config),
                IsError(absl::StatusCode::kFailedPrecondition, config.ca_file));
    HttpClient client(&context_, config);
    const HttpResult result = Run(&client, request);
    EXPECT_EQ(Name(result.failure), "tls");
    EXPECT_THAT(result.error, HasSubstr(config.ca_file));
    EXPECT_THAT(result.error, HasSubstr(why));

    Write(file, Ca().pem());
    provider.Push(acts::Presents(TestCertificate::kGood));
    EXPECT_TRUE(Run(&client, request).ok());
  }
}

class HttpProxyTest : public HttpClientTest {
 protected:
  static ScriptedProvider::Options AsProxy() {
    ScriptedProvider::Options options;
    options.proxy = true;
    return options;
  }
  // The password is the canary, so that every error is searched for it.
  TransportConfig Through(const std::string& host_and_port) {
    TransportConfig config = Config();
    config.proxy.https_proxy =
        std::string("http://user:") + kCanary + "@" + host_and_port;
    return config;
  }
  TransportConfig Through(const ScriptedProvider& proxy) {
    return Through("proxy.test:" + std::to_string(proxy.port()));
  }
  static HttpRequest ToProvider() {
    Endpoint endpoint;
    endpoint.host = "provider.test";
    return RequestTo(endpoint);
  }
};

TEST_F(HttpProxyTest, TunnelsThroughTheProxyAndKeepsItsSecretsApart) {
  ScriptedProvider proxy(&Ca(), AsProxy());
  proxy.Push(acts::Reply(200, "through"));
  const HttpResult result = RunOnce(Through(proxy), ToProvider());
  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.reply.body, "through");
  ASSERT_THAT(proxy.requests(), SizeIs(2));
  const ScriptedRequest connect = proxy.requests()[0];
  EXPECT_EQ(connect.method, "CONNECT");
  EXPECT_EQ(connect.target, "provider.test:443");
  EXPECT_EQ(connect.Header("host"), "provider.test:443");
  EXPECT_EQ(connect.Header("authorization"), "") << "the provider's key";
  EXPECT_EQ(connect.Header("proxy-authorization"),
            "Basic dXNlcjpzay1jYW5hcnktNDcxMQ==");
  const ScriptedRequest inner = proxy.requests()[1];
  EXPECT_EQ(inner.Header("host"), "provider.test");
  EXPECT_EQ(inner.sni, "provider.test");
  EXPECT_EQ(inner.Header("proxy-authorization"), "") << "the proxy's password";
}

TEST_F(HttpProxyTest, VerifiesTheProviderAndNotTheProxy) {
  ScriptedProvider proxy(&Ca(), AsProxy());
  proxy.Push(acts::Presents(TestCertificate::kWrongHost));
  const HttpResult result = RunOnce(Through(proxy), ToProvider());
  EXPECT_EQ(Name(result.failure), "tls");
  EXPECT_THAT(result.error, HasSubstr("provider.test:443: certificate"));
}

TEST_F(HttpProxyTest, NamesWhatAProxyDoesWrong) {
  const auto answers = [](std::string bytes) {
    Act act;
    act.connect_reply = std::move(bytes);
    return act;
  };
  Act more = answers("HTTP/1.1 200 OK\r\n\r\nSSH-2.0");
  more.begin = Act::Begin::kStaySilent;
  const struct {
    Act act;
    CallOutcome outcome;
    const char* says;
  } kRows[] = {
      {acts::RefusesTunnel(407), CallOutcome::kNetwork,
       "proxy CONNECT: proxy proxy.test: the proxy answered 407"},
      {acts::RefusesTunnel(503), CallOutcome::kNetwork, "answered 503"},
      {acts::RefusesTunnel(302), CallOutcome::kNetwork, "answered 302"},
      {answers("no HTTP\r\n\r\n"), CallOutcome::kInvalidReply, "broken HTTP"},
      {answers(""), CallOutcome::kNetwork, "closed"},
      {answers("HTTP/1.1 200 OK\r\nX: " + std::string(17 << 10, 'x')),
       CallOutcome::kInvalidReply, "16 KiB"},
      {more, CallOutcome::kInvalidReply, "more than its answer"},
  };
  ScriptedProvider proxy(&Ca(), AsProxy());
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.says);
    proxy.Push(row.act);
    const HttpResult result = RunOnce(Through(proxy), ToProvider());
    EXPECT_EQ(Name(result.failure), Name(row.outcome));
    EXPECT_THAT(result.error, HasSubstr(row.says));
  }
}

TEST_F(HttpProxyTest, TheDeadlineCoversAProxyThatIsSilent) {
  const UnansweredPort silent;
  TransportConfig config =
      Through("127.0.0.1:" + std::to_string(silent.port()));
  config.connect_limit = kLong;
  HttpResult result = RunOnce(config, ToProvider(), kShort);
  EXPECT_EQ(Name(result.failure), "timeout");
  EXPECT_THAT(result.error, HasSubstr("connect: proxy 127.0.0.1"));

  ScriptedProvider proxy(&Ca(), AsProxy());
  Act act = acts::SilentBeforeTls();
  act.connect_reply = "HTTP/1.1 200 O";
  proxy.Push(act);
  result = RunOnce(Through(proxy), ToProvider(), kShort);
  EXPECT_EQ(Name(result.failure), "timeout");
  EXPECT_THAT(result.error, HasSubstr("proxy CONNECT: proxy proxy.test"));
}

TEST_F(HttpProxyTest, SaysThatTheProxyRefusedTheConnection) {
  const uint16_t port = RefusingPort();
  const HttpResult result =
      RunOnce(Through("127.0.0.1:" + std::to_string(port)), ToProvider());
  EXPECT_EQ(Name(result.failure), "network");
  EXPECT_EQ(result.error, "connect: proxy 127.0.0.1: Connection refused");
}

TEST_F(HttpProxyTest, ABadProxyUrlIsToldWithoutTheUrl) {
  for (const std::string& url :
       {std::string("socks5://u:") + kCanary + "@h",
        std::string("https://u:") + kCanary + "@h",
        std::string("http://u:") + kCanary + "@h:99999",
        std::string("http://[u:") + kCanary}) {
    TransportConfig config = Config();
    config.proxy.https_proxy = url;
    EXPECT_THAT(CheckTransport(config),
                IsError(absl::StatusCode::kInvalidArgument, "HTTPS proxy"));
    const HttpResult result = RunOnce(config, ToProvider());
    EXPECT_EQ(Name(result.failure), "tls");
    EXPECT_THAT(result.error, HasSubstr("HTTPS proxy"));
  }
}

TEST_F(HttpProxyTest, GoesDirectlyWhereNoProxySaysSo) {
  ScriptedProvider proxy(&Ca(), AsProxy());
  ScriptedProvider provider(&Ca(), {});
  provider.Push(acts::Reply(200, "direct"));
  TransportConfig config = Through(proxy);
  config.proxy.no_proxy = "provider.test";
  const HttpResult result =
      RunOnce(config, RequestTo(provider.endpoint("provider.test")));
  EXPECT_EQ(result.reply.body, "direct");
  EXPECT_THAT(proxy.requests(), IsEmpty());
}

}  // namespace
}  // namespace rocktune
