// The admin server: HTTP/1.1 and JSON over a unix socket, so that curl works:
//   curl --unix-socket /path/db.rocktune/admin.sock http://rocktune/v1/status
#ifndef ROCKTUNE_SIDECAR_ADMIN_SERVER_H_
#define ROCKTUNE_SIDECAR_ADMIN_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sidecar/control.h"

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace rocktune {

struct AdminServerState;  // in the .cc

struct AdminOptions {
  std::string socket_path;            // absolute
  std::vector<uint32_t> viewer_uids;  // may read, besides us and root
  size_t header_bytes = 8 << 10;      // of one request, request line included
  size_t body_bytes = 512 << 10;      // of one request; a model's whole reply
  int connections = 16;               // at one time
  int viewer_connections = 8;         // of them, so that we always get in
  absl::Duration read_deadline = absl::Seconds(5);   // for a whole request
  absl::Duration write_deadline = absl::Seconds(5);  // for a whole answer
  absl::Duration idle_deadline = absl::Seconds(30);  // between requests
  // How long a command may take (a rollback waits for its read-back). After
  // that the answer is 504; the command itself goes on.
  absl::Duration answer_deadline = absl::Seconds(60);
};

// Runs on the thread of the io_context it is given and never blocks it.
// Thread-compatible: Start, Stop and the destructor are called on that thread,
// or while nobody runs the io_context.
class AdminServer {
 public:
  // Binds and begins to accept. Errors are those of AdminSocket::Listen.
  // `context` must outlive *this; `control` must live until Stop. Replies that
  // come after Stop are dropped.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(
      boost::asio::io_context& context, AdminOptions options,
      TunerControl* control);

  // Closes every connection and removes the socket. `control` is not called
  // afterwards. Idempotent.
  void Stop();
  ~AdminServer();  // stops

  const std::string& socket_path() const;  // absolute

 private:
  explicit AdminServer(std::shared_ptr<AdminServerState> state);

  std::shared_ptr<AdminServerState> state_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_ADMIN_SERVER_H_
