#include "llm/http_message.h"

#include <sys/un.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "llm/http_limits.h"

namespace rocktune {
namespace {

bool HasControl(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

// What fits between the blanks of a request line or into an authority.
bool IsOneWord(absl::string_view text) {
  return !HasControl(text) && text.find(' ') == text.npos;
}

bool IsHeaderName(absl::string_view text) {
  constexpr absl::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           kMarks.find(c) != kMarks.npos;
  });
}

std::string Bracketed(const std::string& host) {
  return host.find(':') == host.npos ? host : absl::StrCat("[", host, "]");
}

std::string HostHeader(const Endpoint& endpoint) {
  switch (endpoint.kind) {
    case Endpoint::Kind::kUnix:
      return "localhost";
    case Endpoint::Kind::kHttp:
      if (endpoint.port == 80) return Bracketed(endpoint.host);
      break;
    case Endpoint::Kind::kHttps:
      if (endpoint.port == 443) return Bracketed(endpoint.host);
      break;
  }
  return PeerText(endpoint);
}

}  // namespace

std::string PeerText(const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::kUnix) return endpoint.socket_path;
  return absl::StrCat(Bracketed(endpoint.host), ":", endpoint.port);
}

absl::Status CheckSendable(const HttpRequest& request) {
  if (!IsOneWord(request.endpoint.host)) {
    return absl::InvalidArgumentError("the host holds a blank or a control");
  }
  if (request.endpoint.socket_path.size() >= sizeof(sockaddr_un::sun_path)) {
    return absl::InvalidArgumentError("the path of the socket is too long");
  }
  if (!absl::StartsWith(request.target, "/") || !IsOneWord(request.target)) {
    return absl::InvalidArgumentError("the target is no path");
  }
  for (const auto& [name, value] : request.headers) {
    if (!IsHeaderName(name)) {
      return absl::InvalidArgumentError("a header's name is none");
    }
    if (HasControl(value)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the value of header ", name, " holds a control character"));
    }
  }
  return absl::OkStatus();
}

std::string RequestText(const HttpRequest& request) {
  // No Accept-Encoding: a compressed reply could hide its size.
  std::string text =
      absl::StrCat("POST ", request.target, " HTTP/1.1\r\n",        //
                   "Host: ", HostHeader(request.endpoint), "\r\n",  //
                   "Connection: close\r\n",                         //
                   "User-Agent: rocktune\r\n",                      //
                   "Content-Length: ", request.body.size(), "\r\n");
  for (const auto& [name, value] : request.headers) {
    absl::StrAppend(&text, name, ": ", value, "\r\n");
  }
  absl::StrAppend(&text, "\r\n", request.body);
  return text;
}

std::string ConnectText(const Endpoint& endpoint, const Proxy& proxy) {
  const std::string peer = PeerText(endpoint);
  std::string text =
      absl::StrCat("CONNECT ", peer, " HTTP/1.1\r\nHost: ", peer, "\r\n");
  if (!proxy.authorization.empty()) {
    absl::StrAppend(&text, "Proxy-Authorization: ", proxy.authorization,
                    "\r\n");
  }
  return absl::StrCat(text, "\r\n");
}

absl::Status CheckReply(const HttpReply& reply) {
  int lengths = 0;
  size_t header_bytes = 0;  // trailers of a chunked body included
  for (const auto& [name, value] : reply.headers) {
    header_bytes += name.size() + value.size();
    lengths += name == "content-length" ? 1 : 0;
    // Nobody asked for compression, and a decompressor is an attack surface.
    if (name == "content-encoding" &&
        !absl::EqualsIgnoreCase(value, "identity")) {
      return absl::InvalidArgumentError("compressed, which was not asked for");
    }
  }
  // Equal or not: whoever repeats it may mean another end of the body.
  if (lengths > 1) {
    return absl::InvalidArgumentError("broken HTTP: Content-Length twice");
  }
  if (header_bytes > kMaxReplyHeaderBytes) {
    return absl::InvalidArgumentError("headers larger than 16 KiB");
  }
  if (reply.status < 200 || reply.status > 599) {
    return absl::InvalidArgumentError("no valid status");
  }
  return absl::OkStatus();
}

}  // namespace rocktune
