#include "bench/cell/utf8.h"

#include <cstdint>

namespace rocktune {
namespace {

bool Between(char c, uint8_t least, uint8_t most) {
  const auto byte = static_cast<uint8_t>(c);
  return byte >= least && byte <= most;
}

// Bytes of the character that `text`, which is not empty, begins with; 0: none.
size_t CharacterLength(absl::string_view text) {
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  // The second byte's range rules out overlong forms, surrogates and what lies
  // beyond U+10FFFF.
  const uint8_t least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const uint8_t most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (!Between(text[1], least, most)) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (!Between(text[i], 0x80, 0xBF)) return 0;
  }
  return length;
}

}  // namespace

std::string AsUtf8(absl::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    if (length == 0) {
      valid += '?';
      text.remove_prefix(1);
    } else {
      valid.append(text.data(), length);
      text.remove_prefix(length);
    }
  }
  return valid;
}

}  // namespace rocktune
