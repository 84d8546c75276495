#include "llm/http_proxy.h"

#include <cstdlib>
#include <string>

#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Endpoint Https(const std::string& host, uint16_t port = 443) {
  Endpoint endpoint;
  endpoint.host = host;
  endpoint.port = port;
  return endpoint;
}

// Whether an exchange with `endpoint` goes through a proxy.
bool Uses(const std::string& no_proxy, const Endpoint& endpoint) {
  const auto proxy = ProxyFor({"http://proxy.test:3128", no_proxy}, endpoint);
  EXPECT_OK(proxy);
  return proxy.ok() && proxy->has_value();
}

TEST(HttpProxy, ReadsTheUrlsPeopleWrite) {
  const struct {
    const char* url;
    const char* host;
    uint16_t port;
    const char* authorization;
  } kRows[] = {
      {"http://proxy.test:3128", "proxy.test", 3128, ""},
      {"HTTP://proxy.test:3128/", "proxy.test", 3128, ""},
      {"proxy.test:3128", "proxy.test", 3128, ""},
      {"proxy.test", "proxy.test", 80, ""},
      {"http://[::1]:8080", "::1", 8080, ""},
      {"http://192.0.2.1:1", "192.0.2.1", 1, ""},
      {"http://user:pass@proxy.test", "proxy.test", 80, "Basic dXNlcjpwYXNz"},
      {"user:p%40ss@proxy.test:1", "proxy.test", 1, "Basic dXNlcjpwQHNz"},
      {"http://user@proxy.test", "proxy.test", 80, "Basic dXNlcjo="},
  };
  for (const auto& row : kRows) {
    const auto proxy = ProxyFor({row.url, ""}, Https("provider.test"));
    ASSERT_OK(proxy) << row.url;
    ASSERT_TRUE(proxy->has_value()) << row.url;
    EXPECT_EQ((*proxy)->host, row.host);
    EXPECT_EQ((*proxy)->port, row.port);
    EXPECT_EQ((*proxy)->authorization, row.authorization);
  }
}

TEST(HttpProxy, RefusesOtherUrlsWithoutRepeatingThem) {
  for (const char* url :
       {"https://u:secret@h:1", "socks5://u:secret@h", "http://u:secret@",
        "http://u:secret@h:0", "http://u:secret@h:65536",
        "http://u:secret@h:99999", "http://sec ret", "http://u:secret@[::1",
        "://secret", "\x01secret"}) {
    const auto proxy = ProxyFor({url, ""}, Https("provider.test"));
    EXPECT_THAT(proxy, IsError(absl::StatusCode::kInvalidArgument, "proxy"))
        << url;
    EXPECT_THAT(proxy.status().ToString(), Not(HasSubstr("sec")));
  }
}

TEST(HttpProxy, LeavesHostsOfNoProxyAlone) {
  const struct {
    const char* no_proxy;
    const char* host;
    uint16_t port;
    bool uses;
  } kRows[] = {
      {"", "api.example.com", 443, true},
      {"*", "api.example.com", 443, false},
      {"example.com", "example.com", 443, false},
      {"example.com", "api.example.com", 443, false},
      {".example.com", "api.example.com", 443, false},
      {".example.com", "example.com", 443, false},
      {"*.example.com", "api.example.com", 443, false},
      {"example.com", "badexample.com", 443, true},
      {"api.example.com", "example.com", 443, true},
      {"EXAMPLE.com", "Api.Example.COM", 443, false},
      {"a.test, example.com\tb.test", "example.com", 443, false},
      {"a.test,,b.test", "example.com", 443, true},
      {"example.com:443", "example.com", 443, false},
      {"example.com:8443", "example.com", 443, true},
      {"example.com:https", "example.com", 443, true},
      {"*:8443", "example.com", 8443, false},
      {"192.0.2.1", "192.0.2.1", 443, false},
      {"192.0.2.1", "192.0.2.11", 443, true},
      {"2001:db8::1", "2001:db8::1", 443, false},
      {"[2001:db8::1]:443", "2001:db8::1", 443, false},
      {"[2001:db8::1]:1", "2001:db8::1", 443, true},
      {".", "example.com", 443, true},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Uses(row.no_proxy, Https(row.host, row.port)), row.uses)
        << row.no_proxy << " and " << row.host << ":" << row.port;
  }
}

TEST(HttpProxy, IsForHttpsToOtherMachinesOnly) {
  EXPECT_TRUE(Uses("", Https("provider.test")));
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) {
    EXPECT_FALSE(Uses("", Https(host))) << host;
  }
  Endpoint other = Https("provider.test");
  other.kind = Endpoint::Kind::kHttp;
  EXPECT_FALSE(Uses("", other));
  other.kind = Endpoint::Kind::kUnix;
  EXPECT_FALSE(Uses("", other));
}

// Sets variables for one test and puts back what was there.
class Variables {
 public:
  ~Variables() {
    for (const auto& [name, before] : before_) Put(name, before);
  }
  void Set(const char* name, const char* value) {
    const char* before = std::getenv(name);
    before_.emplace_back(name, before == nullptr ? "" : before);
    Put(name, value);
  }

 private:
  static void Put(const std::string& name, const std::string& value) {
    if (value.empty()) {
      unsetenv(name.c_str());
    } else {
      setenv(name.c_str(), value.c_str(), 1);
    }
  }
  std::vector<std::pair<std::string, std::string>> before_;
};

TEST(HttpProxy, ReadsTheEnvironmentInCapitalsFirst) {
  Variables variables;
  for (const char* name :
       {"HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"}) {
    variables.Set(name, "");
  }
  EXPECT_EQ(ProxyFromEnvironment().https_proxy, "");
  EXPECT_EQ(ProxyFromEnvironment().no_proxy, "");
  variables.Set("https_proxy", "http://small.test");
  variables.Set("no_proxy", "small");
  EXPECT_EQ(ProxyFromEnvironment().https_proxy, "http://small.test");
  EXPECT_EQ(ProxyFromEnvironment().no_proxy, "small");
  variables.Set("HTTPS_PROXY", "http://capital.test");
  variables.Set("NO_PROXY", "capital");
  EXPECT_EQ(ProxyFromEnvironment().https_proxy, "http://capital.test");
  EXPECT_EQ(ProxyFromEnvironment().no_proxy, "capital");
}

}  // namespace
}  // namespace rocktune
