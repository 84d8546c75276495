// The directory that history and admin socket live in: private, and owned by
// one process at a time.
#ifndef ROCKTUNE_SIDECAR_STATE_DIR_H_
#define ROCKTUNE_SIDECAR_STATE_DIR_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rocktune {

// An open file descriptor, closed with its owner.
class UniqueFd {
 public:
  explicit UniqueFd(int fd = -1) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&&) = delete;
  ~UniqueFd();

  int get() const { return fd_; }  // negative: none

 private:
  int fd_;
};

// Holds the lock of a state directory from Open() until destruction; a process
// that dies, however it dies, leaves no lock behind. Immutable, so thread-safe.
class StateDir {
 public:
  // Creates `path` (0700; its parent must exist) or takes what is there, and
  // locks it. kFailedPrecondition: something must be put right first, and the
  // message says what: a symbolic link, not a directory, another owner, open
  // to group or others, or in use (with the holder's pid). kPermissionDenied:
  // cannot be created or written. kNotFound: the parent is missing.
  // kResourceExhausted: disk full.
  static absl::StatusOr<std::unique_ptr<StateDir>> Open(std::string path);

  StateDir(const StateDir&) = delete;
  StateDir& operator=(const StateDir&) = delete;

  // Without trailing slashes.
  const std::string& path() const { return path_; }

  // Creates the regular file `name` in the directory, or takes the one that is
  // there, and makes it 0600. Symbolic links are refused.
  absl::Status MakePrivateFile(const std::string& name) const;

 private:
  StateDir(std::string path, UniqueFd dir, UniqueFd lock)
      : path_(std::move(path)), dir_(std::move(dir)), lock_(std::move(lock)) {}

  const std::string path_;
  const UniqueFd dir_;
  const UniqueFd lock_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_STATE_DIR_H_
