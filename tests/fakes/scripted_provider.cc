#include "tests/fakes/scripted_provider.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "tests/fakes/loopback.h"

namespace rocktune {
namespace {

constexpr int kBacklog = 64;
constexpr size_t kMaxRequestBytes = 4 << 20;
constexpr size_t kFillerBlockBytes = 64 << 10;
// Between two bytes of a slow reply: quick enough for a test to see several.
constexpr std::chrono::milliseconds kSlowByte{5};

std::string Lower(std::string text) {
  for (char& c : text) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

// "METHOD target HTTP/1.1" and the fields below it.
void ParseHead(const std::string& head, ScriptedRequest* request) {
  size_t at = head.find("\r\n");
  const std::string line = head.substr(0, at);
  const size_t first = line.find(' ');
  const size_t second = line.rfind(' ');
  request->method = line.substr(0, first);
  if (second > first && first != line.npos) {
    request->target = line.substr(first + 1, second - first - 1);
  }
  while (at != head.npos) {
    at += 2;
    const size_t end = head.find("\r\n", at);
    const std::string field = head.substr(at, end - at);
    const size_t colon = field.find(':');
    at = end;
    if (colon == field.npos) continue;
    const size_t value = field.find_first_not_of(' ', colon + 1);
    request->headers.emplace_back(
        Lower(field.substr(0, colon)),
        value == field.npos ? "" : field.substr(value));
  }
}

bool SendReply(const Act& act, ProviderConnection* connection) {
  if (act.byte_by_byte) {
    for (const char byte : act.reply) {
      if (!connection->Send(std::string(1, byte)) ||
          !connection->Pause(kSlowByte)) {
        return false;
      }
    }
  } else if (!connection->Send(act.reply)) {
    return false;
  }
  std::string block;
  while (block.size() < kFillerBlockBytes) block += act.filler;
  for (uint64_t sent = 0; sent < act.filler_bytes; sent += block.size()) {
    if (!connection->Send(block)) return false;
  }
  return true;
}

void Finish(Act::End end, ProviderConnection* connection) {
  switch (end) {
    case Act::End::kClose:
      connection->SayFarewell();
      break;
    case Act::End::kCutOff:
      break;
    case Act::End::kReset:
      connection->ResetOnClose();
      break;
    case Act::End::kHalfClose:
      connection->EndSending();
      connection->HoldUntilClosed();
      break;
    case Act::End::kHold:
      connection->HoldUntilClosed();
      break;
  }
}

}  // namespace

std::string ScriptedRequest::Header(const std::string& name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

ScriptedProvider::ScriptedProvider(const TestCa* ca, Options options)
    : ca_(ca), options_(std::move(options)) {
  const Listener listener =
      options_.kind == Endpoint::Kind::kUnix
          ? ListenOnUnix(options_.socket_path)
          : ListenOnTcp(options_.address, options_.port, kBacklog);
  listener_ = listener.fd;
  port_ = listener.port;
  stop_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread_ = std::thread([this] { Serve(); });
}

ScriptedProvider::~ScriptedProvider() {
  Stop();
  close(stop_fd_);
}

void ScriptedProvider::Stop() {
  if (!thread_.joinable()) return;
  const uint64_t one = 1;
  (void)!write(stop_fd_, &one, sizeof(one));
  thread_.join();
  close(listener_);
  if (options_.kind == Endpoint::Kind::kUnix) {
    unlink(options_.socket_path.c_str());
  }
}

Endpoint ScriptedProvider::endpoint(const std::string& host) const {
  Endpoint endpoint;
  endpoint.kind = options_.kind;
  endpoint.port = port_;
  if (options_.kind == Endpoint::Kind::kUnix) {
    endpoint.socket_path = options_.socket_path;
  } else {
    endpoint.host = host;
  }
  return endpoint;
}

void ScriptedProvider::Push(Act act) {
  std::lock_guard<std::mutex> lock(mutex_);
  acts_.push_back(std::move(act));
}

void ScriptedProvider::AnswerWith(
    std::function<Act(const ScriptedRequest&)> answer) {
  std::lock_guard<std::mutex> lock(mutex_);
  answer_ = std::move(answer);
}

std::vector<ScriptedRequest> ScriptedProvider::requests() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

void ScriptedProvider::Record(const ScriptedRequest& request) {
  std::lock_guard<std::mutex> lock(mutex_);
  requests_.push_back(request);
}

Act ScriptedProvider::Answer(const ScriptedRequest& request) const {
  std::function<Act(const ScriptedRequest&)> answer;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    answer = answer_;
  }
  return answer ? answer(request) : acts::Reply(500, "nothing scripted");
}

void ScriptedProvider::Serve() {
  // A client that leaves early must not end the test program.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  while (true) {
    pollfd polled[] = {{listener_, POLLIN, 0}, {stop_fd_, POLLIN, 0}};
    poll(polled, 2, -1);
    if (polled[1].revents != 0) return;
    const int fd =
        accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) continue;
    ProviderConnection connection(fd, stop_fd_);
    Act act;
    bool scripted = false;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      scripted = !acts_.empty();
      if (scripted) {
        act = std::move(acts_.front());
        acts_.pop_front();
      }
    }
    Play(std::move(act), scripted, &connection);
  }
}

void ScriptedProvider::Play(Act act, bool scripted,
                            ProviderConnection* connection) {
  ScriptedRequest request;
  if (options_.proxy && !OpenTunnel(act, connection, &request)) return;
  switch (act.begin) {
    case Act::Begin::kStaySilent:
      return connection->HoldUntilClosed();
    case Act::Begin::kResetAtOnce:
      return connection->ResetOnClose();
    case Act::Begin::kWithoutTls:
      connection->Send(act.reply);
      return connection->HoldUntilClosed();
    case Act::Begin::kCloseUnread:
    case Act::Begin::kReadRequest:
      break;
  }
  if (options_.kind == Endpoint::Kind::kHttps &&
      !connection->StartTls(ca_->ServerContext(act.certificate))) {
    return;
  }
  if (act.begin == Act::Begin::kCloseUnread) return;
  if (!ReadRequest(connection, &request)) return;
  request.sni = connection->sni();
  Record(request);
  if (!scripted) act = Answer(request);
  if (SendReply(act, connection)) Finish(act.end, connection);
}

bool ScriptedProvider::OpenTunnel(const Act& act,
                                  ProviderConnection* connection,
                                  ScriptedRequest* request) {
  ScriptedRequest connect;
  if (!ReadRequest(connection, &connect)) return false;
  Record(connect);
  request->connect_target = connect.target;
  request->proxy_authorization = connect.Header("proxy-authorization");
  if (!connection->Send(act.connect_reply)) return false;
  return act.connect_reply.find(" 200 ") != act.connect_reply.npos;
}

bool ScriptedProvider::ReadRequest(ProviderConnection* connection,
                                   ScriptedRequest* request) {
  std::string bytes;
  size_t end = bytes.npos;
  while ((end = bytes.find("\r\n\r\n")) == bytes.npos) {
    if (bytes.size() > kMaxRequestBytes || !connection->Receive(&bytes)) {
      return false;
    }
  }
  ParseHead(bytes.substr(0, end), request);
  const size_t length =
      std::strtoul(request->Header("content-length").c_str(), nullptr, 10);
  request->body = bytes.substr(end + 4);
  while (request->body.size() < length) {
    if (request->body.size() > kMaxRequestBytes ||
        !connection->Receive(&request->body)) {
      return false;
    }
  }
  return true;
}

uint16_t RefusingPort() {
  const Listener listener = ListenOnTcp("127.0.0.1", 0, 1);
  close(listener.fd);
  return listener.port;
}

UnansweredPort::UnansweredPort(const std::string& address, uint16_t port) {
  // Of a queue of one, the kernel takes two before it drops the rest.
  const Listener listener = ListenOnTcp(address, port, 0);
  port_ = listener.port;
  fds_.push_back(listener.fd);
  constexpr int kMoreThanFit = 4;
  for (int i = 0; i < kMoreThanFit; ++i) {
    fds_.push_back(BeginConnect(address, port_));
  }
}

UnansweredPort::~UnansweredPort() {
  for (const int fd : fds_) close(fd);
}

}  // namespace rocktune
