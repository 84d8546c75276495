#include "llm/key_reader.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// Bits of the mode that a file with a key must not have. A service manager
// lets its service read credentials through an access list, which shows as
// group bits.
constexpr mode_t kOpenToOthers = 077;
constexpr mode_t kOpenToOthersInCredentials = 007;

struct KeyFile {
  std::string path;
  mode_t forbidden = kOpenToOthers;
};

absl::Status CannotRead(const std::string& path, int error) {
  const std::string why =
      absl::StrCat("key file ", path, ": ", std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(why)
                         : absl::FailedPreconditionError(why);
}

absl::Status CheckFile(const KeyFile& file, int fd) {
  struct stat about = {};
  if (fstat(fd, &about) != 0) return CannotRead(file.path, errno);
  if (!S_ISREG(about.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("key file ", file.path, " is not a regular file"));
  }
  ROCKTUNE_RETURN_IF_ERROR(CheckKeyFileOwner(
      {.path = file.path, .owner = about.st_uid, .self = geteuid()}));
  if ((about.st_mode & file.forbidden) != 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "key file %s has mode 0%03o, so others may read or change it: "
        "chmod 0600 '%s'",
        file.path, about.st_mode & 0777u, file.path));
  }
  return absl::OkStatus();
}

// Wipes `text` in every case.
absl::StatusOr<Secret> Cleaned(std::string text, const std::string& from) {
  auto wipe =
      absl::MakeCleanup([&text] { OPENSSL_cleanse(text.data(), text.size()); });
  if (text.size() > kMaxKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the key in ", from, " is longer than 8 KiB"));
  }
  const absl::string_view key = absl::StripAsciiWhitespace(text);
  if (key.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the key in ", from, " is empty"));
  }
  for (const char c : key) {
    if (absl::ascii_isgraph(static_cast<unsigned char>(c))) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("the key in ", from,
                     " holds a space, a control character or a byte outside "
                     "ASCII; a key is one word"));
  }
  return Secret(std::string(key));
}

absl::StatusOr<Secret> ReadFile(const KeyFile& file) {
  // Not to wait for the other end, should it be a pipe.
  const int fd = open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return CannotRead(file.path, errno);
  auto close_it = absl::MakeCleanup([fd] { close(fd); });
  ROCKTUNE_RETURN_IF_ERROR(CheckFile(file, fd));
  std::string text(kMaxKeyBytes + 1, '\0');
  auto wipe =
      absl::MakeCleanup([&text] { OPENSSL_cleanse(text.data(), text.size()); });
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead(file.path, errno);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  return Cleaned(text.substr(0, size), file.path);
}

// Neither key nor path of one may be put where the name of the other belongs:
// the value is not repeated.
absl::Status CheckNames(const KeySource& source) {
  if (!source.file.empty() && source.file[0] != '/') {
    return absl::InvalidArgumentError("the key file must be an absolute path");
  }
  if (source.credential.find('/') != std::string::npos) {
    return absl::InvalidArgumentError(
        "the credential is a name in $CREDENTIALS_DIRECTORY, not a path");
  }
  for (const std::string& variable : source.variables) {
    for (const char c : variable) {
      if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_') {
        continue;
      }
      return absl::InvalidArgumentError(
          "the name of an environment variable holds only letters, digits "
          "and _");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckKeyFileOwner(const KeyFileOwner& file) {
  constexpr uint32_t kRoot = 0;
  if (file.owner == file.self || file.owner == kRoot) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrFormat(
      "key file %s is owned by user %d, not by this user (%d) or root: "
      "chown %d '%s'",
      file.path, file.owner, file.self, file.self, file.path));
}

absl::StatusOr<Secret> ReadKey(const KeySource& source) {
  ROCKTUNE_RETURN_IF_ERROR(CheckNames(source));
  if (!source.file.empty()) return ReadFile({.path = source.file});
  std::vector<std::string> places;
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  if (!source.credential.empty() && credentials != nullptr) {
    const std::string path = absl::StrCat(credentials, "/", source.credential);
    auto key =
        ReadFile({.path = path, .forbidden = kOpenToOthersInCredentials});
    if (!absl::IsNotFound(key.status())) return key;
    places.push_back(path);
  }
  for (const std::string& variable : source.variables) {
    const char* value = std::getenv(variable.c_str());
    if (value != nullptr && *value != '\0') {
      return Cleaned(value, absl::StrCat("$", variable));
    }
    places.push_back(absl::StrCat("$", variable));
  }
  if (source.optional) return Secret();
  return absl::NotFoundError(absl::StrCat(
      "no key: set a key file", places.empty() ? "" : "; also looked in ",
      absl::StrJoin(places, ", ")));
}

}  // namespace rocktune
