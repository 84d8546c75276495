#include "sidecar/cli/table.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sidecar/json_text.h"

namespace rocktune::cli {
namespace {

constexpr const char* kColourCodes[] = {"", "1", "2", "31", "32", "33", "36"};
constexpr absl::string_view kGap = "  ";

// Characters, which is columns for all but rare scripts.
size_t Width(absl::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// "1234567" -> "1 234 567"
std::string Grouped(const std::string& digits) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ' ';
    out += digits[i];
  }
  return out;
}

}  // namespace

std::string Style::Paint(Colour colour, absl::string_view text) const {
  if (!colours || colour == Colour::kNone) return std::string(text);
  return absl::StrCat("\x1b[", kColourCodes[static_cast<int>(colour)], "m",
                      text, "\x1b[0m");
}

Cell::Cell(absl::string_view content, Colour paint, bool right_aligned)
    : text(EscapedForTerminal(content)), colour(paint), right(right_aligned) {}

Cell Right(absl::string_view text, Colour colour) {
  return Cell(text, colour, true);
}

Table::Table(std::vector<std::string> header) : header_(std::move(header)) {}

void Table::Add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

std::string Table::Text(const Style& style) const {
  std::vector<std::vector<Cell>> lines;
  if (!header_.empty()) {
    std::vector<Cell> header;
    for (size_t i = 0; i < header_.size(); ++i) {
      const bool right =
          !rows_.empty() && i < rows_[0].size() && rows_[0][i].right;
      header.emplace_back(absl::string_view(header_[i]), Colour::kBold, right);
    }
    lines.push_back(std::move(header));
  }
  lines.insert(lines.end(), rows_.begin(), rows_.end());
  std::vector<size_t> widths;
  for (const std::vector<Cell>& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], Width(line[i].text));
    }
  }
  std::string out;
  for (const std::vector<Cell>& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      const std::string pad(widths[i] - Width(line[i].text), ' ');
      const std::string painted = style.Paint(line[i].colour, line[i].text);
      const bool last = i + 1 == line.size();
      absl::StrAppend(&out, line[i].right ? pad : "", painted,
                      line[i].right || last ? "" : pad, last ? "" : kGap);
    }
    while (absl::EndsWith(out, " ")) out.pop_back();
    out += '\n';
  }
  return out;
}

std::string Indented(const std::string& text) {
  std::string out;
  bool at_start = true;
  for (char c : text) {
    if (at_start) out += "  ";
    out += c;
    at_start = c == '\n';
  }
  return out;
}

std::string HumanBytes(double bytes) {
  static constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  double scaled = bytes;
  while (std::fabs(scaled) >= 1024 && unit + 1 < std::size(kUnits)) {
    scaled /= 1024;
    ++unit;
  }
  const bool whole = scaled == std::floor(scaled);
  return absl::StrFormat(whole ? "%.0f %s" : "%.1f %s", scaled, kUnits[unit]);
}

std::string HumanCount(double count) {
  if (!std::isfinite(count)) return "-";
  if (count >= 1e6) return absl::StrFormat("%.2f M", count / 1e6);
  if (count < 100 && count != std::floor(count)) {
    return absl::StrFormat("%.1f", count);
  }
  return Grouped(absl::StrFormat("%.0f", count));
}

std::string HumanSeconds(double seconds) {
  const auto whole = static_cast<int64_t>(seconds);
  if (seconds < 10) return absl::StrFormat("%.1f s", seconds);
  if (whole < 120) return absl::StrCat(whole, " s");
  if (whole < 3600) return absl::StrCat(whole / 60, " m ", whole % 60, " s");
  return absl::StrCat(whole / 3600, " h ", whole % 3600 / 60, " m");
}

std::string HumanChange(double before, double after) {
  if (before == 0) return "";
  return absl::StrFormat("%+.1f %%", (after / before - 1) * 100);
}

std::string ShortTime(std::string time) {
  if (time.size() < 19) return time;
  time = time.substr(0, 19);
  std::replace(time.begin(), time.end(), 'T', ' ');
  return time;
}

std::string HumanValue(const std::string& value, absl::string_view unit) {
  double number = 0;
  const bool bytes = unit == "bytes" || unit == "bytes/s";
  if (!bytes || !absl::SimpleAtod(value, &number) || number < 1024) {
    return value;
  }
  const std::string text = HumanBytes(number);
  // Rounding would hide a difference; then the digits are better.
  if (text.find('.') != text.npos) return value;
  return unit == "bytes" ? text : absl::StrCat(text, "/s");
}

}  // namespace rocktune::cli
