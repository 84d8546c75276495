#include "bench/demo/report_html.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "bench/demo/report_chart.h"

namespace rocktune {
namespace {

constexpr char kHead[] = R"(<!DOCTYPE html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>rocktune demo</title>
<style>
:root { color-scheme: light dark;
  --bg: #ffffff; --fg: #1c2430; --soft: #5c6878; --line: #dfe4ea;
  --shade: #f5f7f9; --blue: #1f6feb; --violet: #8250df; --kept: #1a7f37;
  --regressed: #cf222e; --no_gain: #8c959f; --inconclusive: #bf8700;
  --aborted: #9a6700; --on: #ffffff; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #0f141a; --fg: #e4e9ef; --soft: #97a3b2; --line: #2a323c;
  --shade: #161c24; --blue: #58a6ff; --violet: #bc8cff; --kept: #3fb950;
  --regressed: #f85149; --no_gain: #8b949e; --inconclusive: #d29922;
  --aborted: #e3b341; --on: #0f141a; } }
body { background: var(--bg); color: var(--fg); margin: 2rem auto;
  max-width: 1100px; padding: 0 1rem;
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem;
  margin: 2.2rem 0 .6rem; }
p { margin: .3rem 0; } .soft { color: var(--soft); }
.tiles { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.4rem 0; }
.tile { background: var(--shade); border: 1px solid var(--line);
  border-radius: 8px; padding: .7rem 1rem; flex: 1 1 7.5rem; }
.tile b { display: block; font-size: 1.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0;
  border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; }
.figure { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.badge { border-radius: 4px; color: var(--on); padding: .05rem .45rem;
  white-space: nowrap; }
svg { width: 100%; height: auto; min-width: 640px; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
svg .title { fill: var(--fg); } svg .name { fill: var(--fg); }
svg .number { fill: var(--on); font-weight: 600; }
svg .middle { text-anchor: middle; } svg .end { text-anchor: end; }
.phase { fill: none; } .phase.shaded { fill: var(--shade); }
.grid { stroke: var(--line); } polyline { fill: none; stroke-width: 1.6;
  stroke-linejoin: round; }
.throughput { stroke: var(--blue); } .p99 { stroke: var(--violet); }
.shadow { opacity: .08; }
.kept { fill: var(--kept); background: var(--kept); }
.regressed { fill: var(--regressed); background: var(--regressed); }
.no_gain { fill: var(--no_gain); background: var(--no_gain); }
.inconclusive { fill: var(--inconclusive); background: var(--inconclusive); }
.aborted, .open { fill: var(--aborted); background: var(--aborted); }
</style>
</head>
<body>
)";

std::string Tile(const std::string& figure, const std::string& label) {
  return absl::StrCat("<div class=\"tile\"><b>", EscapeHtml(figure), "</b>",
                      EscapeHtml(label), "</div>\n");
}

std::string Tiles(const DemoRecord& record) {
  return absl::StrCat(
      "<div class=\"tiles\">\n",
      Tile(absl::StrFormat("%.2f x", record.TunedOverBaseline()),
           "tuned over baseline"),
      Tile(absl::StrCat(record.trials_kept), "trials kept"),
      Tile(absl::StrCat(record.trials_rolled_back), "trials rolled back"),
      Tile(absl::StrCat(record.proposals_refused), "proposals refused"),
      Tile(absl::StrFormat("%.1f s", record.bad_value_in_force_s),
           "a bad value was in force"),
      Tile(record.restored_exactly ? "yes" : "not all",
           record.restored_exactly
               ? "all first values restored"
               : absl::StrCat("restored; missing: ",
                              absl::StrJoin(record.not_restored, ", "))),
      "</div>\n");
}

std::string FiguresRow(const char* name, const PhaseFigures& figures) {
  std::string row = absl::StrCat("<tr><td>", name, "</td>");
  for (const double figure : {figures.throughput_ops_per_s, figures.read_p99_us,
                              figures.write_p99_us}) {
    absl::StrAppend(&row, "<td class=\"figure\">", WithCommas(figure), "</td>");
  }
  return row + "</tr>\n";
}

std::string FiguresTable(const DemoRecord& record) {
  return absl::StrCat(
      "<h2>What the clients saw</h2>\n<table>\n<tr><th>phase</th>"
      "<th class=\"figure\">throughput, operations/s</th>"
      "<th class=\"figure\">read p99, us</th>"
      "<th class=\"figure\">write p99, us</th></tr>\n",
      FiguresRow("baseline", record.baseline),
      FiguresRow("tuned", record.tuned),
      FiguresRow("restored", record.restored), "</table>\n");
}

std::string TrialRow(const TrialLine& trial) {
  std::string changes;
  for (const ChangeLine& change : trial.changes) {
    absl::StrAppend(&changes, changes.empty() ? "" : "<br/>",
                    EscapeHtml(change.option), "<br/><span class=\"soft\">",
                    EscapeHtml(ShortValue(change.before)), " → ",
                    EscapeHtml(ShortValue(change.after)), "</span>");
  }
  return absl::StrCat(
      "<tr><td class=\"figure\">", trial.id, "</td><td>",
      EscapeHtml(trial.source), "</td><td>", changes,
      "</td><td class=\"figure\">", EscapeHtml(ShortEffect(trial)),
      "</td><td><span class=\"badge ", EscapeHtml(trial.verdict), "\">",
      EscapeHtml(trial.verdict), "</span></td><td class=\"figure\">",
      absl::StrFormat("%.1f s", trial.in_force_s), "</td><td>",
      EscapeHtml(trial.why), "</td></tr>\n");
}

std::string TrialsTable(const DemoRecord& record) {
  std::string table =
      "<h2>Trials</h2>\n<div class=\"wide\"><table>\n<tr>"
      "<th class=\"figure\">no.</th><th>from</th><th>change</th>"
      "<th class=\"figure\">effect [95 % interval]</th><th>verdict</th>"
      "<th class=\"figure\">in force</th><th>why</th></tr>\n";
  for (const TrialLine& trial : record.trials) table += TrialRow(trial);
  return table + "</table></div>\n";
}

std::string NotesTable(const DemoRecord& record) {
  if (record.notes.empty()) return "";
  std::string table =
      "<h2>What calibration refused or corrected</h2>\n<div class=\"wide\">"
      "<table>\n<tr><th></th><th>option</th><th>asked</th><th>given</th>"
      "<th>reason</th></tr>\n";
  for (const NoteLine& note : record.notes) {
    absl::StrAppend(&table, "<tr><td>", note.rejected ? "refused" : "corrected",
                    "</td><td>", EscapeHtml(note.option), "</td><td>",
                    EscapeHtml(note.asked), "</td><td>",
                    note.rejected ? "" : EscapeHtml(note.given), "</td><td>",
                    EscapeHtml(note.message), "</td></tr>\n");
  }
  return table + "</table></div>\n";
}

std::string AdviceTable(const DemoRecord& record) {
  if (record.advice.empty()) return "";
  std::string table =
      "<h2>What the model said</h2>\n<div class=\"wide\"><table>\n<tr>"
      "<th class=\"figure\">at</th><th></th><th></th></tr>\n";
  for (const AdviceLine& line : record.advice) {
    absl::StrAppend(&table, "<tr><td class=\"figure\">",
                    absl::StrFormat("%.0f s", line.at_s), "</td><td>",
                    line.refused ? "refused" : "model", "</td><td>",
                    EscapeHtml(line.text), "</td></tr>\n");
  }
  return table + "</table></div>\n";
}

}  // namespace

std::string EscapeHtml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string ReportHtml(const DemoRecord& record) {
  return absl::StrCat(
      kHead, "<h1>rocktune demo</h1>\n<p class=\"soft\">",
      EscapeHtml(record.load), " RocksDB ", EscapeHtml(record.rocksdb),
      ".</p>\n", Tiles(record), "<h2>Time line</h2>\n<div class=\"wide\">",
      TimeLineSvg(record),
      "</div>\n<p class=\"soft\">Bars are trials, green where the change was "
      "kept, red where it did harm, amber where noise hid the effect, grey "
      "where it gained nothing; every one "
      "that was not kept was rolled back.</p>\n",
      FiguresTable(record), TrialsTable(record), AdviceTable(record),
      NotesTable(record), "</body>\n</html>\n");
}

}  // namespace rocktune
