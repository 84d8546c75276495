// Text for a terminal: aligned columns, units people read, colours.
#ifndef ROCKTUNE_SIDECAR_CLI_TABLE_H_
#define ROCKTUNE_SIDECAR_CLI_TABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rocktune::cli {

enum class Colour { kNone, kBold, kDim, kRed, kGreen, kYellow, kCyan };

// What the terminal can show; decided once, where the output is known.
struct Style {
  bool colours = false;
  bool unicode = false;  // block characters, else ASCII

  std::string Paint(Colour colour, absl::string_view text) const;
};

// One cell. Its text is escaped for terminals when it is set.
struct Cell {
  Cell(absl::string_view content, Colour paint = Colour::kNone,  // NOLINT
       bool right_aligned = false);
  Cell(const std::string& content, Colour paint = Colour::kNone)  // NOLINT
      : Cell(absl::string_view(content), paint) {}
  Cell(const char* content, Colour paint = Colour::kNone)  // NOLINT
      : Cell(absl::string_view(content), paint) {}

  std::string text;
  Colour colour;
  bool right;
};
Cell Right(absl::string_view text, Colour colour = Colour::kNone);

// Rows under a header; every column as wide as its widest cell.
class Table {
 public:
  explicit Table(std::vector<std::string> header);  // empty: no header line
  void Add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  std::string Text(const Style& style) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<Cell>> rows_;
};

// Every line two columns to the right.
std::string Indented(const std::string& text);

// "128 MiB", "1.5 GiB"; exact multiples have no decimals.
std::string HumanBytes(double bytes);
// "65 950" below a million, else "1.23 M".
std::string HumanCount(double count);
// "12 s", "1 h 12 m".
std::string HumanSeconds(double seconds);
// "+31.0 %"; "" when `before` is 0.
std::string HumanChange(double before, double after);
// "2026-01-31T12:00:00.000Z" without what nobody reads.
std::string ShortTime(std::string time);
// An option's value with its catalogue unit: "134217728","bytes" = "128 MiB".
std::string HumanValue(const std::string& value, absl::string_view unit);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_TABLE_H_
