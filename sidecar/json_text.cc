#include "sidecar/json_text.h"

#include <cstdint>

#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The escape that JSON and C share, or 0.
char ShortEscape(char c) {
  switch (c) {
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

bool IsControl(unsigned char byte) { return byte < 0x20 || byte == 0x7F; }

// U+0080 to U+009F: terminals may obey them as they obey ESC sequences.
bool IsC1Control(absl::string_view character) {
  return character.size() == 2 &&
         static_cast<unsigned char>(character[0]) == 0xC2 &&
         static_cast<unsigned char>(character[1]) < 0xA0;
}

}  // namespace

size_t Utf8Length(absl::string_view text) {
  const unsigned char first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(static_cast<unsigned char>(text[i]))) return 0;
  }
  const unsigned char second = static_cast<unsigned char>(text[1]);
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // surrogate
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  return length;
}

void AppendJsonString(absl::string_view text, std::string* out) {
  *out += '"';
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text.substr(at));
    const char c = text[at];
    if (length == 0) {
      *out += "\\ufffd";
    } else if (length > 1) {
      out->append(text.data() + at, length);
    } else if (c == '"' || c == '\\') {
      *out += {'\\', c};
    } else if (ShortEscape(c) != 0) {
      *out += {'\\', ShortEscape(c)};
    } else if (IsControl(static_cast<unsigned char>(c))) {
      absl::StrAppendFormat(out, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      *out += c;
    }
    at += length == 0 ? 1 : length;
  }
  *out += '"';
}

std::string EscapedForTerminal(absl::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text.substr(at));
    const size_t taken = length == 0 ? 1 : length;
    const absl::string_view character = text.substr(at, taken);
    const char c = character[0];
    if (length == 1 && ShortEscape(c) != 0) {
      out += {'\\', ShortEscape(c)};
    } else if (length == 0 || IsC1Control(character) ||
               (length == 1 && IsControl(static_cast<unsigned char>(c)))) {
      for (char byte : character) {
        absl::StrAppendFormat(&out, "\\x%02x",
                              static_cast<unsigned char>(byte));
      }
    } else {
      out.append(character.data(), character.size());
    }
    at += taken;
  }
  return out;
}

}  // namespace rocktune
