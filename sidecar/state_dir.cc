#include "sidecar/state_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

absl::Status FileError(int error, const std::string& what) {
  // These two say something else in Abseil's own table than in our contract.
  if (error == EROFS) {
    return absl::PermissionDeniedError(
        absl::StrCat(what, ": the file system is read-only"));
  }
  if (error == EDQUOT) {
    return absl::ResourceExhaustedError(
        absl::StrCat(what, ": the disk quota is used up"));
  }
  return absl::ErrnoToStatus(error, what);
}

// Says what is wrong with a directory we are asked to keep secrets in.
absl::Status CheckPrivate(const struct stat& facts, const std::string& path) {
  if (S_ISLNK(facts.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "state directory ", path,
        " is a symbolic link; name the directory itself as state_dir"));
  }
  if (!S_ISDIR(facts.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("state directory ", path, " is not a directory"));
  }
  if (facts.st_uid != geteuid()) {
    return absl::FailedPreconditionError(
        absl::StrCat("state directory ", path, " belongs to uid ", facts.st_uid,
                     ", this process runs as uid ", geteuid()));
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("state directory ", path,
                     " is open to group or others; run: chmod 700 ", path));
  }
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> OpenPrivateDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return FileError(errno,
                     absl::StrCat("cannot create state directory ", path));
  }
  struct stat facts;
  if (lstat(path.c_str(), &facts) != 0) {
    return FileError(errno, absl::StrCat("cannot look at ", path));
  }
  ROCKTUNE_RETURN_IF_ERROR(CheckPrivate(facts, path));
  UniqueFd fd(
      open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd.get() < 0) return FileError(errno, absl::StrCat("cannot open ", path));
  // Again on what was really opened: the name may point elsewhere by now.
  if (fstat(fd.get(), &facts) != 0) {
    return FileError(errno, absl::StrCat("cannot look at ", path));
  }
  ROCKTUNE_RETURN_IF_ERROR(CheckPrivate(facts, path));
  return fd;
}

absl::Status InUseError(int lock_fd, const std::string& path) {
  char text[24] = {};
  ssize_t size = pread(lock_fd, text, sizeof(text) - 1, 0);
  int64_t pid = 0;
  bool known =
      size > 0 && absl::SimpleAtoi(
                      absl::string_view(text, static_cast<size_t>(size)), &pid);
  return absl::FailedPreconditionError(absl::StrCat(
      "state directory ", path, " is in use by ",
      known ? absl::StrCat("process ", pid) : std::string("another process"),
      "; give each process a state_dir of its own"));
}

}  // namespace

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<std::unique_ptr<StateDir>> StateDir::Open(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  ROCKTUNE_ASSIGN_OR_RETURN(UniqueFd dir, OpenPrivateDirectory(path));
  UniqueFd lock(openat(dir.get(), "lock",
                       O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (lock.get() < 0) {
    return FileError(errno, absl::StrCat("cannot open ", path, "/lock"));
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return InUseError(lock.get(), path);
    return FileError(errno, absl::StrCat("cannot lock ", path, "/lock"));
  }
  // Only for the message above, so a full disk here is no trouble.
  std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(lock.get(), 0) == 0) {
    (void)!pwrite(lock.get(), pid.data(), pid.size(), 0);
  }
  return std::unique_ptr<StateDir>(
      new StateDir(std::move(path), std::move(dir), std::move(lock)));
}

absl::Status StateDir::MakePrivateFile(const std::string& name) const {
  std::string full = absl::StrCat(path_, "/", name);
  UniqueFd fd(openat(dir_.get(), name.c_str(),
                     O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
                     0600));
  if (fd.get() < 0) {
    if (errno == ELOOP) {
      return absl::FailedPreconditionError(
          absl::StrCat(full, " is a symbolic link"));
    }
    return FileError(errno, absl::StrCat("cannot open ", full));
  }
  struct stat facts;
  if (fstat(fd.get(), &facts) != 0) {
    return FileError(errno, absl::StrCat("cannot look at ", full));
  }
  if (!S_ISREG(facts.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(full, " is not a regular file"));
  }
  if (fchmod(fd.get(), 0600) != 0) {
    return FileError(errno, absl::StrCat("cannot make ", full, " private"));
  }
  return absl::OkStatus();
}

}  // namespace rocktune
