#include "sidecar/config_units.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

struct UnitRow {
  const char* letter;
  int shift;
};
constexpr UnitRow kUnits[] = {{"", 0},   {"k", 10}, {"m", 20},
                              {"g", 30}, {"t", 40}, {"p", 50}};

}  // namespace

std::optional<uint64_t> ParseBytes(absl::string_view text) {
  std::string lower = absl::AsciiStrToLower(
      absl::string_view(absl::StripAsciiWhitespace(text)));
  size_t end = lower.find_first_not_of("0123456789.");
  std::string number = lower.substr(0, end);
  std::string unit = end == std::string::npos ? "" : lower.substr(end);
  unit = std::string(absl::StripAsciiWhitespace(unit));
  if (!unit.empty() && unit.back() == 'b') unit.pop_back();
  if (unit.size() == 2 && unit.back() == 'i') unit.pop_back();
  for (const UnitRow& row : kUnits) {
    if (unit != row.letter) continue;
    if (uint64_t whole = 0; absl::SimpleAtoi(number, &whole)) {
      if (whole > (UINT64_MAX >> row.shift)) return std::nullopt;
      return whole << row.shift;
    }
    double fraction = 0;
    if (!absl::SimpleAtod(number, &fraction)) return std::nullopt;
    double bytes = fraction * static_cast<double>(uint64_t{1} << row.shift);
    if (!(bytes >= 0 && bytes < 1e18)) return std::nullopt;
    return static_cast<uint64_t>(bytes);
  }
  return std::nullopt;
}

std::string FormatBytes(uint64_t bytes) {
  int shift = 0;
  while (bytes != 0 && shift < 50 && (bytes >> shift) % 1024 == 0) shift += 10;
  std::string unit = kUnits[shift / 10].letter;
  if (unit.empty()) return absl::StrCat(bytes);
  return absl::StrCat(bytes >> shift, " ", absl::AsciiStrToUpper(unit), "iB");
}

std::optional<absl::Duration> ParseDurationText(absl::string_view text) {
  absl::Duration duration;
  if (!absl::ParseDuration(absl::StripAsciiWhitespace(text), &duration)) {
    return std::nullopt;
  }
  if (duration < absl::ZeroDuration() || duration == absl::InfiniteDuration()) {
    return std::nullopt;
  }
  return duration;
}

}  // namespace rocktune
