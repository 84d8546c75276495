#include "llm/reply_text.h"

#include <cstdint>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

struct Twin {
  absl::string_view utf8;
  absl::string_view plain;
};

// What models write where people write ASCII.
constexpr Twin kTwins[] = {
    {"\xc2\xa0", " "},                                // no-break space
    {"\xe2\x80\xaf", " "},                            // narrow no-break space
    {"\xe2\x80\x89", " "},                            // thin space
    {"\xe2\x80\x91", "-"},                            // no-break hyphen
    {"\xe2\x80\x93", "-"},                            // en dash
    {"\xe2\x80\x94", "-"},                            // em dash
    {"\xe2\x88\x92", "-"},                            // minus
    {"\xe2\x86\x92", "->"},                           // arrow
    {"\xe2\x80\x98", "'"},                            // single quotes
    {"\xe2\x80\x99", "'"},   {"\xe2\x80\x9c", "\""},  // double quotes
    {"\xe2\x80\x9d", "\""},  {"\xe2\x80\xa2", "*"},   // bullet
    {"\xe2\x80\xa6", "..."},                          // ellipsis
    {"\xe2\x89\xa4", "<="},  {"\xe2\x89\xa5", ">="},
    {"\xe2\x89\x88", "~"},   {"\xc3\x97", "x"},  // times
};

const Twin* TwinAt(absl::string_view text) {
  for (const Twin& twin : kTwins) {
    if (absl::StartsWith(text, twin.utf8)) return &twin;
  }
  return nullptr;
}

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// True and the number taken off the front, or false.
bool TakeNumber(absl::string_view& text, uint64_t& number) {
  text = absl::StripLeadingAsciiWhitespace(text);
  size_t digits = 0;
  while (digits < text.size() && absl::ascii_isdigit(text[digits])) ++digits;
  if (!absl::SimpleAtoi(text.substr(0, digits), &number)) return false;
  text = absl::StripLeadingAsciiWhitespace(text.substr(digits));
  // The ends of C++ literals.
  while (!text.empty() && absl::StrContains("uUlL", text.substr(0, 1))) {
    text.remove_prefix(1);
  }
  text = absl::StripLeadingAsciiWhitespace(text);
  return true;
}

}  // namespace

std::string PrintableText(absl::string_view text, size_t max_bytes) {
  std::string plain;
  for (size_t i = 0; i < text.size() && plain.size() < max_bytes;) {
    const char c = text[i];
    if (absl::ascii_isprint(c)) {
      plain += c;
      ++i;
    } else if (absl::ascii_isspace(c)) {
      plain += ' ';
      ++i;
    } else if (const Twin* twin = TwinAt(text.substr(i))) {
      absl::StrAppend(&plain, twin->plain);
      i += twin->utf8.size();
    } else {
      plain += '?';
      do {
        ++i;
      } while (i < text.size() && IsContinuation(text[i]));
    }
  }
  if (plain.size() > max_bytes) plain.resize(max_bytes);
  return std::string(absl::StripAsciiWhitespace(plain));
}

std::string FoldProduct(absl::string_view text) {
  constexpr int kMostFactors = 6;
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  absl::string_view rest = text;
  uint64_t product = 0;
  if (!TakeNumber(rest, product) || rest.empty()) return std::string(text);
  for (int i = 0; i < kMostFactors && !rest.empty(); ++i) {
    const bool shift = absl::StartsWith(rest, "<<");
    if (!shift && rest[0] != '*') return std::string(text);
    rest.remove_prefix(shift ? 2 : 1);
    uint64_t factor = 0;
    if (!TakeNumber(rest, factor)) return std::string(text);
    if (shift && factor > 63) return std::string(text);
    if (shift) factor = uint64_t{1} << factor;
    if (factor != 0 && product > kMost / factor) return std::string(text);
    product *= factor;
  }
  return rest.empty() ? absl::StrCat(product) : std::string(text);
}

}  // namespace rocktune
