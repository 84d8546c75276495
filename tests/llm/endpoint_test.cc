#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llm/http_exchange.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

struct GoodRow {
  const char* url;
  Endpoint endpoint;
};

using Kind = Endpoint::Kind;

const GoodRow kGood[] = {
    {"https://api.example", {Kind::kHttps, "api.example", 443, "", ""}},
    {"https://api.example/", {Kind::kHttps, "api.example", 443, "", ""}},
    {"HTTPS://API.Example:8443/v1/",
     {Kind::kHttps, "api.example", 8443, "", "/v1"}},
    {"https://api.example/a/b//",
     {Kind::kHttps, "api.example", 443, "", "/a/b"}},
    {"https://api.example/a%20b",
     {Kind::kHttps, "api.example", 443, "", "/a%20b"}},
    {"https://192.0.2.7/v1", {Kind::kHttps, "192.0.2.7", 443, "", "/v1"}},
    {"https://[2001:db8::1]:9/v1", {Kind::kHttps, "2001:db8::1", 9, "", "/v1"}},
    {"https://api.example:65535", {Kind::kHttps, "api.example", 65535, "", ""}},
    {"http://localhost:11434/v1", {Kind::kHttp, "localhost", 11434, "", "/v1"}},
    {"http://LocalHost", {Kind::kHttp, "localhost", 80, "", ""}},
    {"http://127.0.0.1", {Kind::kHttp, "127.0.0.1", 80, "", ""}},
    {"http://127.9.9.9", {Kind::kHttp, "127.9.9.9", 80, "", ""}},
    {"http://[::1]:8000", {Kind::kHttp, "::1", 8000, "", ""}},
    {"unix:/run/llm.sock", {Kind::kUnix, "", 0, "/run/llm.sock", ""}},
    {"unix:/run/llm.sock:", {Kind::kUnix, "", 0, "/run/llm.sock", ""}},
    {"unix:/run/llm.sock:/v1/", {Kind::kUnix, "", 0, "/run/llm.sock", "/v1"}},
};

TEST(Endpoint, ReadsWhereRequestsGo) {
  for (const GoodRow& row : kGood) {
    SCOPED_TRACE(row.url);
    const auto endpoint = ParseEndpoint(row.url);
    ASSERT_OK(endpoint);
    EXPECT_EQ(endpoint->kind, row.endpoint.kind);
    EXPECT_EQ(endpoint->host, row.endpoint.host);
    EXPECT_EQ(endpoint->port, row.endpoint.port);
    EXPECT_EQ(endpoint->socket_path, row.endpoint.socket_path);
    EXPECT_EQ(endpoint->base_path, row.endpoint.base_path);
  }
}

struct BadRow {
  std::string url;
  const char* says;
};

const BadRow kBad[] = {
    {"", "not a valid URL"},
    {"api.example/v1", "not a valid URL"},
    {"//api.example/v1", "not a valid URL"},
    {"https:api.example", "host is missing"},
    {"https:///v1", "host is missing"},
    {"https://:443/v1", "host is missing"},
    {"ftp://api.example", "must begin with https://"},
    {"file:///etc/passwd", "must begin with https://"},
    {"wss://api.example", "must begin with https://"},
    {"https://user@api.example", "user or password"},
    {"https://user:password@api.example", "user or password"},
    {"https://api.example/v1?key=1", "query"},
    {"https://api.example/v1?", "query"},
    {"https://api.example/v1#x", "fragment"},
    {"https://api.example:0", "port"},
    {"https://api.example:65536", "port"},
    {"https://api.example:99999999999999999999", "port"},
    {"https://api%2eexample/", "neither a name nor an address"},
    {"https://[v1.x]/", "neither a name nor an address"},
    {"https://api.example/\n", "control character"},
    {"https://api.example/\x01", "control character"},
    {"https://api.example/a b", "space"},
    {"https://api.ex\xc3\xa4mple/", "outside ASCII"},
    {std::string("https://api.example/\0x", 22), "control character"},
    {"https://api.example/%zz", "not a valid URL"},
    {"https://api.example/" + std::string(2048, 'a'), "longer than 2 KiB"},
    {"http://api.example", "this machine only"},
    {"http://192.168.0.1", "this machine only"},
    {"http://0.0.0.0", "this machine only"},
    {"http://128.0.0.1", "this machine only"},
    {"http://[::]", "this machine only"},
    {"http://localhost.evil.example", "this machine only"},
    // An address only to some versions of the parser: "" = any reason.
    {"http://127.0.0.1.evil.example", ""},
    {"http://127.0.0.1evil.example", ""},
    {"http://127.0.0.1:80evil.example", ""},
    {"http://[::1]evil.example", ""},
    {"http://127.1", "this machine only"},
    {"unix:", "absolute path"},
    {"unix:run/llm.sock", "absolute path"},
    {"unix:/run/llm.sock:v1", "a path from / on"},
    {"unix:/run/llm.sock:/v1?x", "query"},
    {"unix:/" + std::string(107, 'a'), "longer than 107 bytes"},
};

TEST(Endpoint, RefusesTheRestAndSaysWhy) {
  for (const BadRow& row : kBad) {
    EXPECT_THAT(ParseEndpoint(row.url),
                IsError(absl::StatusCode::kInvalidArgument, row.says))
        << row.url;
  }
}

}  // namespace
}  // namespace rocktune
