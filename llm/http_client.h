// The transport: one HTTP request and its reply over verified TLS, within one
// deadline.
#ifndef ROCKTUNE_LLM_HTTP_CLIENT_H_
#define ROCKTUNE_LLM_HTTP_CLIENT_H_

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "llm/http_exchange.h"
#include "llm/http_limits.h"
#include "llm/http_proxy.h"
#include "llm/name_resolver.h"

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace rocktune {

class HttpConversation;
struct HttpTransport;

struct TransportConfig {
  // PEM certificates of the authorities to trust instead of the system's;
  // empty: the system's. Read at the first use and kept.
  std::string ca_file;
  ProxySettings proxy;  // none unless filled, e.g. by ProxyFromEnvironment()
  // For one address of a name; then the next one is tried.
  absl::Duration connect_limit = absl::Seconds(5);
  Resolve resolve = SystemResolve;
};

// For the time of configuration: FailedPrecondition when the CA file cannot be
// used, InvalidArgument when the proxy's URL is none. Tell the operator.
absl::Status CheckTransport(const TransportConfig& config);

// Makes one exchange at a time, each on a connection of its own. Follows no
// redirect: a 3xx is a reply like any other. Runs on the thread of the
// io_context and never blocks it, but for reading the CA file once; name
// resolution has a thread of its own. Thread-compatible: all calls come on the
// io_context's thread, or while nobody runs it.
class HttpClient {
 public:
  using Done = absl::AnyInvocable<void(HttpResult)>;

  // `context` must be alive at every Exchange.
  HttpClient(boost::asio::io_context* context, TransportConfig config);
  // Ends a running exchange without a word: its `done` is freed, never called.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Sends `request` as a POST and calls `done` once, from the io_context and
  // never from inside this call; `done` may begin the next exchange or destroy
  // *this. `deadline` covers all of it, from the name to the last byte. When
  // the io_context is destroyed first, `done` is freed and never called.
  //
  // Failures, besides those that HttpResult names: kTls also for what an
  // operator must mend before anything is sent (CA file, proxy URL, plain http
  // to another machine, a key with a line break in it), kNetwork also while
  // another exchange runs, after Cancel, and while an earlier name resolution
  // still hangs.
  void Exchange(HttpRequest request, absl::Duration deadline, Done done);

  // The running exchange, if any, ends soon with kNetwork "cancelled".
  void Cancel();

 private:
  boost::asio::io_context* const context_;
  const std::shared_ptr<HttpTransport> transport_;
  // Owned by its own coroutine, so that it dies with the io_context.
  std::weak_ptr<HttpConversation> running_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_HTTP_CLIENT_H_
