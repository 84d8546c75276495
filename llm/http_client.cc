#include "llm/http_client.h"

#include <utility>

#include "boost/asio/io_context.hpp"
#include "boost/asio/post.hpp"
#include "llm/http_conversation.h"
#include "llm/tls_context.h"
#include "policy/status_macros.h"

namespace rocktune {

absl::StatusOr<TlsSession> HttpTransport::NewSession(const std::string& host) {
  // A CA file that is mended works at the next try.
  if (!tls) {
    ROCKTUNE_ASSIGN_OR_RETURN(tls, TlsContext::Make(config.ca_file));
  }
  return tls->NewSession(host);
}

absl::Status CheckTransport(const TransportConfig& config) {
  ROCKTUNE_RETURN_IF_ERROR(TlsContext::Make(config.ca_file).status());
  Endpoint anywhere;
  anywhere.host = "provider.invalid";
  return ProxyFor({config.proxy.https_proxy, ""}, anywhere).status();
}

HttpClient::HttpClient(boost::asio::io_context* context, TransportConfig config)
    : context_(context),
      transport_(std::make_shared<HttpTransport>(std::move(config))) {}

HttpClient::~HttpClient() {
  if (const auto running = running_.lock()) running->Abandon();
}

void HttpClient::Exchange(HttpRequest request, absl::Duration deadline,
                          Done done) {
  const auto running = running_.lock();
  if (running != nullptr && !running->ended()) {
    HttpResult busy;
    busy.failure = CallOutcome::kNetwork;
    busy.sent = false;
    busy.error = "another exchange is running";
    boost::asio::post(*context_, [done = std::move(done), busy]() mutable {
      done(std::move(busy));
    });
    return;
  }
  running_ = HttpConversation::Begin(context_, transport_, std::move(request),
                                     deadline, std::move(done));
}

void HttpClient::Cancel() {
  if (const auto running = running_.lock()) running->Cancel();
}

}  // namespace rocktune
