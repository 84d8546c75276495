#include "sidecar/cli/trial_plot.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sidecar/cli/plot.h"

namespace rocktune::cli {
namespace {

constexpr int kPlotColumns = 44;
constexpr double kMargin = 0.06;  // of the range, free at either side

// Of an effect, beyond which its interval is cut off.
constexpr double kLeastShown = -0.5;
constexpr double kMostShown = 1.0;

struct Marks {
  const char* before;
  const char* after;
  const char* both;
};

Marks MarksOf(const Style& style) {
  if (style.unicode) return {"○", "●", "◉"};
  return {"o", "x", "*"};
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

// What one line of the plot shows.
struct Line {
  std::string name;
  double begin_s = 0;
  std::vector<double> before;
  std::vector<double> after;
  int left_out = 0;  // blocks that did not count

  std::vector<double>& arm(bool candidate) {
    return candidate ? after : before;
  }
};

void AddBlock(const Json& block, Line* line) {
  const double cost = Number(block, "cost");
  if (cost > 0) {
    line->arm(Truth(block, "candidate")).push_back(cost);
  } else {
    ++line->left_out;
  }
}

// "3", or "3-5" when the line holds several.
std::string Numbers(const char* what, size_t first, size_t last) {
  return first == last ? absl::StrCat(what, " ", first)
                       : absl::StrCat(what, " ", first, "-", last);
}

std::vector<Line> PairLines(const boost::json::array& blocks) {
  size_t pairs = 0;
  for (const Json& block : blocks) {
    pairs = std::max(pairs, static_cast<size_t>(Number(block, "pair")) + 1);
  }
  const size_t in_line = (pairs + kMostPlotLines - 1) / kMostPlotLines;
  std::vector<Line> lines;
  for (const Json& block : blocks) {
    const size_t pair = static_cast<size_t>(Number(block, "pair"));
    const size_t at = pair / in_line;
    while (lines.size() <= at) {
      Line line;
      const size_t first = lines.size() * in_line + 1;
      line.name = Numbers("pair", first, std::min(first + in_line - 1, pairs));
      line.begin_s = Number(block, "begin_s");
      lines.push_back(std::move(line));
    }
    AddBlock(block, &lines[at]);
  }
  return lines;
}

std::vector<Line> OneWayLines(const boost::json::array& blocks) {
  // Half of the lines for either arm, whatever the other needs.
  const size_t in_line =
      (blocks.size() + kMostPlotLines - 2) / (kMostPlotLines - 1);
  std::vector<Line> lines;
  size_t in_last = 0;
  bool last_arm = false;
  for (const Json& block : blocks) {
    const bool candidate = Truth(block, "candidate");
    if (lines.empty() || in_last == in_line || candidate != last_arm) {
      Line line;
      line.name = candidate ? "after" : "before";
      line.begin_s = Number(block, "begin_s");
      lines.push_back(std::move(line));
      in_last = 0;
    }
    AddBlock(block, &lines.back());
    ++in_last;
    last_arm = candidate;
  }
  return lines;
}

std::string Percent(double share) {
  return absl::StrFormat("%+.1f %%", share * 100);
}

std::string Figure(double cost) { return absl::StrFormat("%.4g", cost); }

struct Range {
  double low;
  double high;
};

Range RangeOf(const std::vector<Line>& lines) {
  Range range = {HUGE_VAL, 0};
  for (const Line& line : lines) {
    for (const auto* arm : {&line.before, &line.after}) {
      if (arm->empty()) continue;
      range.low = std::min(range.low, Median(*arm));
      range.high = std::max(range.high, Median(*arm));
    }
  }
  const double spread = range.high - range.low;
  const double margin = spread > 0 ? spread * kMargin : range.high * kMargin;
  return {range.low - margin, range.high + margin};
}

// Both arms of one line.
std::string Drawn(const Line& line, const Range& range, const Marks& marks) {
  PlotLine plot(range.low, range.high, kPlotColumns);
  const double before = Median(line.before);
  const double after = Median(line.after);
  if (before > 0) plot.Mark(before, marks.before);
  if (after > 0) {
    const bool same = before > 0 && plot.Column(before) == plot.Column(after);
    plot.Mark(after, same ? marks.both : marks.after);
  }
  return plot.Text();
}

// What a line says in numbers: the gain of a pair, or the cost of one arm.
std::string Says(const Line& line, bool paired) {
  const double before = Median(line.before);
  const double after = Median(line.after);
  if (before > 0 && after > 0) return Percent(before / after - 1);
  if (paired || line.left_out > 0) return "left out";
  return Figure(before > 0 ? before : after);
}

// The ends of the range, above the lines.
std::string Axis(const Range& range) {
  const std::string low = Figure(range.low);
  const std::string high = Figure(range.high);
  const size_t used = low.size() + high.size();
  const size_t gap = used < kPlotColumns ? kPlotColumns - used : 1;
  return absl::StrCat(" ", low, std::string(gap, ' '), high);
}

// How far the effect's plot goes to both sides.
Range RangeOfEffect(const Json& effect, double least) {
  const double mean = Number(effect, "mean");
  const bool bounded =
      At(effect, "low").is_number() && At(effect, "high").is_number();
  const double low = bounded ? Number(effect, "low") : mean - 2 * least;
  const double high = bounded ? Number(effect, "high") : mean + 2 * least;
  // An interval may be as good as endless; what is near matters.
  const Range range = {std::min({std::max(low, kLeastShown), mean, 0.0}),
                       std::max({std::min(high, kMostShown), mean, least})};
  const double margin = (range.high - range.low) * kMargin;
  return {range.low - margin, range.high + margin};
}

}  // namespace

std::string BlocksPlot(const Json& trial, const Style& style) {
  const boost::json::array& blocks = Items(trial, "blocks");
  const bool paired = Text(trial, "design") == "switchback";
  const std::vector<Line> lines =
      paired ? PairLines(blocks) : OneWayLines(blocks);
  const Range range = RangeOf(lines);
  if (!(range.low <= range.high)) return "";  // no block counted
  Line all;
  Table table({});
  table.Add({"", "", Axis(range), Right(paired ? "gain" : "cost")});
  for (const Line& line : lines) {
    table.Add({line.name, Right(HumanSeconds(line.begin_s)),
               absl::StrCat("|", Drawn(line, range, MarksOf(style))),
               Right(Says(line, paired))});
    all.before.insert(all.before.end(), line.before.begin(), line.before.end());
    all.after.insert(all.after.end(), line.after.begin(), line.after.end());
  }
  table.Add(
      {"medians", "", absl::StrCat("|", Drawn(all, range, MarksOf(style)))});
  const double before = Median(all.before);
  const double after = Median(all.after);
  std::string gain;
  if (before > 0 && after > 0) {
    gain = absl::StrCat(", a gain of ", Percent(before / after - 1));
  }
  const Marks marks = MarksOf(style);
  return absl::StrCat(
      style.Paint(Colour::kBold, "cost of an operation"), ": ", marks.before,
      " old values, ", marks.after, " new values; further left is better\n",
      Indented(table.Text(style)),
      "  medians: ", before > 0 ? Figure(before) : "none", " before, ",
      after > 0 ? Figure(after) : "none", " after", gain, "\n");
}

std::string EffectPlot(const Json& trial, const Style& style) {
  const Json& effect = At(trial, "effect");
  if (Number(effect, "confidence") == 0) return "";
  const double least = Number(trial, "min_effect");
  const Range range = RangeOfEffect(effect, least);
  if (!(range.low < range.high)) return "";
  const auto bound = [&effect](const char* key, double otherwise) {
    return At(effect, key).is_number() ? Number(effect, key) : otherwise;
  };
  const int columns = kPlotColumns + 8;
  PlotLine interval(range.low, range.high, columns);
  interval.Fill(bound("low", range.low), bound("high", range.high),
                style.unicode ? "━" : "=");
  interval.Mark(Number(effect, "mean"), MarksOf(style).after);
  PlotLine marks(range.low, range.high, columns);
  marks.Mark(0, "0");
  marks.Mark(least, marks.Column(least) == marks.Column(0) ? "0" : "^");
  return absl::StrCat(style.Paint(Colour::kBold, "the gain"), ", ",
                      Percent(range.low), " to ", Percent(range.high),
                      ": 0 no effect, ^ the least worth keeping (",
                      absl::StrFormat("%g %%", least * 100), ")\n", "  |",
                      interval.Text(), "\n  |", marks.Text(), "\n");
}

}  // namespace rocktune::cli
