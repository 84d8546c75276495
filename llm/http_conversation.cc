#include "llm/http_conversation.h"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "boost/asio/as_tuple.hpp"
#include "boost/asio/awaitable.hpp"
#include "boost/asio/co_spawn.hpp"
#include "boost/asio/generic/stream_protocol.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/local/stream_protocol.hpp"
#include "boost/asio/posix/stream_descriptor.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/ssl/stream.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/asio/use_awaitable.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/http/empty_body.hpp"
#include "boost/beast/http/parser.hpp"
#include "boost/beast/http/read.hpp"
#include "boost/beast/http/string_body.hpp"
#include "llm/http_failure.h"
#include "llm/http_message.h"
#include "llm/tls_context.h"

namespace rocktune {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using boost::system::error_code;

namespace {

using Clock = std::chrono::steady_clock;
using Socket = asio::generic::stream_protocol::socket;
using Address = asio::generic::stream_protocol::endpoint;
using ReplyParser = http::response_parser<http::string_body>;
// The result of one step; ok() means go on.
using Step = HttpResult;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Never so far away that adding it to the present overflows.
absl::Duration Bounded(absl::Duration time) {
  return std::clamp(time, absl::ZeroDuration(), kMaxExchangeDeadline);
}

Clock::time_point FromNow(absl::Duration time) {
  return Clock::now() + absl::ToChronoNanoseconds(Bounded(time));
}

HttpResult TakeReply(ReplyParser* parser, const HttpPlace& place) {
  HttpResult result;
  auto& message = parser->get();
  result.reply.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    result.reply.headers.emplace_back(
        absl::AsciiStrToLower(std::string(field.name_string())),
        std::string(field.value()));
  }
  result.reply.body = std::move(message.body());
  const absl::Status valid = CheckReply(result.reply);
  if (valid.ok()) return result;
  return Failure(CallOutcome::kInvalidReply, place, valid.message());
}

class Conversation final : public HttpConversation,
                           public std::enable_shared_from_this<Conversation> {
 public:
  Conversation(asio::io_context* context,
               std::shared_ptr<HttpTransport> transport, HttpRequest request,
               absl::Duration limit, HttpClient::Done done)
      : transport_(std::move(transport)),
        request_(std::move(request)),
        place_{HttpPhase::kResolve, PeerText(request_.endpoint)},
        limit_(Bounded(limit)),
        deadline_(FromNow(limit_)),
        done_(std::move(done)),
        socket_(*context),
        event_(*context),
        alarm_(*context) {}

  void Start();
  bool ended() const override { return ended_; }
  void Cancel() override { Stop(Stopped::kCancelled); }
  void Abandon() override {
    done_ = nullptr;
    Cancel();
  }

 private:
  enum class Stopped { kNo, kDeadline, kCancelled };

  void End(const std::exception_ptr& thrown, HttpResult result);
  static asio::awaitable<HttpResult> Converse(
      std::shared_ptr<Conversation> self);
  Step Prepare();
  asio::awaitable<Step> Resolve();
  asio::awaitable<Step> Connect();
  asio::awaitable<HttpResult> TalkOverTls();
  asio::awaitable<Step> OpenTunnel();
  template <typename Stream>
  asio::awaitable<HttpResult> Talk(Stream& stream);

  Step AddAddresses(const std::vector<std::string>& texts);
  error_code OpenSocket(const Address& address);
  void ArmAlarm(Clock::time_point when);
  void OnAlarm();
  void Stop(Stopped why);
  void CloseAll();
  // Why the step failed: stopped by us, or `error`.
  HttpResult Failed(const error_code& error, const std::string& trouble = "");
  HttpResult MustMend(const absl::Status& status) const {
    return Failure(CallOutcome::kTls, place_, status.message());
  }

  const std::shared_ptr<HttpTransport> transport_;
  const HttpRequest request_;
  HttpPlace place_;
  const absl::Duration limit_;
  const Clock::time_point deadline_;
  HttpClient::Done done_;
  Socket socket_;
  asio::posix::stream_descriptor event_;  // of the look-up
  asio::steady_timer alarm_;  // at the deadline, or for one address before it
  std::optional<Proxy> proxy_;
  TlsSession session_;  // until the stream takes it; null for plain http
  std::vector<Address> addresses_;
  Stopped stopped_ = Stopped::kNo;
  bool ended_ = false;
};

void Conversation::Start() {
  ArmAlarm(deadline_);
  // Posted, so that nothing happens inside the caller's call.
  asio::post(alarm_.get_executor(), [self = shared_from_this()] {
    asio::co_spawn(self->alarm_.get_executor(), Converse(self),
                   [self](const std::exception_ptr& thrown, HttpResult result) {
                     self->End(thrown, std::move(result));
                   });
  });
}

void Conversation::End(const std::exception_ptr& thrown, HttpResult result) {
  // The edge where exceptions end: no memory, by and large.
  if (thrown) result = Failure(CallOutcome::kNetwork, place_, "out of memory");
  ended_ = true;
  alarm_.cancel();
  CloseAll();
  HttpClient::Done done = std::move(done_);
  done_ = nullptr;
  if (done) done(std::move(result));
}

void Conversation::ArmAlarm(Clock::time_point when) {
  alarm_.expires_at(when);
  alarm_.async_wait([weak = weak_from_this()](error_code /*cancelled*/) {
    if (const auto self = weak.lock()) self->OnAlarm();
  });
}

void Conversation::OnAlarm() {
  // An alarm set anew calls too, for the old time.
  if (ended_ || Clock::now() < alarm_.expiry()) return;
  if (Clock::now() >= deadline_) return Stop(Stopped::kDeadline);
  CloseAll();  // one address had its time
}

void Conversation::Stop(Stopped why) {
  if (stopped_ == Stopped::kNo) stopped_ = why;
  CloseAll();
}

void Conversation::CloseAll() {
  error_code ignored;
  socket_.close(ignored);
  event_.close(ignored);
}

HttpResult Conversation::Failed(const error_code& error,
                                const std::string& trouble) {
  switch (stopped_) {
    case Stopped::kDeadline:
      return TimeoutFailure(place_, limit_);
    case Stopped::kCancelled:
      return Failure(CallOutcome::kNetwork, place_, "cancelled");
    case Stopped::kNo:
      break;
  }
  return FailureOf(error, place_, trouble);
}

asio::awaitable<HttpResult> Conversation::Converse(
    std::shared_ptr<Conversation> self) {
  Step step = self->Prepare();
  if (step.ok()) step = co_await self->Resolve();
  if (step.ok()) step = co_await self->Connect();
  if (!step.ok()) co_return step;
  if (self->session_ != nullptr) co_return co_await self->TalkOverTls();
  co_return co_await self->Talk(self->socket_);
}

// All that can be known to be wrong before a packet is sent.
Step Conversation::Prepare() {
  const Endpoint& endpoint = request_.endpoint;
  const absl::Status sendable = CheckSendable(request_);
  if (!sendable.ok()) return MustMend(sendable);
  if (endpoint.kind != Endpoint::Kind::kHttps) return Step();
  auto proxy = ProxyFor(transport_->config.proxy, endpoint);
  if (!proxy.ok()) return MustMend(proxy.status());
  proxy_ = *std::move(proxy);
  if (proxy_) place_.peer = absl::StrCat("proxy ", proxy_->host);
  auto session = transport_->NewSession(endpoint.host);
  if (!session.ok()) return MustMend(session.status());
  session_ = *std::move(session);
  return Step();
}

asio::awaitable<Step> Conversation::Resolve() {
  const Endpoint& endpoint = request_.endpoint;
  if (endpoint.kind == Endpoint::Kind::kUnix) {
    addresses_.push_back(
        asio::local::stream_protocol::endpoint(endpoint.socket_path));
    co_return Step();
  }
  const std::string& host = proxy_ ? proxy_->host : endpoint.host;
  error_code no_address;
  asio::ip::make_address(host, no_address);
  if (!no_address) co_return AddAddresses({host});

  const auto lookup = transport_->resolver.Start(host);
  if (!lookup.ok()) {
    co_return Failure(CallOutcome::kNetwork, place_, lookup.status().message());
  }
  error_code error;
  // A descriptor of our own: the look-up's may live longer or shorter.
  event_.assign(fcntl((*lookup)->event_fd(), F_DUPFD_CLOEXEC, 0), error);
  if (error) co_return Failed(error);
  auto [waited] = co_await event_.async_wait(
      asio::posix::stream_descriptor::wait_read, kAwait);
  if (waited || stopped_ != Stopped::kNo) co_return Failed(waited);
  const Lookup::Result found = (*lookup)->result();
  if (!found.ok()) {
    co_return Failure(CallOutcome::kNetwork, place_, found.status().message());
  }
  co_return AddAddresses(*found);
}

Step Conversation::AddAddresses(const std::vector<std::string>& texts) {
  const uint16_t port = proxy_ ? proxy_->port : request_.endpoint.port;
  const bool only_loopback = request_.endpoint.kind == Endpoint::Kind::kHttp;
  for (const std::string& text : texts) {
    if (addresses_.size() == kMaxAddresses) break;
    error_code error;
    const auto address = asio::ip::make_address(text, error);
    if (error) continue;
    // "localhost" is what the resolver says it is.
    if (only_loopback && !address.is_loopback()) {
      return Failure(CallOutcome::kTls, place_,
                     "plain http is for this machine only; use https");
    }
    addresses_.push_back(asio::ip::tcp::endpoint(address, port));
  }
  if (addresses_.empty()) {
    return Failure(CallOutcome::kNetwork, place_, "the name has no address");
  }
  return Step();
}

error_code Conversation::OpenSocket(const Address& address) {
  error_code error;
  socket_.open(address.protocol(), error);
  // Children of the host must not inherit it.
  if (!error) fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
  return error;
}

asio::awaitable<Step> Conversation::Connect() {
  place_.phase = HttpPhase::kConnect;
  const absl::Duration connect_limit = transport_->config.connect_limit;
  Step last;
  for (const Address& address : addresses_) {
    if (stopped_ != Stopped::kNo) co_return Failed(error_code());
    last = Failed(OpenSocket(address));
    if (!socket_.is_open()) continue;
    ArmAlarm(std::min(deadline_, FromNow(connect_limit)));
    auto [refused] = co_await socket_.async_connect(address, kAwait);
    // The alarm may have closed a socket that had just been connected.
    const bool rang = !socket_.is_open();
    ArmAlarm(deadline_);
    if (!refused && !rang) co_return Step();
    last = rang && stopped_ == Stopped::kNo
               ? TimeoutFailure(place_, connect_limit)
               : Failed(refused);
    CloseAll();
  }
  co_return last;
}

asio::awaitable<HttpResult> Conversation::TalkOverTls() {
  if (proxy_) {
    const Step step = co_await OpenTunnel();
    if (!step.ok()) co_return step;
  }
  place_ = {HttpPhase::kTls, PeerText(request_.endpoint)};
  asio::ssl::stream<Socket&> stream(socket_, session_.release());
  auto [error] =
      co_await stream.async_handshake(asio::ssl::stream_base::client, kAwait);
  if (error) {
    co_return Failed(error, CertificateTrouble(stream.native_handle()));
  }
  // Ends without a farewell: by then the reply is complete or worthless.
  co_return co_await Talk(stream);
}

asio::awaitable<Step> Conversation::OpenTunnel() {
  place_.phase = HttpPhase::kProxy;
  const std::string text = ConnectText(request_.endpoint, *proxy_);
  auto [send_error, sent] =
      co_await asio::async_write(socket_, asio::buffer(text), kAwait);
  if (send_error) co_return Failed(send_error);
  http::response_parser<http::empty_body> parser;
  parser.header_limit(kMaxReplyHeaderBytes);
  beast::flat_buffer buffer(kMaxReplyHeaderBytes);
  auto [error, bytes] =
      co_await http::async_read_header(socket_, buffer, parser, kAwait);
  if (error) co_return Failed(error);
  const int status = static_cast<int>(parser.get().result_int());
  if (status / 100 != 2) {
    co_return Failure(CallOutcome::kNetwork, place_,
                      absl::StrCat("the proxy answered ", status));
  }
  // TLS is begun by us: these bytes are not from the other end of the tunnel.
  if (buffer.size() > 0) {
    co_return Failure(CallOutcome::kInvalidReply, place_,
                      "the proxy sent more than its answer");
  }
  co_return Step();
}

template <typename Stream>
asio::awaitable<HttpResult> Conversation::Talk(Stream& stream) {
  place_.phase = HttpPhase::kSend;
  const std::string text = RequestText(request_);
  auto [not_sent, sent] =
      co_await asio::async_write(stream, asio::buffer(text), kAwait);
  if (not_sent) co_return Failed(not_sent);
  place_.phase = HttpPhase::kWait;
  // Holds what is not parsed yet: all headers at once, or a chunk's line.
  beast::flat_buffer buffer(kMaxReplyHeaderBytes);
  constexpr size_t kFirstBytes = 4096;
  auto [no_answer, first] =
      co_await stream.async_read_some(buffer.prepare(kFirstBytes), kAwait);
  if (no_answer) co_return Failed(no_answer);
  buffer.commit(first);
  place_.phase = HttpPhase::kRead;
  for (int interim = 0; interim <= kMaxInterimReplies; ++interim) {
    ReplyParser parser;
    parser.header_limit(kMaxReplyHeaderBytes);
    parser.body_limit(kMaxReplyBytes);
    auto [error, bytes] =
        co_await http::async_read(stream, buffer, parser, kAwait);
    if (error) co_return Failed(error);
    if (parser.get().result_int() / 100 == 1) continue;
    co_return TakeReply(&parser, place_);
  }
  co_return Failure(CallOutcome::kInvalidReply, place_,
                    "interim replies without end");
}

}  // namespace

std::shared_ptr<HttpConversation> HttpConversation::Begin(
    asio::io_context* context, std::shared_ptr<HttpTransport> transport,
    HttpRequest request, absl::Duration limit, HttpClient::Done done) {
  auto conversation = std::make_shared<Conversation>(
      context, std::move(transport), std::move(request), limit,
      std::move(done));
  conversation->Start();
  return conversation;
}

}  // namespace rocktune
