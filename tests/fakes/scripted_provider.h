// A provider that does what a script says: a real server on loopback, with
// TLS by its own authority, that answers well or misbehaves.
#ifndef ROCKTUNE_TESTS_FAKES_SCRIPTED_PROVIDER_H_
#define ROCKTUNE_TESTS_FAKES_SCRIPTED_PROVIDER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "llm/http_exchange.h"
#include "tests/fakes/acts.h"
#include "tests/fakes/provider_connection.h"
#include "tests/fakes/test_ca.h"

namespace rocktune {

// What a client sent.
struct ScriptedRequest {
  std::string method;
  std::string target;
  // Names in lower case.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string sni;
  // Of the request for a tunnel, when the server is a proxy.
  std::string connect_target;
  std::string proxy_authorization;

  // The header's first value, or "".
  std::string Header(const std::string& name) const;
};

// Serves one connection after another, on a thread of its own. Thread-safe.
class ScriptedProvider {
 public:
  struct Options {
    Endpoint::Kind kind = Endpoint::Kind::kHttps;
    bool proxy = false;       // expects CONNECT before TLS
    std::string socket_path;  // with kUnix; replaced when it exists
    std::string address = "127.0.0.1";
    uint16_t port = 0;  // 0: any
  };

  // Listens at once. `ca` may be null without TLS; else it must outlive *this.
  ScriptedProvider(const TestCa* ca, Options options);
  ~ScriptedProvider();  // stops

  uint16_t port() const { return port_; }
  // Where clients find it, under one of its names.
  Endpoint endpoint(const std::string& host = "localhost") const;

  // One connection, one act; with none left, `answer` or else 500.
  void Push(Act act);
  void AnswerWith(std::function<Act(const ScriptedRequest&)> answer);

  // The requests that arrived whole so far, and the requests for a tunnel.
  std::vector<ScriptedRequest> requests() const;

  // Closes all connections and the port. Idempotent.
  void Stop();

 private:
  void Listen();
  void Serve();
  void Play(Act act, bool scripted, ProviderConnection* connection);
  bool ReadRequest(ProviderConnection* connection, ScriptedRequest* request);
  bool OpenTunnel(const Act& act, ProviderConnection* connection,
                  ScriptedRequest* request);
  Act Answer(const ScriptedRequest& request) const;
  void Record(const ScriptedRequest& request);

  const TestCa* const ca_;
  const Options options_;
  int listener_ = -1;
  int stop_fd_ = -1;
  uint16_t port_ = 0;

  mutable std::mutex mutex_;
  std::deque<Act> acts_;                               // under mutex_
  std::function<Act(const ScriptedRequest&)> answer_;  // under mutex_
  std::vector<ScriptedRequest> requests_;              // under mutex_
  std::thread thread_;
};

// A port of 127.0.0.1 where nobody listens.
uint16_t RefusingPort();

// A port whose queue of connections is full and never emptied: who connects
// gets no answer at all.
class UnansweredPort {
 public:
  explicit UnansweredPort(const std::string& address = "127.0.0.1",
                          uint16_t port = 0);
  ~UnansweredPort();
  UnansweredPort(const UnansweredPort&) = delete;
  UnansweredPort& operator=(const UnansweredPort&) = delete;
  uint16_t port() const { return port_; }

 private:
  std::vector<int> fds_;
  uint16_t port_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_FAKES_SCRIPTED_PROVIDER_H_
