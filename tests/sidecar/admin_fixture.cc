#include "tests/sidecar/admin_fixture.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>
#include <optional>
#include <thread>
#include <utility>

#include "boost/asio/executor_work_guard.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/post.hpp"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

constexpr int kPatienceMs = 10000;

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  char name[] = "/tmp/rocktune-admin-XXXXXX";
  path_ = mkdtemp(name);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

RawClient::RawClient(const std::string& socket_path)
    : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_path.c_str(),
               sizeof(address.sun_path) - 1);
  connected_ =
      connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
}

RawClient::~RawClient() { close(fd_); }

bool RawClient::Send(const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count =
        send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<size_t>(count);
  }
  return true;
}

void RawClient::ShutdownWrites() { shutdown(fd_, SHUT_WR); }

bool RawClient::ReadMore() {
  pollfd ready{fd_, POLLIN, 0};
  if (poll(&ready, 1, kPatienceMs) != 1) {
    ADD_FAILURE() << "the server neither answers nor closes";
    return false;
  }
  char bytes[4096];
  const ssize_t count = recv(fd_, bytes, sizeof(bytes), 0);
  if (count <= 0) return false;
  unread_.append(bytes, static_cast<size_t>(count));
  return true;
}

std::string RawClient::ReadResponse() {
  size_t end = std::string::npos;
  while (end == std::string::npos) {
    const size_t header_end = unread_.find("\r\n\r\n");
    const size_t length_at = unread_.find("Content-Length: ");
    if (header_end != std::string::npos && length_at < header_end) {
      const size_t length =
          static_cast<size_t>(std::atol(unread_.c_str() + length_at + 16));
      if (unread_.size() >= header_end + 4 + length) {
        end = header_end + 4 + length;
        break;
      }
    }
    if (!ReadMore()) end = unread_.size();
  }
  std::string response = unread_.substr(0, end);
  unread_.erase(0, end);
  return response;
}

std::string RawClient::ReadToEnd() {
  while (ReadMore()) {
  }
  return std::exchange(unread_, std::string());
}

std::string GetText(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: rocktune\r\n\r\n";
}

std::string PostText(const std::string& target, const std::string& body) {
  return "POST " + target + " HTTP/1.1\r\nHost: rocktune\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct AdminServerTest::Loop {
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};
  std::unique_ptr<AdminServer> server;
  std::thread thread;
};

AdminServerTest::AdminServerTest()
    : socket_path_(directory_.path() + "/private/admin.sock") {
  FillTypical(&control_);
}

AdminServerTest::~AdminServerTest() { Stop(); }

void AdminServerTest::Start(AdminOptions options) {
  options.socket_path = socket_path_;
  loop_ = std::make_unique<Loop>();
  auto server = AdminServer::Start(loop_->context, options, &control_);
  ASSERT_OK(server);
  loop_->server = *std::move(server);
  loop_->thread = std::thread([loop = loop_.get()] { loop->context.run(); });
}

void AdminServerTest::Stop() {
  if (loop_ == nullptr) return;
  if (loop_->thread.joinable()) {
    OnLoop([this] { loop_->server = nullptr; });
    loop_->work.reset();
    loop_->thread.join();
  }
  loop_ = nullptr;
}

void AdminServerTest::OnLoop(const std::function<void()>& work) {
  std::promise<void> ran;
  boost::asio::post(loop_->context, [&work, &ran] {
    work();
    ran.set_value();
  });
  ran.get_future().wait();
}

bool AdminServerTest::Eventually(const std::function<bool()>& condition) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
  bool holds = false;
  while (!holds && std::chrono::steady_clock::now() < deadline) {
    OnLoop([&holds, &condition] { holds = condition(); });
    std::this_thread::yield();
  }
  return holds;
}

std::string AdminServerTest::Get(const std::string& target) {
  RawClient client(socket_path_);
  client.Send(GetText(target));
  return client.ReadResponse();
}

}  // namespace rocktune
