// Which proxy, if any, stands between us and an endpoint.
#ifndef ROCKTUNE_LLM_HTTP_PROXY_H_
#define ROCKTUNE_LLM_HTTP_PROXY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "llm/http_exchange.h"

namespace rocktune {

// As people write them into the environment. `https_proxy` may hold a password
// and is a secret: print neither it nor parts of it.
struct ProxySettings {
  std::string https_proxy;  // "[http://][user:password@]host[:port]", or empty
  // Hosts reached directly, separated by commas or blanks: "*" is every host,
  // "example.com", ".example.com" and "*.example.com" are that host and all
  // below it, an address is itself; ":port" behind one narrows it to a port.
  std::string no_proxy;
};

// HTTPS_PROXY and NO_PROXY, in capitals or else in small letters.
ProxySettings ProxyFromEnvironment();

struct Proxy {
  std::string host;  // name or address without brackets
  uint16_t port = 80;
  std::string authorization;  // "Basic ..." or empty; a secret
};

// The proxy to `endpoint`; none for plain http, unix sockets, whatever
// `no_proxy` names, and our own loopback, which no proxy elsewhere could
// reach. InvalidArgument, without the URL, when `https_proxy` is no http URL:
// tell the operator. Pure.
absl::StatusOr<std::optional<Proxy>> ProxyFor(const ProxySettings& settings,
                                              const Endpoint& endpoint);

// Whether the text is "localhost" or a loopback address. Resolves nothing.
bool IsLoopback(const std::string& host);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_HTTP_PROXY_H_
