#include "sidecar/cli/plot.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_join.h"

namespace rocktune::cli {
namespace {

constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

}  // namespace

std::string Bar(double share, int width, const Style& style) {
  if (!(share > 0)) return "";  // not a number too
  const double columns = std::min(share, 1.0) * width;
  std::string out;
  if (!style.unicode) {
    return std::string(std::max<size_t>(1, std::lround(columns)), '#');
  }
  const auto eighths = std::max<long>(1, std::lround(columns * 8));
  for (long i = 0; i < eighths / 8; ++i) out += "█";
  return out + kEighths[eighths % 8];
}

PlotLine::PlotLine(double low, double high, int width)
    : low_(low), high_(high), columns_(static_cast<size_t>(width), " ") {}

int PlotLine::Column(double value) const {
  const int last = static_cast<int>(columns_.size()) - 1;
  const double at = (value - low_) / (high_ - low_) * last;
  return static_cast<int>(std::lround(std::clamp<double>(at, 0, last)));
}

void PlotLine::Mark(double value, absl::string_view character) {
  columns_[static_cast<size_t>(Column(value))] = std::string(character);
}

void PlotLine::Fill(double from, double to, absl::string_view character) {
  for (int i = Column(from); i <= Column(to); ++i) {
    columns_[static_cast<size_t>(i)] = std::string(character);
  }
}

std::string PlotLine::Text() const {
  auto end = columns_.end();
  while (end != columns_.begin() && *(end - 1) == " ") --end;
  return absl::StrJoin(columns_.begin(), end, "");
}

}  // namespace rocktune::cli
