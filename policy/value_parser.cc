#include "policy/value_parser.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "policy/number_text.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// No value of a vetted option is longer; what is, is not a value.
constexpr size_t kLongestValue = 128;
constexpr size_t kLongestQuoted = 40;

absl::Status Wrong(const CatalogueRow& row, absl::string_view text,
                   absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(row.name, ": ", Quoted(text), " ", what));
}

// Without the quotes, spaces and end marks of the place it was copied from.
absl::string_view Bare(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  while (!text.empty() && (text.back() == ';' || text.back() == ',')) {
    text.remove_suffix(1);
    text = absl::StripTrailingAsciiWhitespace(text);
  }
  for (char quote : {'"', '\'', '`'}) {
    if (text.size() >= 2 && text.front() == quote && text.back() == quote) {
      text = absl::StripAsciiWhitespace(text.substr(1, text.size() - 2));
    }
  }
  return text;
}

absl::StatusOr<std::string> ParseBool(absl::string_view text,
                                      const CatalogueRow& row) {
  const std::string word = absl::AsciiStrToLower(text);
  for (const char* yes : {"true", "1", "on", "yes", "enabled"}) {
    if (word == yes) return std::string("true");
  }
  for (const char* no : {"false", "0", "off", "no", "disabled"}) {
    if (word == no) return std::string("false");
  }
  return Wrong(row, text, "is not a boolean; write true or false");
}

// "kLZ4Compression", "LZ4", "lz4-compression" are one word; so are
// "kNoCompression" and "none".
std::string EnumKey(absl::string_view text) {
  std::string key;
  if (absl::StartsWith(text, "k")) text.remove_prefix(1);
  for (char c : text) {
    if (absl::ascii_isalnum(c)) key += absl::ascii_tolower(c);
  }
  absl::string_view stem = key;
  absl::ConsumeSuffix(&stem, "compression");
  if (stem == "none") stem = "no";
  return std::string(stem);
}

absl::StatusOr<std::string> ParseEnum(absl::string_view text,
                                      const CatalogueRow& row) {
  for (const std::string& word : row.enum_values) {
    if (word == text) return word;
  }
  const std::string key = EnumKey(text);
  for (const std::string& word : row.enum_values) {
    if (!key.empty() && EnumKey(word) == key) return word;
  }
  // RocksDB prints "bloomfilter:10" with a third part that nobody writes.
  for (const std::string& word : row.enum_values) {
    if (EnumKey(word) == absl::StrCat(key, "false")) return word;
  }
  return Wrong(row, text,
               absl::StrCat("is not available here; write one of ",
                            absl::StrJoin(row.enum_values, ", ")));
}

// "a:b:c" of the row's words.
absl::StatusOr<std::string> ParseWords(absl::string_view text,
                                       const CatalogueRow& row) {
  std::vector<std::string> words;
  for (absl::string_view part : absl::StrSplit(text, ':')) {
    ROCKTUNE_ASSIGN_OR_RETURN(std::string word, ParseEnum(part, row));
    words.push_back(std::move(word));
  }
  return absl::StrJoin(words, ":");
}

absl::StatusOr<std::string> ParseWhole(absl::string_view text,
                                       const CatalogueRow& row) {
  absl::StatusOr<WholeNumber> number = ReadWholeNumber(text, row.unit);
  if (!number.ok()) return Wrong(row, text, number.status().message());
  if (number->negative && row.type == OptionType::kUint) {
    return Wrong(row, text,
                 "is negative; RocksDB would take it as an enormous number; "
                 "write a number from 0 on");
  }
  const uint64_t limit = row.type == OptionType::kUint
                             ? std::numeric_limits<uint64_t>::max()
                             : uint64_t{1} << 62;
  if (number->magnitude > limit) {
    return Wrong(row, text,
                 absl::StrCat("is larger than ", limit, ", the limit of ",
                              "its type; write a smaller number"));
  }
  return absl::StrCat(number->negative ? "-" : "", number->magnitude);
}

absl::StatusOr<std::string> ParseDouble(absl::string_view text,
                                        const CatalogueRow& row) {
  absl::StatusOr<double> number = ReadPlainDouble(text);
  if (!number.ok()) return Wrong(row, text, number.status().message());
  return FormatDouble(*number);
}

}  // namespace

absl::StatusOr<std::string> ParseValue(absl::string_view text,
                                       const CatalogueRow& row) {
  if (text.size() > kLongestValue) {
    return Wrong(row, text,
                 absl::StrCat("... is ", text.size(),
                              " characters long; write the value alone"));
  }
  for (unsigned char c : text) {
    if (c >= 0x7f || (c < 0x20 && !absl::ascii_isspace(c))) {
      return Wrong(row, text,
                   "holds a character that is not plain ASCII; write letters, "
                   "digits and '.' only");
    }
  }
  const absl::string_view bare = Bare(text);
  if (bare.empty()) return Wrong(row, text, "is empty; write a value");
  switch (row.type) {
    case OptionType::kBool:
      return ParseBool(bare, row);
    case OptionType::kEnum:
      return ParseEnum(bare, row);
    case OptionType::kInt:
    case OptionType::kUint:
      return ParseWhole(bare, row);
    case OptionType::kDouble:
      return ParseDouble(bare, row);
    case OptionType::kList:
      if (!row.enum_values.empty()) return ParseWords(bare, row);
      break;
    case OptionType::kStruct:
    case OptionType::kString:
      break;
  }
  return Wrong(row, bare, "has parts that rocktune cannot vet");
}

std::string FormatDouble(double value) {
  for (int digits : {15, 16, 17}) {
    std::string text = absl::StrFormat("%.*g", digits, value);
    double back = 0;
    if (absl::SimpleAtod(text, &back) && back == value) return text;
  }
  return absl::StrFormat("%.17g", value);
}

std::string FormatWhole(double value) {
  // 2^63 is the first double that a cast to int64 may not take.
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (!(value > 0)) return "0";
  return absl::StrCat(static_cast<uint64_t>(std::min(value, kTwoTo63)));
}

std::optional<double> NumberOf(absl::string_view canonical) {
  double number = 0;
  if (!absl::SimpleAtod(canonical, &number) || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

bool SameValue(absl::string_view a, absl::string_view b) {
  if (a == b) return true;
  // Whole numbers have one canonical text; doubles may be printed with
  // trailing zeros by RocksDB.
  if (a.find_first_of(".e") == absl::string_view::npos &&
      b.find_first_of(".e") == absl::string_view::npos) {
    return false;
  }
  const std::optional<double> left = NumberOf(a);
  const std::optional<double> right = NumberOf(b);
  return left && right && *left == *right;
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::CHexEscape(text.substr(0, kLongestQuoted)),
                      "\"");
}

}  // namespace rocktune
