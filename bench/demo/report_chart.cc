#include "bench/demo/report_chart.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/demo/report_html.h"

namespace rocktune {
namespace {

constexpr double kWidth = 1080;
constexpr double kLeft = 76;
constexpr double kRight = 1066;
constexpr double kPhaseY = 16;
constexpr double kTrialTop = 28;
constexpr double kTrialBottom = 50;
constexpr double kHeight = 520;

struct Band {
  double top;
  double bottom;
  const char* title;
  const char* series;  // class of the line
};
constexpr Band kThroughput = {84, 284, "throughput, thousand operations per s",
                              "throughput"};
constexpr Band kReadP99 = {330, 480, "read p99, milliseconds", "p99"};

class Chart {
 public:
  explicit Chart(const DemoRecord& record) : record_(record) {
    for (const SecondPoint& point : record.seconds) {
      end_s_ = std::max(end_s_, point.at_s);
    }
    for (const PhaseSpan& phase : record.phases) {
      end_s_ = std::max(end_s_, phase.end_s);
    }
  }

  std::string Draw() {
    absl::StrAppendFormat(&svg_,
                          "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
                          "aria-label=\"Throughput and read p99 over time\" "
                          "xmlns=\"http://www.w3.org/2000/svg\">\n",
                          kWidth, kHeight);
    DrawPhases();
    DrawTrials();
    DrawSeries(kThroughput, 1000,
               [](const SecondPoint& p) { return p.throughput_ops_per_s; });
    DrawSeries(kReadP99, 1000,
               [](const SecondPoint& p) { return p.read_p99_us; });
    DrawTimeAxis();
    svg_ += "</svg>\n";
    return std::move(svg_);
  }

 private:
  double X(double at_s) const {
    return kLeft + (kRight - kLeft) * std::clamp(at_s, 0.0, end_s_) / end_s_;
  }

  void Text(double x, double y, const char* kind, const std::string& text) {
    absl::StrAppendFormat(&svg_,
                          "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>"
                          "\n",
                          x, y, kind, EscapeHtml(text));
  }

  void DrawPhases() {
    bool shaded = false;
    for (const PhaseSpan& phase : record_.phases) {
      const double x = X(phase.begin_s);
      const double width = std::max(0.0, X(phase.end_s) - x);
      shaded = !shaded;
      absl::StrAppendFormat(
          &svg_,
          "<rect x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%.0f\" "
          "class=\"phase%s\"><title>%s</title></rect>\n",
          x, width, kReadP99.bottom, shaded ? " shaded" : "",
          EscapeHtml(phase.name));
      // A name wider than its phase is left to the title.
      if (width > 6.2 * static_cast<double>(phase.name.size())) {
        Text(x + width / 2, kPhaseY, "middle name", phase.name);
      }
    }
  }

  void DrawTrials() {
    Text(kLeft - 8, kTrialBottom - 7, "end", "trials");
    for (const TrialLine& trial : record_.trials) {
      const double x = X(trial.begin_s);
      const double width = std::max(3.0, X(trial.end_s) - x);
      const std::string verdict = EscapeHtml(trial.verdict);
      absl::StrAppendFormat(
          &svg_,
          "<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%.0f\" "
          "rx=\"3\" class=\"trial %s\"><title>%s</title></rect>\n"
          "<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%.0f\" "
          "class=\"shadow %s\"/>\n",
          x, kTrialTop, width, kTrialBottom - kTrialTop, verdict,
          EscapeHtml(absl::StrCat("trial ", trial.id, ": ",
                                  ShortChanges(trial.changes), ", ",
                                  trial.verdict)),
          x, kThroughput.top, width, kReadP99.bottom - kThroughput.top,
          verdict);
      if (width > 12) {
        Text(x + width / 2, kTrialBottom - 7, "middle number",
             absl::StrCat(trial.id));
      }
    }
  }

  template <typename F>
  void DrawSeries(const Band& band, double unit, F value) {
    double top = 0;
    for (const SecondPoint& point : record_.seconds) {
      top = std::max(top, value(point) / unit);
    }
    const std::vector<double> ticks = AxisTicks(top, 5);
    const double scale = (band.bottom - band.top) / ticks.back();
    for (const double tick : ticks) {
      const double y = band.bottom - tick * scale;
      absl::StrAppendFormat(&svg_,
                            "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" "
                            "y2=\"%.1f\" class=\"grid\"/>\n",
                            kLeft, kRight, y, y);
      Text(kLeft - 8, y + 4, "end", absl::StrFormat("%g", tick));
    }
    Text(kLeft, band.top - 10, "title", band.title);
    std::string points;
    for (const SecondPoint& point : record_.seconds) {
      absl::StrAppendFormat(&points, "%.1f,%.1f ", X(point.at_s),
                            band.bottom - value(point) / unit * scale);
    }
    absl::StrAppend(&svg_, "<polyline class=\"", band.series, "\" points=\"",
                    points, "\"/>\n");
  }

  void DrawTimeAxis() {
    const double y = kReadP99.bottom + 18;
    for (const double tick : AxisTicks(end_s_, 10)) {
      if (tick <= end_s_) {
        Text(X(tick), y, "middle", absl::StrFormat("%g", tick));
      }
    }
    Text((kLeft + kRight) / 2, y + 18, "middle", "seconds");
  }

  const DemoRecord& record_;
  double end_s_ = 1;
  std::string svg_;
};

}  // namespace

std::vector<double> AxisTicks(double top, int most) {
  if (!(top > 0) || !std::isfinite(top)) top = 1;
  double step = std::pow(10, std::floor(std::log10(top / most)));
  const double decade = step;
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    step = factor * decade;
    if (std::ceil(top / step) <= most) break;
  }
  std::vector<double> ticks = {0};
  while (ticks.back() < top) {
    ticks.push_back(step * static_cast<double>(ticks.size()));
  }
  return ticks;
}

std::string TimeLineSvg(const DemoRecord& record) {
  return Chart(record).Draw();
}

}  // namespace rocktune
