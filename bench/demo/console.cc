#include "bench/demo/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace rocktune {
namespace {

size_t Width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) {
    return 80;
  }
  return size.ws_col;
}

}  // namespace

Console::Console()
    : terminal_(::isatty(STDOUT_FILENO) == 1),
      colours_(terminal_ && std::getenv("NO_COLOR") == nullptr) {}

void Console::Heading(const std::string& text) {
  Live("");
  std::printf(colours_ ? "\n\033[1m%s\033[0m\n" : "\n%s\n", text.c_str());
  std::fflush(stdout);
}

void Console::Line(const std::string& text) {
  Live("");
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

void Console::Live(const std::string& text) {
  if (!terminal_ || (text.empty() && !live_)) return;
  std::printf("\r\033[K%s", text.substr(0, Width() - 1).c_str());
  std::fflush(stdout);
  live_ = !text.empty();
}

}  // namespace rocktune
