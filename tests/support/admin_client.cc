#include "tests/support/admin_client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace rocktune {

AdminReply AdminRequest(const std::string& socket_path,
                        const std::string& target, const std::string& body) {
  AdminReply reply;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof(address.sun_path)) return reply;
  std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const timeval limit{20, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  std::string text;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address),
                sizeof(address)) == 0) {
    const std::string request =
        (body.empty() ? "GET " : "POST ") + target +
        " HTTP/1.1\r\nHost: rocktune\r\nConnection: close\r\n" +
        (body.empty() ? ""
                      : "Content-Type: application/json\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n") +
        "\r\n" + body;
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(request.size())) {
      char buffer[4096];
      ssize_t n;
      while ((n = ::recv(fd, buffer, sizeof(buffer), 0)) > 0) {
        text.append(buffer, static_cast<size_t>(n));
      }
    }
  }
  ::close(fd);
  const size_t end = text.find("\r\n\r\n");
  if (text.rfind("HTTP/1.1 ", 0) == 0 && end != std::string::npos) {
    reply.status = std::stoi(text.substr(9, 3));
    reply.body = text.substr(end + 4);
  }
  return reply;
}

}  // namespace rocktune
