#include "policy/number_text.h"

#include <cmath>
#include <limits>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// More significant digits than any 64-bit number has. It keeps the product
// with the largest unit below 2^128.
constexpr size_t kMostDigits = 20;
constexpr int kLargestExponent = 60;

struct UnitWord {
  absl::string_view word;  // lower case
  uint64_t factor;
};

constexpr uint64_t kKilo = 1024;
constexpr UnitWord kByteWords[] = {
    {"b", 1},
    {"byte", 1},
    {"bytes", 1},
    {"k", kKilo},
    {"kb", kKilo},
    {"kib", kKilo},
    {"m", kKilo* kKilo},
    {"mb", kKilo* kKilo},
    {"mib", kKilo* kKilo},
    {"g", kKilo* kKilo* kKilo},
    {"gb", kKilo* kKilo* kKilo},
    {"gib", kKilo* kKilo* kKilo},
    {"t", kKilo* kKilo* kKilo* kKilo},
    {"tb", kKilo* kKilo* kKilo* kKilo},
    {"tib", kKilo* kKilo* kKilo* kKilo},
};

// In microseconds.
constexpr uint64_t kSecond = 1000000;
constexpr UnitWord kTimeWords[] = {
    {"us", 1},
    {"ms", 1000},
    {"s", kSecond},
    {"sec", kSecond},
    {"second", kSecond},
    {"seconds", kSecond},
    {"m", 60 * kSecond},
    {"min", 60 * kSecond},
    {"minute", 60 * kSecond},
    {"minutes", 60 * kSecond},
    {"h", 3600 * kSecond},
    {"hour", 3600 * kSecond},
    {"hours", 3600 * kSecond},
    {"d", 86400 * kSecond},
    {"day", 86400 * kSecond},
    {"days", 86400 * kSecond},
};

constexpr absl::string_view kPerSecondWords[] = {"/s", "/sec", "ps",
                                                 "per second"};

// value = digits * 10^exponent
struct Decimal {
  bool negative = false;
  absl::uint128 digits = 0;
  int exponent = 0;
  absl::string_view rest;  // what follows the number
};

// The optional "e6". Left alone when no digits follow (then it is a unit).
absl::Status ReadExponent(Decimal& number) {
  absl::string_view rest = number.rest;
  if (rest.empty() || (rest[0] != 'e' && rest[0] != 'E')) {
    return absl::OkStatus();
  }
  rest.remove_prefix(1);
  bool negative = false;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  int exponent = 0;
  size_t length = 0;
  for (; length < rest.size() && absl::ascii_isdigit(rest[length]); ++length) {
    exponent = exponent * 10 + (rest[length] - '0');
    if (exponent > kLargestExponent) {
      return absl::InvalidArgumentError(
          "has an exponent beyond all bounds; write the digits");
    }
  }
  if (length == 0) return absl::OkStatus();
  number.exponent += negative ? -exponent : exponent;
  number.rest = rest.substr(length);
  return absl::OkStatus();
}

absl::StatusOr<Decimal> ReadDecimal(absl::string_view text) {
  Decimal number;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  bool any_digit = false;
  bool after_point = false;
  size_t significant = 0;
  size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !after_point) {
      after_point = true;
    } else if (absl::ascii_isdigit(c)) {
      any_digit = true;
      if (significant > 0 || c != '0') ++significant;
      if (significant > kMostDigits) {
        return absl::InvalidArgumentError("has too many digits; write fewer");
      }
      number.digits = number.digits * 10 + (c - '0');
      if (after_point) --number.exponent;
    } else if (c != '_' || !any_digit || after_point) {
      break;
    }
  }
  if (!any_digit) {
    return absl::InvalidArgumentError("is not a number; write digits");
  }
  number.rest = text.substr(at);
  ROCKTUNE_RETURN_IF_ERROR(ReadExponent(number));
  number.rest = absl::StripAsciiWhitespace(number.rest);
  return number;
}

absl::Status UnknownUnit(absl::string_view word, OptionUnit unit) {
  if (word == "%") {
    return absl::InvalidArgumentError(
        "is a percentage; write the number itself");
  }
  absl::string_view instead;
  switch (unit) {
    case OptionUnit::kBytes:
      instead = "bytes, or KB, MB, GB, TB";
      break;
    case OptionUnit::kBytesPerSecond:
      instead = "bytes per second, or KB/s, MB/s, GB/s";
      break;
    case OptionUnit::kMicroseconds:
      instead = "microseconds, or us, ms, s, m, h";
      break;
    case OptionUnit::kSeconds:
      instead = "seconds, or s, m, h, d";
      break;
    case OptionUnit::kNone:
    case OptionUnit::kCount:
    case OptionUnit::kRatio:
      instead = "a plain number without a unit";
      break;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "ends in something that is no unit of this option; write ", instead));
}

// number in the option's unit = number in the text * factor / divisor
struct Scale {
  uint64_t factor = 1;
  uint64_t divisor = 1;
};

absl::StatusOr<Scale> ReadUnit(absl::string_view text, OptionUnit unit) {
  std::string word = absl::AsciiStrToLower(text);
  if (word.empty()) return Scale{};
  absl::Span<const UnitWord> words;
  Scale scale;
  if (unit == OptionUnit::kBytes || unit == OptionUnit::kBytesPerSecond) {
    words = kByteWords;
  } else if (unit == OptionUnit::kSeconds ||
             unit == OptionUnit::kMicroseconds) {
    words = kTimeWords;
    if (unit == OptionUnit::kSeconds) scale.divisor = kSecond;
  }
  if (unit == OptionUnit::kBytesPerSecond) {
    for (absl::string_view suffix : kPerSecondWords) {
      if (word.size() > suffix.size() &&
          absl::string_view(word).substr(word.size() - suffix.size()) ==
              suffix) {
        word.resize(word.size() - suffix.size());
        absl::StripTrailingAsciiWhitespace(&word);
        break;
      }
    }
  }
  for (const UnitWord& known : words) {
    if (known.word == word) {
      scale.factor = known.factor;
      return scale;
    }
  }
  return UnknownUnit(word, unit);
}

absl::Status TooLarge() {
  return absl::InvalidArgumentError(
      "does not fit into 64 bits; write a smaller number");
}

}  // namespace

absl::StatusOr<WholeNumber> ReadWholeNumber(absl::string_view text,
                                            OptionUnit unit) {
  ROCKTUNE_ASSIGN_OR_RETURN(const Decimal number, ReadDecimal(text));
  ROCKTUNE_ASSIGN_OR_RETURN(const Scale scale, ReadUnit(number.rest, unit));
  // 20 digits and the largest unit (a day in microseconds, 2^40) are below
  // 2^108.
  absl::uint128 value = number.digits * scale.factor;
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  const absl::uint128 bound = absl::uint128(kMax) * scale.divisor;
  for (int i = 0; i < number.exponent; ++i) {
    value *= 10;
    if (value > bound) return TooLarge();
  }
  bool has_fraction = false;
  for (int i = number.exponent; i < 0; ++i) {
    has_fraction = has_fraction || value % 10 != 0;
    value /= 10;
  }
  has_fraction = has_fraction || value % scale.divisor != 0;
  value /= scale.divisor;
  if (value > kMax) return TooLarge();
  const bool may_cut = !number.rest.empty();
  if (has_fraction && (!may_cut || value == 0)) {
    return absl::InvalidArgumentError(
        "is not a whole number; write one without a fraction");
  }
  WholeNumber whole;
  whole.magnitude = static_cast<uint64_t>(value);
  whole.negative = number.negative && whole.magnitude != 0;
  return whole;
}

absl::StatusOr<double> ReadPlainDouble(absl::string_view text) {
  ROCKTUNE_ASSIGN_OR_RETURN(const Decimal number, ReadDecimal(text));
  if (!number.rest.empty()) {
    return UnknownUnit(number.rest, OptionUnit::kRatio);
  }
  std::string plain;
  for (char c : text) {
    if (c != '_') plain += c;
  }
  double value = 0;
  if (!absl::SimpleAtod(plain, &value) || !std::isfinite(value)) {
    return absl::InvalidArgumentError("is not a finite number");
  }
  return value;
}

}  // namespace rocktune
