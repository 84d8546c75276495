// The text of the requests that the transport sends, and what it demands of
// replies. Pure.
#ifndef ROCKTUNE_LLM_HTTP_MESSAGE_H_
#define ROCKTUNE_LLM_HTTP_MESSAGE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "llm/http_exchange.h"
#include "llm/http_proxy.h"

namespace rocktune {

// A peer as people write it: "host:443", "[::1]:443" or a socket's path.
std::string PeerText(const Endpoint& endpoint);

// InvalidArgument when the request cannot be sent as one: a control character
// in host, target or a header (a key file with two lines, say), a header name
// that is none, a socket's path that is too long. Names the header, never its
// value.
absl::Status CheckSendable(const HttpRequest& request);

// The bytes of a POST that ends its connection. Host, Content-Length,
// Connection and User-Agent are ours. Only for what CheckSendable accepts.
// Holds the secrets.
std::string RequestText(const HttpRequest& request);

// The bytes that ask a proxy for a tunnel to the endpoint. Holds the proxy's
// password.
std::string ConnectText(const Endpoint& endpoint, const Proxy& proxy);

// InvalidArgument when a reply is one that HTTP may allow and we do not take:
// Content-Length twice, more than 16 KiB of headers, compressed, no valid
// status. Names no byte of the reply.
absl::Status CheckReply(const HttpReply& reply);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_HTTP_MESSAGE_H_
