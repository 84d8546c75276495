#include "hooks/system_file.h"

#include <fcntl.h>
#include <unistd.h>

namespace rocktune {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 20;

}  // namespace

std::optional<std::string> ReadSystemFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::string text;
  char buffer[4096];
  ssize_t got = 0;
  while (text.size() < kMaxBytes &&
         (got = read(fd, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<size_t>(got));
  }
  close(fd);
  if (got < 0) return std::nullopt;
  return text;
}

}  // namespace rocktune
