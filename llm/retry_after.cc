#include "llm/retry_after.h"

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

namespace rocktune {
namespace {

// Longer than any number of seconds that means something.
constexpr size_t kMaxNumberBytes = 20;

// "12", "0.5"; no sign, exponent, "inf" or "nan".
std::optional<double> ReadPlainNumber(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  double number = 0;
  const bool plain = absl::c_all_of(text, [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '.';
  });
  if (!plain || text.size() > kMaxNumberBytes ||
      !absl::SimpleAtod(text, &number)) {
    return std::nullopt;
  }
  return number;
}

int MonthOf(absl::string_view name) {
  constexpr absl::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr",
                                           "May", "Jun", "Jul", "Aug",
                                           "Sep", "Oct", "Nov", "Dec"};
  for (int month = 1; month <= 12; ++month) {
    if (name == kMonths[month - 1]) return month;
  }
  return 0;
}

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7). By hand, because the
// names of months that the standard functions know depend on the locale.
std::optional<absl::Time> ReadHttpDate(absl::string_view text) {
  const std::vector<std::string> words =
      absl::StrSplit(text, absl::ByAnyChar(", :"), absl::SkipEmpty());
  int day = 0;
  int year = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (words.size() != 8 || words[7] != "GMT" || MonthOf(words[2]) == 0 ||
      !absl::SimpleAtoi(words[1], &day) || !absl::SimpleAtoi(words[3], &year) ||
      !absl::SimpleAtoi(words[4], &hour) ||
      !absl::SimpleAtoi(words[5], &minute) ||
      !absl::SimpleAtoi(words[6], &second)) {
    return std::nullopt;
  }
  const int month = MonthOf(words[2]);
  const absl::CivilSecond date(year, month, day, hour, minute, second);
  // A day that does not exist would be moved to one that does.
  if (date.year() != year || date.month() != month || date.day() != day ||
      date.hour() != hour || date.minute() != minute) {
    return std::nullopt;
  }
  return absl::FromCivil(date, absl::UTCTimeZone());
}

}  // namespace

std::optional<absl::Duration> ReadRetryAfter(const HttpReply& reply,
                                             absl::Time now) {
  if (const std::string* text = reply.Header("retry-after-ms")) {
    if (const auto number = ReadPlainNumber(*text)) {
      return absl::Milliseconds(*number);
    }
  }
  const std::string* text = reply.Header("retry-after");
  if (text == nullptr) return std::nullopt;
  if (const auto number = ReadPlainNumber(*text)) return absl::Seconds(*number);
  const auto date = ReadHttpDate(*text);
  if (!date || *date <= now) return std::nullopt;
  return *date - now;
}

std::optional<absl::Duration> ReadRetryDelay(absl::string_view text) {
  if (!absl::ConsumeSuffix(&text, "s")) return std::nullopt;
  const auto number = ReadPlainNumber(text);
  if (!number) return std::nullopt;
  return absl::Seconds(*number);
}

}  // namespace rocktune
