// One exchange from the name to the last byte of the reply: what HttpClient
// starts and may stop.
#ifndef ROCKTUNE_LLM_HTTP_CONVERSATION_H_
#define ROCKTUNE_LLM_HTTP_CONVERSATION_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "llm/http_client.h"
#include "llm/name_resolver.h"
#include "llm/tls_context.h"

namespace rocktune {

// What outlives an exchange: the configuration and what was made of it.
struct HttpTransport {
  explicit HttpTransport(TransportConfig given)
      : config(std::move(given)), resolver(config.resolve) {}

  // FailedPrecondition with the CA file's path, else those of TlsContext.
  absl::StatusOr<TlsSession> NewSession(const std::string& host);

  const TransportConfig config;
  NameResolver resolver;
  std::optional<TlsContext> tls;  // made at the first use
};

// Thread-compatible, as HttpClient is. Owned by its own coroutine: it is gone
// once `done` has been called, or with the io_context.
class HttpConversation {
 public:
  // Never calls `done` from inside.
  static std::shared_ptr<HttpConversation> Begin(
      boost::asio::io_context* context,
      std::shared_ptr<HttpTransport> transport, HttpRequest request,
      absl::Duration limit, HttpClient::Done done);

  virtual ~HttpConversation() = default;

  // Whether `done` has been called, or is being called.
  virtual bool ended() const = 0;
  virtual void Cancel() = 0;   // `done` comes soon
  virtual void Abandon() = 0;  // `done` is freed and never called
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_HTTP_CONVERSATION_H_
