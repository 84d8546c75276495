#include "bench/report/online_run_svg.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/demo/report_chart.h"
#include "bench/demo/report_html.h"

namespace rocktune {
namespace {

constexpr double kWidth = 900;
constexpr double kHeight = 430;
constexpr double kLeft = 64;
constexpr double kRight = 888;
constexpr double kTrialTop = 34;
constexpr double kTrialBottom = 48;

constexpr char kStyle[] = R"(<style>
svg { --fg: #1c2430; --soft: #5c6878; --line: #dfe4ea; --ops: #1f6feb;
  --read: #8250df; --write: #bc4c00; --kept: #1a7f37; --back: #cf222e;
  --none: #7d8690; }
@media (prefers-color-scheme: dark) { svg { --fg: #e4e9ef; --soft: #97a3b2;
  --line: #30363d; --ops: #58a6ff; --read: #bc8cff; --write: #f0883e;
  --kept: #3fb950; --back: #f85149; --none: #8b949e; } }
text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.title { fill: var(--fg); } .name { fill: var(--fg); font-size: 14px; }
.middle { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: var(--line); }
polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.ops { stroke: var(--ops); } .read { stroke: var(--read); }
.write { stroke: var(--write); } .shadow { opacity: .1; }
.kept { fill: var(--kept); } .back { fill: var(--back); }
.none { fill: var(--none); }
</style>
)";

struct Band {
  double top;
  double bottom;
  bool logarithmic;
};
constexpr Band kThroughput = {78, 240, false};
constexpr Band kP99 = {280, 390, true};

struct Series {
  const char* name;  // class of its line
  double (*value)(const CellPoint& point);
};

constexpr Series kOps = {
    "ops", [](const CellPoint& point) { return point.ops_per_s / 1000; }};
constexpr Series kRead = {
    "read", [](const CellPoint& point) { return point.read_p99_us / 1000; }};
constexpr Series kWrite = {
    "write", [](const CellPoint& point) { return point.write_p99_us / 1000; }};

const char* ClassOf(const std::string& verdict) {
  if (verdict == "kept") return "kept";
  return verdict == "regressed" ? "back" : "none";
}

class Picture {
 public:
  explicit Picture(const CellResult& cell) : cell_(cell) {
    for (const CellPoint& point : cell.points) {
      end_s_ = std::max(end_s_, point.at_s);
    }
  }

  std::string Draw() {
    absl::StrAppendFormat(
        &svg_,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
        "role=\"img\" aria-label=\"Throughput and p99 over time\">\n%s",
        kWidth, kHeight, kStyle);
    Text(kLeft, 20, "name",
         absl::StrCat(cell_.spec.contestant, " on ", cell_.spec.workload, ", ",
                      cell_.spec.device));
    DrawTrials();
    DrawBand(kThroughput, {kOps});
    Text(kLeft, kThroughput.top - 8, "title",
         "throughput, thousand operations per s");
    DrawBand(kP99, Seen());
    DrawP99Title();
    DrawTimeAxis();
    svg_ += "</svg>\n";
    return std::move(svg_);
  }

 private:
  double X(double at_s) const {
    return kLeft + (kRight - kLeft) * std::clamp(at_s, 0.0, end_s_) / end_s_;
  }

  void Text(double x, double y, const char* kind, const std::string& text) {
    absl::StrAppendFormat(
        &svg_, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>\n", x, y,
        kind, EscapeHtml(text));
  }

  // Kinds of operations that this run has.
  std::vector<Series> Seen() const {
    std::vector<Series> seen;
    for (const Series& series : {kRead, kWrite}) {
      for (const CellPoint& point : cell_.points) {
        if (series.value(point) > 0) {
          seen.push_back(series);
          break;
        }
      }
    }
    return seen;
  }

  void DrawP99Title() {
    double x = kLeft;
    Text(x, kP99.top - 8, "title", "p99, milliseconds:");
    x += 118;
    for (const Series& series : Seen()) {
      absl::StrAppendFormat(&svg_,
                            "<polyline class=\"%s\" points=\"%.0f,%.0f "
                            "%.0f,%.0f\"/>\n",
                            series.name, x, kP99.top - 12, x + 18,
                            kP99.top - 12);
      Text(x + 24, kP99.top - 8, "title", series.name);
      x += 72;
    }
  }

  void DrawTrials() {
    if (cell_.trials.empty()) return;
    Text(kLeft - 8, kTrialBottom - 3, "end", "trials");
    for (const CellTrial& trial : cell_.trials) {
      const double x = X(trial.begin_s);
      const double width = std::max(2.0, X(trial.end_s) - x);
      const char* kind = ClassOf(trial.verdict);
      absl::StrAppendFormat(
          &svg_,
          "<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%.0f\" "
          "rx=\"2\" class=\"%s\"><title>%s</title></rect>\n"
          "<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%.0f\" "
          "class=\"shadow %s\"/>\n",
          x, kTrialTop, width, kTrialBottom - kTrialTop, kind,
          EscapeHtml(absl::StrCat(trial.verdict, ": ", trial.what)), x,
          kThroughput.top, width, kP99.bottom - kThroughput.top, kind);
    }
    const char* const kNames[][2] = {{"kept", "kept"},
                                     {"back", "harmful, rolled back"},
                                     {"none", "not proven, rolled back"}};
    double x = kRight - 366;
    for (const auto& [kind, name] : kNames) {
      absl::StrAppendFormat(&svg_,
                            "<rect x=\"%.0f\" y=\"11\" width=\"10\" "
                            "height=\"10\" rx=\"2\" class=\"%s\"/>\n",
                            x, kind);
      Text(x + 15, 20, "title", name);
      x += std::string(kind) == "kept" ? 60 : 148;
    }
  }

  void DrawBand(const Band& band, const std::vector<Series>& lines) {
    const std::vector<double> ticks = TicksOf(band, lines);
    auto y = [&](double value) {
      const double low = ticks.front(), high = ticks.back();
      value = std::clamp(value, low, high);
      const double share = band.logarithmic
                               ? std::log(value / low) / std::log(high / low)
                               : (value - low) / (high - low);
      return band.bottom - share * (band.bottom - band.top);
    };
    for (const double tick : ticks) {
      absl::StrAppendFormat(&svg_,
                            "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" "
                            "y2=\"%.1f\" class=\"grid\"/>\n",
                            kLeft, kRight, y(tick), y(tick));
      Text(kLeft - 8, y(tick) + 4, "end", absl::StrFormat("%g", tick));
    }
    for (const Series& line : lines) {
      std::string points;
      for (const CellPoint& point : cell_.points) {
        absl::StrAppendFormat(&points, "%.1f,%.1f ", X(point.at_s),
                              y(line.value(point)));
      }
      absl::StrAppend(&svg_, "<polyline class=\"", line.name, "\" points=\"",
                      points, "\"/>\n");
    }
  }

  // At least two. One stalled second would press all other latencies onto the
  // bottom of a linear axis: theirs has powers of ten.
  std::vector<double> TicksOf(const Band& band,
                              const std::vector<Series>& lines) const {
    double low = 1e9, high = 0;
    for (const Series& line : lines) {
      for (const CellPoint& point : cell_.points) {
        const double value = line.value(point);
        if (value > 0 && std::isfinite(value)) {
          low = std::min(low, value);
          high = std::max(high, value);
        }
      }
    }
    if (!band.logarithmic) return AxisTicks(high, 4);
    if (high == 0) return {0.1, 1};
    std::vector<double> ticks = {std::pow(10, std::floor(std::log10(low)))};
    do {
      ticks.push_back(10 * ticks.back());
    } while (ticks.back() < high);
    return ticks;
  }

  void DrawTimeAxis() {
    for (const double tick : AxisTicks(end_s_, 10)) {
      if (tick <= end_s_) {
        Text(X(tick), kP99.bottom + 17, "middle", absl::StrFormat("%g", tick));
      }
    }
    Text((kLeft + kRight) / 2, kP99.bottom + 34, "middle", "seconds");
  }

  const CellResult& cell_;
  double end_s_ = 1;
  std::string svg_;
};

}  // namespace

absl::StatusOr<std::string> OnlineRunSvg(const CellResult& cell) {
  if (cell.points.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the cell has no points to draw",
        cell.error.empty() ? "" : "; its run failed: ", cell.error));
  }
  return Picture(cell).Draw();
}

}  // namespace rocktune
