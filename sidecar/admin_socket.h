// A listening unix socket in a private directory.
#ifndef ROCKTUNE_SIDECAR_ADMIN_SOCKET_H_
#define ROCKTUNE_SIDECAR_ADMIN_SOCKET_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace rocktune {

// Owns the socket's file and the descriptor that listens. Not thread-safe.
class AdminSocket {
 public:
  // Binds `path`, of any length, and listens; a relative one is taken from the
  // working directory of this moment. kInvalidArgument: no file name. Nobody
  // can connect before the permissions are right: listen() comes last.
  //
  // The directory is made (0700) when it is missing and its parent is there.
  // One that exists must belong to this user and be closed to all others, or
  // kFailedPrecondition says how to make it so. With `for_viewers` it is made
  // 0711, and one that exists must let other users pass through (so it is not
  // the state directory) but not write; who they are is checked after
  // accept(). No symlink is followed in the last two parts of the path.
  //
  // A socket left behind by a dead process is replaced; kAlreadyExists when
  // somebody answers on it, or when `path` is something else than a socket.
  // kUnavailable: another process is binding here at this moment.
  static absl::StatusOr<std::unique_ptr<AdminSocket>> Listen(
      const std::string& path, bool for_viewers);

  // Closes, and removes the file unless somebody else has replaced it.
  ~AdminSocket();
  AdminSocket(const AdminSocket&) = delete;
  AdminSocket& operator=(const AdminSocket&) = delete;

  // Gives the listening descriptor to the caller, once.
  int ReleaseFd();
  const std::string& path() const { return path_; }  // absolute

 private:
  AdminSocket() = default;

  std::string path_;
  std::string file_;  // last part of path_
  int directory_fd_ = -1;
  int fd_ = -1;
  dev_t device_ = 0;  // of the file we made
  ino_t inode_ = 0;
};

// The user id of the process at the other end of a connected unix socket.
absl::StatusOr<uid_t> PeerUid(int fd);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_ADMIN_SOCKET_H_
