#include "tests/fakes/provider_connection.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace rocktune {

ProviderConnection::ProviderConnection(int fd, int stop_fd)
    : fd_(fd), stop_fd_(stop_fd) {}

ProviderConnection::~ProviderConnection() {
  SSL_free(tls_);
  close(fd_);
}

bool ProviderConnection::Await(short events) {
  pollfd polled[] = {{fd_, events, 0}, {stop_fd_, POLLIN, 0}};
  while (poll(polled, 2, -1) < 0) {
    if (errno != EINTR) return false;
  }
  return polled[1].revents == 0;
}

bool ProviderConnection::AwaitTls(int result) {
  const int wish = SSL_get_error(tls_, result);
  ERR_clear_error();
  if (wish == SSL_ERROR_WANT_READ) return Await(POLLIN);
  if (wish == SSL_ERROR_WANT_WRITE) return Await(POLLOUT);
  return false;
}

bool ProviderConnection::StartTls(ssl_ctx_st* context) {
  tls_ = SSL_new(context);
  SSL_set_fd(tls_, fd_);
  SSL_set_mode(tls_, SSL_MODE_ENABLE_PARTIAL_WRITE);
  while (true) {
    const int result = SSL_accept(tls_);
    if (result == 1) return true;
    if (!AwaitTls(result)) return false;
  }
}

std::string ProviderConnection::sni() const {
  const char* name = tls_ == nullptr
                         ? nullptr
                         : SSL_get_servername(tls_, TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

bool ProviderConnection::Send(const std::string& bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    if (tls_ != nullptr) {
      const int sent = SSL_write(tls_, bytes.data() + at,
                                 static_cast<int>(bytes.size() - at));
      if (sent > 0) at += static_cast<size_t>(sent);
      if (sent <= 0 && !AwaitTls(sent)) return false;
    } else {
      if (!Await(POLLOUT)) return false;
      const ssize_t sent = send(fd_, bytes.data() + at, bytes.size() - at, 0);
      if (sent < 0 && errno != EAGAIN) return false;
      at += static_cast<size_t>(std::max<ssize_t>(sent, 0));
    }
  }
  return true;
}

bool ProviderConnection::Receive(std::string* bytes) {
  char buffer[16384];
  while (true) {
    if (tls_ != nullptr) {
      const int got = SSL_read(tls_, buffer, sizeof(buffer));
      if (got > 0) bytes->append(buffer, static_cast<size_t>(got));
      if (got > 0) return true;
      if (!AwaitTls(got)) return false;
    } else {
      if (!Await(POLLIN)) return false;
      const ssize_t got = recv(fd_, buffer, sizeof(buffer), 0);
      if (got > 0) bytes->append(buffer, static_cast<size_t>(got));
      if (got > 0) return true;
      if (got == 0 || errno != EAGAIN) return false;
    }
  }
}

void ProviderConnection::SayFarewell() {
  if (tls_ != nullptr) SSL_shutdown(tls_);
  ERR_clear_error();
}

void ProviderConnection::EndSending() { shutdown(fd_, SHUT_WR); }

void ProviderConnection::ResetOnClose() {
  const linger now = {1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

void ProviderConnection::HoldUntilClosed() {
  std::string ignored;
  while (Receive(&ignored)) ignored.clear();
}

bool ProviderConnection::Pause(std::chrono::milliseconds time) {
  pollfd polled = {stop_fd_, POLLIN, 0};
  return poll(&polled, 1, static_cast<int>(time.count())) == 0;
}

}  // namespace rocktune
