// Bars and marks made of characters.
#ifndef ROCKTUNE_SIDECAR_CLI_PLOT_H_
#define ROCKTUNE_SIDECAR_CLI_PLOT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "sidecar/cli/table.h"

namespace rocktune::cli {

// `share` (0 .. 1, cut to it) of `width` columns, without trailing spaces. In
// eighths of a column where the terminal can show them; what is not nothing
// shows at least the smallest piece.
std::string Bar(double share, int width, const Style& style);

// One line of columns over a range of numbers.
class PlotLine {
 public:
  // `low` < `high`; both ends are within the line.
  PlotLine(double low, double high, int width);

  // Where `value` stands, from 0; the nearest end when it is outside.
  int Column(double value) const;
  // One character (of any bytes) at `value`.
  void Mark(double value, absl::string_view character);
  // The columns between two values, both included.
  void Fill(double from, double to, absl::string_view character);
  // Without trailing spaces.
  std::string Text() const;

 private:
  double low_;
  double high_;
  std::vector<std::string> columns_;
};

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_PLOT_H_
