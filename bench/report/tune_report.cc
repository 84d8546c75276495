#include "bench/report/tune_report.h"

#include <boost/json/array.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "bench/demo/record.h"
#include "bench/demo/report_html.h"
#include "bench/report/page.h"

namespace rocktune {
namespace {

std::string Name(const TuneChange& change) {
  return change.family.empty()
             ? change.option
             : absl::StrCat(change.family, ": ", change.option);
}

std::string Arrow(const TuneChange& change) {
  return absl::StrCat(ShortValue(change.before), " -> ",
                      ShortValue(change.after));
}

std::string Tile(const std::string& figure, const char* label) {
  return absl::StrCat("<div class=\"tile\"><b>", EscapeHtml(figure), "</b>",
                      label, "</div>\n");
}

std::string Tiles(const TuneReport& report) {
  int kept = 0;
  for (const TuneIteration& step : report.iterations) {
    kept += step.verdict == "kept";
  }
  const double gain = report.start_ops_per_s > 0
                          ? report.final_ops_per_s / report.start_ops_per_s
                          : 0;
  return absl::StrCat(
      "<div class=\"tiles\">\n",
      Tile(gain > 0 ? absl::StrFormat("%.2f x", gain) : "-",
           "final over start"),
      Tile(WithCommas(report.start_ops_per_s), "ops/s at the start"),
      Tile(WithCommas(report.final_ops_per_s), "ops/s at the end"),
      Tile(absl::StrCat(kept, " of ", report.iterations.size()),
           "iterations kept"),
      "</div>\n");
}

std::string Effect(const TuneIteration& step) {
  std::string text = EffectText(step.effect);
  if (std::isfinite(step.effect_low) && std::isfinite(step.effect_high)) {
    absl::StrAppendFormat(&text,
                          "<br><span class=\"soft\">[%+.1f, %+.1f]</span>",
                          100 * step.effect_low, 100 * step.effect_high);
  }
  return text;
}

std::string StepRow(const TuneIteration& step) {
  std::string changes;
  for (const TuneChange& change : step.changes) {
    absl::StrAppend(&changes, changes.empty() ? "" : "<br>",
                    EscapeHtml(Name(change)), " <span class=\"soft\">",
                    EscapeHtml(Arrow(change)), "</span>");
  }
  return absl::StrCat("<tr><td class=\"figure\">", step.number, "</td><td>",
                      VerdictBadge(step.verdict), "</td><td class=\"figure\">",
                      step.ops_per_s > 0 ? WithCommas(step.ops_per_s) : "-",
                      "</td><td class=\"figure\">", Effect(step),
                      "</td><td class=\"text\">", changes,
                      "</td><td class=\"text\">", EscapeHtml(step.reason),
                      "</td></tr>\n");
}

std::string StepsTable(const TuneReport& report) {
  std::string table =
      "<h2>Iterations</h2>\n<div class=\"wide\"><table>\n<tr><th "
      "class=\"figure\">no.</th><th>verdict</th><th class=\"figure\">ops/s"
      "</th><th class=\"figure\">effect</th><th>changes</th><th>why</th></tr>"
      "\n";
  for (const TuneIteration& step : report.iterations) table += StepRow(step);
  return table + "</table></div>\n";
}

std::string DifferencesTable(const TuneReport& report) {
  if (report.differences.empty()) return "";
  std::string table =
      "<h2>What the final OPTIONS file changes</h2>\n<div class=\"wide\">"
      "<table>\n<tr><th>option</th><th>start</th><th>final</th><th>why</th>"
      "</tr>\n";
  for (const TuneChange& change : report.differences) {
    absl::StrAppend(&table, "<tr><td class=\"text\">", EscapeHtml(Name(change)),
                    "</td><td>", EscapeHtml(ShortValue(change.before)),
                    "</td><td>", EscapeHtml(ShortValue(change.after)),
                    "</td><td class=\"text\">", EscapeHtml(change.reason),
                    "</td></tr>\n");
  }
  return table + "</table></div>\n";
}

boost::json::object Steps(const TuneReport& report) {
  boost::json::array labels, ops, verdicts, changes;
  auto add = [&](const std::string& label, double value,
                 const std::string& verdict, const std::string& change) {
    labels.emplace_back(label.c_str());
    ops.push_back(std::isfinite(value) ? std::round(value) : 0);
    verdicts.emplace_back(verdict.c_str());
    changes.emplace_back(change.c_str());
  };
  add("start", report.start_ops_per_s, "start", "");
  for (const TuneIteration& step : report.iterations) {
    std::string text;
    for (const TuneChange& change : step.changes) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", Name(change), " ",
                      Arrow(change));
    }
    add(absl::StrCat(step.number), step.ops_per_s, step.verdict, text);
  }
  add("final", report.final_ops_per_s, "final", "");
  return {{"labels", std::move(labels)},
          {"ops", std::move(ops)},
          {"verdicts", std::move(verdicts)},
          {"changes", std::move(changes)}};
}

// EscapeHtml() makes one line of what it is given.
std::string EscapeLines(const std::string& text) {
  std::string lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::StrAppend(&lines, EscapeHtml(std::string(line)), "\n");
  }
  return lines;
}

}  // namespace

std::string TuneReportHtml(const TuneReport& report) {
  Page page;
  page.title = report.title;
  page.body = absl::StrCat(
      "<p>", EscapeHtml(report.sentence), "</p>\n", Tiles(report),
      "<h2>Throughput, operations per second</h2>\n<div class=\"card\"><div "
      "class=\"chart\"><canvas data-steps></canvas></div></div>\n",
      StepsTable(report), DifferencesTable(report));
  if (!report.set_options.empty()) {
    absl::StrAppend(&page.body,
                    "<h2>What can be changed online</h2>\n<pre class=\"wide\">",
                    EscapeLines(report.set_options), "</pre>\n");
  }
  page.data = boost::json::object{{"steps", Steps(report)}};
  return PageHtml(page);
}

}  // namespace rocktune
