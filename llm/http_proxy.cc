#include "llm/http_proxy.h"

#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "boost/asio/ip/address.hpp"
#include "boost/url/parse.hpp"
#include "boost/url/url_view.hpp"

namespace rocktune {
namespace {

constexpr int kMaxPort = 65535;

std::string Environment(const char* capitals, const char* small) {
  for (const char* name : {capitals, small}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "";
}

// One rule of no_proxy taken apart; port 0 is any.
struct Rule {
  std::string host;
  int port = 0;
};

Rule ParseRule(absl::string_view text) {
  Rule rule;
  // Two colons without brackets are an IPv6 address, not a port.
  const size_t colon = text.rfind(':');
  const bool bracket = absl::StartsWith(text, "[");
  const bool has_port =
      colon != text.npos &&
      (bracket ? colon > 0 && text[colon - 1] == ']' : text.find(':') == colon);
  if (has_port) {
    // A port that is no number matches nothing, rather than every port.
    if (!absl::SimpleAtoi(text.substr(colon + 1), &rule.port)) rule.port = -1;
    text = text.substr(0, colon);
  }
  if (bracket) {
    absl::ConsumePrefix(&text, "[");
    absl::ConsumeSuffix(&text, "]");
  }
  if (text != "*") absl::ConsumePrefix(&text, "*");
  absl::ConsumePrefix(&text, ".");
  rule.host = absl::AsciiStrToLower(text);
  return rule;
}

bool Covers(const Rule& rule, const std::string& host, uint16_t port) {
  if (rule.host.empty() || (rule.port != 0 && rule.port != port)) return false;
  return rule.host == "*" || host == rule.host ||
         absl::EndsWith(host, absl::StrCat(".", rule.host));
}

bool GoesDirectly(const std::string& no_proxy, const Endpoint& endpoint) {
  const std::string host = absl::AsciiStrToLower(endpoint.host);
  for (absl::string_view text :
       absl::StrSplit(no_proxy, absl::ByAnyChar(", \t"), absl::SkipEmpty())) {
    if (Covers(ParseRule(text), host, endpoint.port)) return true;
  }
  return false;
}

// Says what is wrong without a byte of the URL, which may hold a password.
absl::Status BadProxy(absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("the HTTPS proxy is no http://host:port: ", why));
}

}  // namespace

bool IsLoopback(const std::string& host) {
  if (absl::EqualsIgnoreCase(host, "localhost")) return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

ProxySettings ProxyFromEnvironment() {
  return {Environment("HTTPS_PROXY", "https_proxy"),
          Environment("NO_PROXY", "no_proxy")};
}

absl::StatusOr<std::optional<Proxy>> ProxyFor(const ProxySettings& settings,
                                              const Endpoint& endpoint) {
  if (settings.https_proxy.empty() || endpoint.kind != Endpoint::Kind::kHttps ||
      IsLoopback(endpoint.host) || GoesDirectly(settings.no_proxy, endpoint)) {
    return std::nullopt;
  }
  std::string text = settings.https_proxy;
  if (!absl::StrContains(text, "://")) text = absl::StrCat("http://", text);
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return BadProxy("it is no URL");
  const boost::urls::url_view& url = *parsed;
  const std::string scheme(url.scheme());
  if (!absl::EqualsIgnoreCase(scheme, "http")) {
    return BadProxy("its scheme is another one");
  }
  Proxy proxy;
  proxy.host = std::string(url.host_address());
  if (proxy.host.empty()) return BadProxy("it names no host");
  // Not url.port_number(): it cuts a number that is too large to 16 bits.
  int port = proxy.port;
  const std::string digits(url.port());
  if (!digits.empty() &&
      (!absl::SimpleAtoi(digits, &port) || port < 1 || port > kMaxPort)) {
    return BadProxy("its port is out of range");
  }
  proxy.port = static_cast<uint16_t>(port);
  if (url.has_userinfo()) {
    const std::string credentials =
        absl::StrCat(std::string(url.user()), ":", std::string(url.password()));
    proxy.authorization =
        absl::StrCat("Basic ", absl::Base64Escape(credentials));
  }
  return std::optional<Proxy>(std::move(proxy));
}

}  // namespace rocktune
