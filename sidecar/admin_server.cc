#include "sidecar/admin_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/asio/as_tuple.hpp"
#include "boost/asio/awaitable.hpp"
#include "boost/asio/co_spawn.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/local/stream_protocol.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/asio/use_awaitable.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/core/basic_stream.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/http/error.hpp"
#include "boost/beast/http/parser.hpp"
#include "boost/beast/http/read.hpp"
#include "boost/beast/http/status.hpp"
#include "boost/beast/http/string_body.hpp"
#include "policy/status_macros.h"
#include "sidecar/admin_message.h"
#include "sidecar/admin_routes.h"
#include "sidecar/admin_socket.h"

namespace rocktune {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

using boost::system::error_code;
using Local = asio::local::stream_protocol;
using Parser = http::request_parser<http::string_body>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
// Between tries to accept while the process has no descriptor left.
constexpr std::chrono::milliseconds kAcceptRetry{100};

class Session;

}  // namespace

struct AdminServerState {
  AdminServerState(asio::io_context& context, AdminOptions given,
                   TunerControl* tuner)
      : options(std::move(given)),
        control(tuner),
        acceptor(context),
        retry(context) {}

  AdminOptions options;
  TunerControl* control;  // null once stopped
  std::unique_ptr<AdminSocket> socket;
  Local::acceptor acceptor;
  asio::steady_timer retry;
  std::set<Session*> sessions;  // open connections
  int viewers = 0;              // of them
};

namespace {

using State = std::shared_ptr<AdminServerState>;

// Where the tuner's answer arrives, maybe after the session has ended.
struct PendingAnswer {
  std::optional<AdminResponse> response;
  asio::steady_timer* wake = nullptr;  // null once nobody waits
};

// One connection. Lives in the frame of its coroutine.
class Session {
 public:
  Session(State server, Local::socket socket, uid_t uid, bool may_change)
      : server_(std::move(server)),
        stream_(std::move(socket)),
        answer_timer_(stream_.get_executor()),
        buffer_(server_->options.header_bytes + server_->options.body_bytes),
        uid_(uid),
        may_change_(may_change) {
    server_->sessions.insert(this);
    if (!may_change_) ++server_->viewers;
  }
  ~Session() {
    StopWaiting();
    server_->sessions.erase(this);
    if (!may_change_) --server_->viewers;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  asio::awaitable<void> Converse();

  // Ends the conversation as soon as its coroutine runs again.
  void Close() {
    stream_.close();
    answer_timer_.cancel();
  }

 private:
  asio::awaitable<bool> AwaitFirstBytes();
  asio::awaitable<error_code> Read(Parser* parser);
  asio::awaitable<AdminResponse> Answer(AdminRequest request);
  asio::awaitable<bool> Write(const AdminResponse& response, bool keep_alive);
  void StopWaiting() {
    if (pending_ != nullptr) pending_->wake = nullptr;
    pending_ = nullptr;
  }

  const State server_;
  beast::basic_stream<Local> stream_;
  asio::steady_timer answer_timer_;
  beast::flat_buffer buffer_;
  std::shared_ptr<PendingAnswer> pending_;
  const uid_t uid_;
  const bool may_change_;
};

// What a request that could not be read is told; nothing when the client has
// gone or was too slow (its socket is closed by then).
std::optional<AdminResponse> ReadErrorResponse(error_code error) {
  if (error == http::error::end_of_stream ||
      error == http::error::partial_message ||
      error.category() !=
          http::make_error_code(http::error::bad_method).category()) {
    return std::nullopt;
  }
  if (error == http::error::body_limit) {
    return HttpErrorResponse(413, "too_large", "the body is too large");
  }
  if (error == http::error::header_limit ||
      error == http::error::buffer_overflow) {
    return HttpErrorResponse(431, "too_large", "the header is too large");
  }
  return HttpErrorResponse(400, "invalid_argument",
                           absl::StrCat("not HTTP: ", error.message()));
}

std::string HttpText(const AdminResponse& response, bool keep_alive) {
  const beast::string_view reason =
      http::obsolete_reason(static_cast<http::status>(response.http_status));
  std::string text = absl::StrCat(
      "HTTP/1.1 ", response.http_status, " ", std::string(reason),
      "\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n",
      "Content-Length: ", response.body.size() + 1,
      "\r\nConnection: ", keep_alive ? "keep-alive" : "close", "\r\n");
  if (!response.allow.empty()) {
    absl::StrAppend(&text, "Allow: ", response.allow, "\r\n");
  }
  absl::StrAppend(&text, "\r\n", response.body, "\n");
  return text;
}

asio::awaitable<void> Session::Converse() {
  while (server_->control != nullptr) {
    if (buffer_.size() == 0 && !co_await AwaitFirstBytes()) co_return;
    Parser parser;
    const error_code error = co_await Read(&parser);
    if (error) {
      const std::optional<AdminResponse> response = ReadErrorResponse(error);
      if (response.has_value()) co_await Write(*response, false);
      co_return;
    }
    const bool keep_alive = parser.get().keep_alive();
    AdminRequest request;
    request.method = std::string(parser.get().method_string());
    request.target = std::string(parser.get().target());
    request.body = std::move(parser.get().body());
    request.uid = uid_;
    request.may_change = may_change_;
    const AdminResponse response = co_await Answer(std::move(request));
    if (!co_await Write(response, keep_alive) || !keep_alive) co_return;
  }
}

asio::awaitable<bool> Session::AwaitFirstBytes() {
  stream_.expires_after(
      absl::ToChronoMilliseconds(server_->options.idle_deadline));
  const auto [error, bytes] = co_await stream_.async_read_some(
      buffer_.prepare(server_->options.header_bytes), kAwait);
  buffer_.commit(bytes);
  co_return !error;
}

// The deadline covers the whole request, so that a client that sends a byte
// now and then gets no more time than any other.
asio::awaitable<error_code> Session::Read(Parser* parser) {
  parser->header_limit(
      static_cast<std::uint32_t>(server_->options.header_bytes));
  parser->body_limit(server_->options.body_bytes);
  stream_.expires_after(
      absl::ToChronoMilliseconds(server_->options.read_deadline));
  const auto [header_error, header_bytes] =
      co_await http::async_read_header(stream_, buffer_, *parser, kAwait);
  if (header_error || parser->is_done()) co_return header_error;
  if (beast::iequals(parser->get()[http::field::expect], "100-continue")) {
    static constexpr char kGoOn[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto [error, bytes] = co_await asio::async_write(
        stream_, asio::buffer(kGoOn, sizeof(kGoOn) - 1), kAwait);
    if (error) co_return error;
  }
  const auto [error, bytes] =
      co_await http::async_read(stream_, buffer_, *parser, kAwait);
  co_return error;
}

asio::awaitable<AdminResponse> Session::Answer(AdminRequest request) {
  auto pending = std::make_shared<PendingAnswer>();
  pending->wake = &answer_timer_;
  pending_ = pending;
  answer_timer_.expires_after(
      absl::ToChronoMilliseconds(server_->options.answer_deadline));
  DispatchAdmin(std::move(request), server_->control,
                [pending](AdminResponse response) {
                  pending->response = std::move(response);
                  if (pending->wake != nullptr) pending->wake->cancel();
                });
  if (!pending->response.has_value()) {
    co_await answer_timer_.async_wait(kAwait);
  }
  StopWaiting();
  if (pending->response.has_value()) co_return *std::move(pending->response);
  co_return ErrorResponse(
      server_->control == nullptr
          ? absl::CancelledError("the tuner stops")
          : absl::DeadlineExceededError(
                "no answer yet; the command goes on, see the history"));
}

asio::awaitable<bool> Session::Write(const AdminResponse& response,
                                     bool keep_alive) {
  const std::string text = HttpText(response, keep_alive);
  stream_.expires_after(
      absl::ToChronoMilliseconds(server_->options.write_deadline));
  const auto [error, bytes] =
      co_await asio::async_write(stream_, asio::buffer(text), kAwait);
  co_return !error;
}

asio::awaitable<void> RunSession(std::unique_ptr<Session> session) {
  co_await session->Converse();
}

// The edge where a conversation's exceptions end: what is thrown (no memory,
// by and large) costs that connection alone.
void EndOfCoroutine(std::exception_ptr /*thrown*/) {}

void Turn(Local::socket* socket, absl::string_view why) {
  const std::string text =
      HttpText(ErrorResponse(absl::UnavailableError(std::string(why))), false);
  // As much as fits at once: a guest does not wait for a visitor.
  (void)send(socket->native_handle(), text.data(), text.size(),
             MSG_DONTWAIT | MSG_NOSIGNAL);
}

// Decides by the peer's user id; whoever has no business here is closed.
void Admit(const State& server, Local::socket socket) {
  const absl::StatusOr<uid_t> uid = PeerUid(socket.native_handle());
  if (!uid.ok()) return;
  const AdminOptions& options = server->options;
  const bool operates = *uid == geteuid() || *uid == 0;
  const bool views =
      std::find(options.viewer_uids.begin(), options.viewer_uids.end(), *uid) !=
      options.viewer_uids.end();
  if (!operates && !views) return;
  if (static_cast<int>(server->sessions.size()) >= options.connections ||
      (!operates && server->viewers >= options.viewer_connections)) {
    return Turn(&socket, "too many connections; try again");
  }
  asio::co_spawn(server->acceptor.get_executor(),
                 RunSession(std::make_unique<Session>(server, std::move(socket),
                                                      *uid, operates)),
                 EndOfCoroutine);
}

asio::awaitable<void> Accept(State server) {
  while (server->control != nullptr) {
    auto [error, socket] = co_await server->acceptor.async_accept(kAwait);
    if (server->control == nullptr) co_return;
    if (error) {
      server->retry.expires_after(kAcceptRetry);
      co_await server->retry.async_wait(kAwait);
      continue;
    }
    try {
      Admit(server, std::move(socket));
    } catch (const std::exception&) {
      // No memory for one more session: its socket is closed, we go on.
    }
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(
    asio::io_context& context, AdminOptions options, TunerControl* control) {
  ROCKTUNE_ASSIGN_OR_RETURN(
      std::unique_ptr<AdminSocket> socket,
      AdminSocket::Listen(options.socket_path, !options.viewer_uids.empty()));
  auto state =
      std::make_shared<AdminServerState>(context, std::move(options), control);
  error_code error;
  const int fd = socket->ReleaseFd();
  state->acceptor.assign(Local(), fd, error);
  if (error) {
    close(fd);
    return absl::UnavailableError(
        absl::StrCat("cannot watch the admin socket: ", error.message()));
  }
  state->options.socket_path = socket->path();
  state->socket = std::move(socket);
  asio::co_spawn(context, Accept(state), EndOfCoroutine);
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(state)));
}

AdminServer::AdminServer(std::shared_ptr<AdminServerState> state)
    : state_(std::move(state)) {}

AdminServer::~AdminServer() { Stop(); }

void AdminServer::Stop() {
  if (state_->control == nullptr) return;
  state_->control = nullptr;
  error_code ignored;
  state_->acceptor.close(ignored);
  state_->retry.cancel();
  for (Session* session : state_->sessions) session->Close();
  state_->socket = nullptr;  // removes the file
}

const std::string& AdminServer::socket_path() const {
  return state_->options.socket_path;
}

}  // namespace rocktune
