#include "llm/error_line.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace rocktune {

std::string ErrorLine(absl::string_view text, size_t most_bytes) {
  constexpr absl::string_view kCut = "...";
  std::string line;
  bool space = false;
  for (const char c : absl::StripAsciiWhitespace(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool was_space = space;
    space = absl::ascii_isspace(byte);
    if (space && was_space) continue;
    const std::string shown =
        space ? " "
        : absl::ascii_isprint(byte)
            ? std::string(1, c)
            : absl::StrCat("\\x", absl::Hex(byte, absl::kZeroPad2));
    if (line.size() + shown.size() > most_bytes) {
      line.resize(std::min(line.size(), most_bytes - kCut.size()));
      return absl::StrCat(line, kCut);
    }
    line += shown;
  }
  return line;
}

}  // namespace rocktune
