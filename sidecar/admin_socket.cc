#include "sidecar/admin_socket.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// Connections that wait to be accepted.
constexpr int kBacklog = 16;

// A descriptor that is closed when its scope ends.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

absl::Status ErrnoStatus(int error, const std::string& what) {
  return absl::ErrnoToStatus(error, what);
}

struct SplitPath {
  std::string directory;
  std::string file;
};

absl::StatusOr<SplitPath> Split(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (path.empty() || slash + 1 == path.size() ||
      path.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", path, "\" is no path of a file for the admin socket"));
  }
  SplitPath parts;
  parts.directory = slash == path.npos ? "."
                    : slash == 0       ? "/"
                                       : path.substr(0, slash);
  parts.file = slash == path.npos ? path : path.substr(slash + 1);
  return parts;
}

// The path as clients in any directory may use it.
std::string Absolute(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

absl::Status CheckPrivate(int directory_fd, const std::string& directory,
                          bool for_viewers) {
  struct stat info {};
  if (fstat(directory_fd, &info) != 0) {
    return ErrnoStatus(errno, absl::StrCat("cannot look at ", directory));
  }
  if (info.st_uid != geteuid()) {
    return absl::FailedPreconditionError(absl::StrCat(
        directory, " belongs to user ", info.st_uid,
        "; the admin socket needs a directory of its own user ", geteuid()));
  }
  const auto mode = static_cast<unsigned>(info.st_mode & 07777);
  if (!for_viewers && (mode & 077) != 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s is open to other users (mode %04o); run: chmod 700 %s", directory,
        mode, directory));
  }
  // Never loosened here: what else lies in the directory counts on its mode.
  if (for_viewers && ((mode & 022) != 0 || (mode & 011) != 011)) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "viewers need an admin socket in a directory of its own that they can "
        "pass through and not write; %s has mode %04o, not 0711",
        directory, mode));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> OpenPrivateDirectory(const std::string& directory,
                                         bool for_viewers) {
  const bool made = mkdir(directory.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) {
    return ErrnoStatus(errno, absl::StrCat("cannot make ", directory));
  }
  Fd fd(
      open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd.get() < 0) {
    const int error = errno;
    if (error == ELOOP || error == ENOTDIR) {
      return absl::FailedPreconditionError(absl::StrCat(
          directory,
          " is a symlink or no directory; the admin socket needs a "
          "real one"));
    }
    return ErrnoStatus(error, absl::StrCat("cannot open ", directory));
  }
  // The process's umask may have taken bits away.
  if (made && fchmod(fd.get(), for_viewers ? 0711 : 0700) != 0) {
    return ErrnoStatus(errno, absl::StrCat("cannot open up ", directory));
  }
  ROCKTUNE_RETURN_IF_ERROR(CheckPrivate(fd.get(), directory, for_viewers));
  return fd.Release();
}

// The address of `file` in the open directory. Through /proc it names the very
// directory that was checked, and fits however long the real path is.
absl::StatusOr<sockaddr_un> AddressIn(int directory_fd,
                                      const std::string& file) {
  const std::string name =
      absl::StrCat("/proc/self/fd/", directory_fd, "/", file);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the admin socket's file name is too long: ", file));
  }
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  return address;
}

const sockaddr* AsSockaddr(const sockaddr_un* address) {
  return reinterpret_cast<const sockaddr*>(address);
}

// Removes what a dead process left behind; leaves anything else alone.
absl::Status ClearStale(int directory_fd, const SplitPath& parts,
                        const sockaddr_un& address) {
  struct stat info {};
  if (fstatat(directory_fd, parts.file.c_str(), &info, AT_SYMLINK_NOFOLLOW) !=
      0) {
    if (errno == ENOENT) return absl::OkStatus();
    return ErrnoStatus(errno, absl::StrCat("cannot look at ", parts.file));
  }
  if (!S_ISSOCK(info.st_mode)) {
    return absl::AlreadyExistsError(
        absl::StrCat(parts.directory, "/", parts.file,
                     " exists and is not a socket; it was left alone"));
  }
  Fd probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (probe.get() < 0) return ErrnoStatus(errno, "cannot make a socket");
  if (connect(probe.get(), AsSockaddr(&address), sizeof(address)) == 0 ||
      errno != ECONNREFUSED) {
    return absl::AlreadyExistsError(absl::StrCat(
        "another process serves ", parts.directory, "/", parts.file));
  }
  if (unlinkat(directory_fd, parts.file.c_str(), 0) != 0 && errno != ENOENT) {
    return ErrnoStatus(errno, absl::StrCat("cannot remove ", parts.file));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<AdminSocket>> AdminSocket::Listen(
    const std::string& path, bool for_viewers) {
  ROCKTUNE_ASSIGN_OR_RETURN(const SplitPath parts, Split(path));
  std::unique_ptr<AdminSocket> made(new AdminSocket());
  made->path_ = Absolute(path);
  made->file_ = parts.file;
  ROCKTUNE_ASSIGN_OR_RETURN(made->directory_fd_,
                            OpenPrivateDirectory(parts.directory, for_viewers));
  const int directory_fd = made->directory_fd_;
  // Two processes must not both find the same stale socket. Held for this
  // function only; the descriptor itself lives on.
  if (flock(directory_fd, LOCK_EX | LOCK_NB) != 0) {
    return absl::UnavailableError(absl::StrCat(
        "another process is opening ", path, " at this moment; try again"));
  }
  ROCKTUNE_ASSIGN_OR_RETURN(const sockaddr_un address,
                            AddressIn(directory_fd, parts.file));
  ROCKTUNE_RETURN_IF_ERROR(ClearStale(directory_fd, parts, address));

  Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return ErrnoStatus(errno, "cannot make a socket");
  if (bind(fd.get(), AsSockaddr(&address), sizeof(address)) != 0) {
    return ErrnoStatus(errno, absl::StrCat("cannot bind ", path));
  }
  struct stat info {};
  if (fstatat(directory_fd, parts.file.c_str(), &info, AT_SYMLINK_NOFOLLOW) !=
      0) {
    return ErrnoStatus(errno, absl::StrCat("cannot look at ", path));
  }
  made->device_ = info.st_dev;
  made->inode_ = info.st_ino;
  if (fchmodat(directory_fd, parts.file.c_str(), for_viewers ? 0666 : 0600,
               0) != 0 ||
      listen(fd.get(), kBacklog) != 0) {
    return ErrnoStatus(errno, absl::StrCat("cannot listen on ", path));
  }
  made->fd_ = fd.Release();
  flock(directory_fd, LOCK_UN);
  return made;
}

AdminSocket::~AdminSocket() {
  if (fd_ >= 0) close(fd_);
  if (directory_fd_ < 0) return;
  struct stat info {};
  if (inode_ != 0 &&
      fstatat(directory_fd_, file_.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
      info.st_dev == device_ && info.st_ino == inode_) {
    unlinkat(directory_fd_, file_.c_str(), 0);
  }
  close(directory_fd_);
}

int AdminSocket::ReleaseFd() { return std::exchange(fd_, -1); }

absl::StatusOr<uid_t> PeerUid(int fd) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return ErrnoStatus(errno, "cannot tell who is connected");
  }
  return peer.uid;
}

}  // namespace rocktune
