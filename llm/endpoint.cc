#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "llm/http_exchange.h"
#include "policy/status_macros.h"

// No message repeats the URL: it may hold a password.
namespace rocktune {
namespace {

namespace urls = boost::urls;

constexpr size_t kMaxUrlBytes = 2048;
constexpr size_t kMaxSocketPathBytes = 107;  // sockaddr_un, without its zero

absl::Status Refused(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("base URL: ", why));
}

struct SchemeRow {
  urls::scheme scheme;
  Endpoint::Kind kind;
  uint16_t port;
};

constexpr SchemeRow kSchemes[] = {
    {urls::scheme::https, Endpoint::Kind::kHttps, 443},
    {urls::scheme::http, Endpoint::Kind::kHttp, 80},
};

const SchemeRow* FindScheme(urls::scheme scheme) {
  for (const SchemeRow& row : kSchemes) {
    if (row.scheme == scheme) return &row;
  }
  return nullptr;
}

bool IsLoopback(const urls::url_view& url) {
  switch (url.host_type()) {
    case urls::host_type::ipv4:
      return url.host_ipv4_address().is_loopback();
    case urls::host_type::ipv6:
      return url.host_ipv6_address().is_loopback();
    default:
      return absl::EqualsIgnoreCase(std::string(url.host()), "localhost");
  }
}

absl::Status CheckParts(const urls::url_view& url) {
  if (url.has_userinfo()) return Refused("it must not hold a user or password");
  if (url.has_query()) return Refused("it must not hold a query");
  if (url.has_fragment()) return Refused("it must not hold a fragment");
  const std::string host(url.encoded_host());
  if (host.empty()) return Refused("the host is missing");
  // Boost 1.81 reads "127.0.0.1.example" as an address and a path behind it.
  const std::string path(url.encoded_path());
  if (host.find('%') != std::string::npos ||
      url.host_type() == urls::host_type::ipvfuture ||
      (!path.empty() && path[0] != '/')) {
    return Refused("the host is neither a name nor an address");
  }
  if (url.has_port() && url.port_number() == 0) {
    return Refused("the port is not one of 1..65535");
  }
  return absl::OkStatus();
}

absl::StatusOr<Endpoint> ParseHttp(absl::string_view text) {
  const std::string owned(text);  // the view below looks into it
  const auto parsed = urls::parse_uri(owned);
  if (!parsed) return Refused("it is not a valid URL");
  const urls::url_view& url = *parsed;
  const SchemeRow* row = FindScheme(url.scheme_id());
  if (row == nullptr) {
    return Refused(
        "it must begin with https://, http:// (loopback only) or unix:");
  }
  ROCKTUNE_RETURN_IF_ERROR(CheckParts(url));
  if (row->kind == Endpoint::Kind::kHttp && !IsLoopback(url)) {
    return Refused(
        "http:// is for this machine only (127.0.0.0/8, ::1, localhost); "
        "elsewhere it takes https://");
  }
  Endpoint endpoint;
  endpoint.kind = row->kind;
  endpoint.host = absl::AsciiStrToLower(std::string(url.host_address()));
  endpoint.port = url.has_port() ? url.port_number() : row->port;
  absl::string_view path(url.encoded_path().data(), url.encoded_path().size());
  while (absl::ConsumeSuffix(&path, "/")) {
  }
  endpoint.base_path = std::string(path);
  return endpoint;
}

// "/path/of/socket" or "/path/of/socket:/base".
absl::StatusOr<Endpoint> ParseUnix(absl::string_view text) {
  const size_t colon = std::min(text.find(':'), text.size());
  const absl::string_view socket_path = text.substr(0, colon);
  const absl::string_view base =
      colon < text.size() ? text.substr(colon + 1) : absl::string_view();
  if (!absl::StartsWith(socket_path, "/")) {
    return Refused("unix: takes the absolute path of a socket");
  }
  if (socket_path.size() > kMaxSocketPathBytes) {
    return Refused("the path of the socket is longer than 107 bytes");
  }
  if (!base.empty() && base[0] != '/') {
    return Refused("behind the socket stands a path from / on");
  }
  ROCKTUNE_ASSIGN_OR_RETURN(Endpoint endpoint,
                            ParseHttp(absl::StrCat("http://localhost", base)));
  endpoint.kind = Endpoint::Kind::kUnix;
  endpoint.host.clear();
  endpoint.port = 0;
  endpoint.socket_path = std::string(socket_path);
  return endpoint;
}

}  // namespace

absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view url) {
  if (url.size() > kMaxUrlBytes) return Refused("it is longer than 2 KiB");
  for (const char c : url) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) {
      return Refused(
          "it holds a space, a control character or a byte outside ASCII");
    }
  }
  if (absl::ConsumePrefix(&url, "unix:")) return ParseUnix(url);
  return ParseHttp(url);
}

}  // namespace rocktune
