// One connection of the scripted provider: bytes in and out, with TLS or
// without, until its server stops.
#ifndef ROCKTUNE_TESTS_FAKES_PROVIDER_CONNECTION_H_
#define ROCKTUNE_TESTS_FAKES_PROVIDER_CONNECTION_H_

#include <chrono>
#include <cstddef>
#include <string>

struct ssl_ctx_st;  // SSL_CTX
struct ssl_st;      // SSL

namespace rocktune {

// Used by one thread, which must have SIGPIPE blocked. Whatever waits also
// ends when `stop_fd` becomes readable. Each call returns whether it worked.
class ProviderConnection {
 public:
  // Owns `fd`.
  ProviderConnection(int fd, int stop_fd);
  ~ProviderConnection();  // closes, without a farewell of TLS
  ProviderConnection(const ProviderConnection&) = delete;
  ProviderConnection& operator=(const ProviderConnection&) = delete;

  bool StartTls(ssl_ctx_st* context);
  std::string sni() const;  // of the client, empty without

  bool Send(const std::string& bytes);
  // Adds what comes next to *bytes; false at the end.
  bool Receive(std::string* bytes);

  void SayFarewell();      // TLS's close_notify
  void EndSending();       // FIN
  void ResetOnClose();     // RST
  void HoldUntilClosed();  // by the peer or the server's stop
  // Waits so long, or until the server stops.
  bool Pause(std::chrono::milliseconds time);

 private:
  bool Await(short events);
  // Waits as OpenSSL wants after `result`; false when there is no hope.
  bool AwaitTls(int result);

  const int fd_;
  const int stop_fd_;
  ssl_st* tls_ = nullptr;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_FAKES_PROVIDER_CONNECTION_H_
