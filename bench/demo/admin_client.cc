#include "bench/demo/admin_client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstring>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

constexpr int kReplyLimitS = 30;

// A socket that closes itself.
class Connection {
 public:
  Connection() : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool Open(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) return false;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const timeval limit{kReplyLimitS, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&address),
                     sizeof(address)) == 0;
  }
  bool Send(const std::string& text) {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  std::string ReceiveAll() {
    std::string text;
    char buffer[16384];
    ssize_t n = 0;
    while ((n = ::recv(fd_, buffer, sizeof(buffer), 0)) > 0) {
      text.append(buffer, static_cast<size_t>(n));
    }
    return text;
  }

 private:
  const int fd_;
};

constexpr char kHead[] = " HTTP/1.1\r\nHost: rocktune\r\nConnection: close\r\n";

}  // namespace

absl::StatusOr<AdminReply> AdminClient::Exchange(
    const std::string& request) const {
  Connection connection;
  if (!connection.Open(socket_path_) || !connection.Send(request)) {
    return absl::UnavailableError(
        absl::StrCat("no connection to ", socket_path_));
  }
  const std::string text = connection.ReceiveAll();
  const size_t end = text.find("\r\n\r\n");
  AdminReply reply;
  if (text.rfind("HTTP/1.1 ", 0) != 0 || end == std::string::npos ||
      !absl::SimpleAtoi(text.substr(9, 3), &reply.http_status)) {
    return absl::UnavailableError(absl::StrCat("no reply on ", socket_path_));
  }
  boost::system::error_code error;
  boost::json::value body = boost::json::parse(text.substr(end + 4), error);
  if (error || !body.is_object()) {
    return absl::InternalError("the reply is no JSON object");
  }
  reply.body = std::move(body.get_object());
  return reply;
}

absl::StatusOr<AdminReply> AdminClient::Get(const std::string& target) const {
  return Exchange(absl::StrCat("GET ", target, kHead, "\r\n"));
}

absl::StatusOr<AdminReply> AdminClient::Post(
    const std::string& target, const boost::json::object& body) const {
  const std::string text = boost::json::serialize(body);
  return Exchange(absl::StrCat(
      "POST ", target, kHead,
      "Content-Type: application/json\r\nContent-Length: ", text.size(),
      "\r\n\r\n", text));
}

}  // namespace rocktune
