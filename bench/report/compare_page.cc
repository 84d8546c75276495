#include "bench/report/compare_page.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "bench/compare/compare.h"
#include "bench/compare/figures.h"
#include "bench/contestants/contestant.h"
#include "bench/demo/report_html.h"
#include "bench/report/page.h"

namespace rocktune {
namespace {

constexpr char kBase[] = "defaults";
constexpr char kOracle[] = "values";

std::string Sentence(const ComparePlan& plan, size_t cells) {
  return EscapeHtml(absl::StrFormat(
      "%d contestants on %d workloads and %d emulated devices, seeds %s: %d "
      "cells, interleaved, each %.0f s after %.0f s of warming on a fresh copy "
      "of %d MiB of data, with %d MiB of memory, %d cores for background jobs "
      "and %.0f s for an evaluation of those that search; \"at the end\" is "
      "the last %.0f s. Machine: %s.",
      plan.contestants.size(), plan.workloads.size(), plan.devices.size(),
      absl::StrJoin(plan.seeds, ", "), cells, plan.run_s, plan.warm_s,
      plan.data_bytes >> 20, plan.budget.memory_bytes >> 20, plan.budget.cores,
      plan.budget.trial_s, plan.tail_s, MachineText()));
}

std::string Ratio(const RatioFigure& figure) {
  if (figure.cells == 0) return "<td class=\"figure\">-</td>";
  std::string cell =
      absl::StrFormat("<td class=\"figure\"><b>%.2f</b>", figure.mean);
  if (figure.cells > 1) {
    absl::StrAppendFormat(&cell, " <span class=\"soft\">[%.2f, %.2f]</span>",
                          figure.low, figure.high);
  }
  return cell + "</td>";
}

std::string Meaning(const std::string& contestant) {
  for (const ContestantRow& row : ContestantTable()) {
    if (contestant == row.name) return std::string(row.meaning);
  }
  return "";
}

// "-" without an oracle.
std::string Share(const std::vector<CellResult>& results,
                  const std::string& contestant) {
  std::vector<double> shares;
  for (const CellRatio& share : GainShares(results, contestant)) {
    shares.push_back(share.ratio);
  }
  return shares.empty() ? "-"
                        : absl::StrFormat("%.0f %%", 100 * Median(shares));
}

std::string ContestantRowHtml(const std::vector<CellResult>& results,
                              const std::string& name) {
  const RatioFigure end =
      Summarise(RatiosOf(results, EndThroughput(), name, kBase));
  size_t trials = 0;
  for (const CellResult& result : results) {
    if (result.spec.contestant == name) trials += result.trials.size();
  }
  return absl::StrCat(
      "<tr><td class=\"text\"><b>", EscapeHtml(name),
      "</b><br><span class=\"soft\">", EscapeHtml(Meaning(name)),
      "</span></td>", Ratio(end),
      Ratio(Summarise(RatiosOf(results, WholeThroughput(), name, kBase))),
      Ratio(Summarise(RatiosOf(results, P99(), name, kBase))), "<td>",
      end.cells == 0 ? "-"
                     : absl::StrFormat("%.2f <span class=\"soft\">%s</span>",
                                       end.worst, EscapeHtml(end.worst_cell)),
      "</td><td class=\"figure\">",
      name == kOracle ? "100 %" : Share(results, name),
      "</td><td class=\"figure\">", end.cells, "</td><td class=\"figure\">",
      trials, "</td></tr>\n");
}

// The oracle's values are a contestant too, where there is one.
std::vector<std::string> Rows(const ComparePlan& plan) {
  std::vector<std::string> names = plan.contestants;
  if (!plan.oracle_dir.empty()) names.push_back(kOracle);
  return names;
}

std::string ContestantsTable(const ComparePlan& plan,
                             const std::vector<CellResult>& results) {
  std::string table =
      "<h2>Contestants, against RocksDB's defaults</h2>\n<p class=\"soft\">"
      "Geometric mean of the ratios over the cells [95 % interval]; more than "
      "1 is better in every column, p99 included. Share of the oracle's gain: "
      "median of the cells.</p>\n<div class=\"wide\"><table>\n<tr>"
      "<th>contestant</th><th class=\"figure\">throughput at the end</th>"
      "<th class=\"figure\">whole run</th><th class=\"figure\">p99 (&gt; 1: "
      "shorter)</th><th>worst cell at the end</th><th class=\"figure\">share "
      "of "
      "the<br>oracle's gain</th><th class=\"figure\">cells</th><th "
      "class=\"figure\">trials</th></tr>\n";
  for (const std::string& name : Rows(plan)) {
    if (name != kBase) table += ContestantRowHtml(results, name);
  }
  return table + "</table></div>\n";
}

std::string CellsTable(const std::vector<CellResult>& results) {
  std::string table =
      "<h2>Cells</h2>\n<div class=\"wide\"><table>\n<tr><th>workload</th>"
      "<th>device</th><th>seed</th><th>contestant</th>";
  for (const char* column :
       {"ops/s at the end", "whole run", "worst second", "p99 at the end, us",
        "stalls", "bytes written / user byte", "read / op", "CPU us/op",
        "peak MiB", "trials", "converged, s", "tokens"}) {
    absl::StrAppend(&table, "<th class=\"figure\">", column, "</th>");
  }
  table += "</tr>\n";
  for (const CellResult& r : results) {
    absl::StrAppend(&table, "<tr><td>", EscapeHtml(r.spec.workload),
                    "</td><td>", EscapeHtml(r.spec.device), "</td><td>",
                    r.spec.seed, "</td><td>", EscapeHtml(r.spec.contestant),
                    "</td>");
    for (const std::string& figure :
         {absl::StrFormat("%.0f", FullSpeedOpsPerS(r.spec, r.tail)),
          absl::StrFormat("%.0f", FullSpeedOpsPerS(r.spec, r.whole)),
          absl::StrFormat("%.0f", r.whole.worst_second_ops_per_s),
          absl::StrFormat("%.0f", P99Us(r.tail)),
          absl::StrFormat("%.0f %%", 100 * r.whole.stall_share),
          absl::StrFormat("%.2f", r.whole.device_write_bytes_per_user_byte),
          absl::StrFormat("%.0f", r.whole.device_read_bytes_per_op),
          absl::StrFormat("%.1f", r.whole.cpu_us_per_op),
          absl::StrCat(r.peak_memory_bytes >> 20),
          absl::StrCat(r.trials.size()),
          r.converged_s > 0 ? absl::StrFormat("%.0f", r.converged_s) : "-",
          absl::StrCat(r.tokens)}) {
      absl::StrAppend(&table, "<td class=\"figure\">", figure, "</td>");
    }
    table += "</tr>\n";
  }
  return table + "</table></div>\n";
}

std::string BarCards(const ComparePlan& plan) {
  std::string cards =
      "<h2>Throughput at the end, operations per second</h2>\n<p "
      "class=\"soft\">The axis is logarithmic; hover for the ratio to the "
      "defaults.</p>\n<div class=\"cards\">\n";
  for (size_t i = 0; i < plan.devices.size(); ++i) {
    absl::StrAppend(&cards, "<div class=\"card\"><h3>",
                    EscapeHtml(plan.devices[i]),
                    "</h3><div class=\"chart\"><canvas data-bars=\"", i,
                    "\"></canvas></div></div>\n");
  }
  return cards + "</div>\n";
}

std::string TrialsList(const CellResult& run) {
  int kept = 0;
  std::string rows;
  for (const CellTrial& trial : run.trials) {
    kept += trial.verdict == "kept";
    absl::StrAppend(
        &rows,
        absl::StrFormat("<tr><td class=\"figure\">%.0f-%.0f s</td><td>",
                        trial.begin_s, trial.end_s),
        VerdictBadge(trial.verdict), "</td><td class=\"figure\">",
        EffectText(trial.effect), "</td><td class=\"text\">",
        EscapeHtml(trial.what), "</td></tr>\n");
  }
  return absl::StrCat(
      "<details><summary>", EscapeHtml(run.spec.contestant), ": ",
      run.trials.size(), " trials, ", kept, " kept</summary>\n",
      "<div class=\"wide\"><table>\n<tr><th class=\"figure\">when</th>"
      "<th>verdict</th><th class=\"figure\">effect</th><th>change</th></tr>\n",
      rows, "</table></div></details>\n");
}

std::string PlaceCard(const ComparePlace& place, size_t number) {
  std::string card = absl::StrCat(
      "<div class=\"card\"><h3>", EscapeHtml(place.workload), " on ",
      EscapeHtml(place.device), " <span class=\"soft\">seed ",
      place.runs.front()->spec.seed, "</span></h3>\n");
  for (const char* kind : {"ops", "read", "write"}) {
    absl::StrAppend(&card, "<div class=\"chart",
                    std::string(kind) == "ops" ? "" : " low",
                    "\"><canvas data-place=\"", number, "\" data-kind=\"", kind,
                    "\"></canvas></div>\n");
  }
  for (const CellResult* run : place.runs) {
    if (IsRocktune(run->spec.contestant) && !run->trials.empty()) {
      card += TrialsList(*run);
    }
  }
  return card + "</div>\n";
}

std::string PlaceCards(const std::vector<ComparePlace>& places) {
  std::string cards =
      "<h2>Over time</h2>\n<p class=\"soft\">Bands and marks at the top are "
      "rocktune's trials: a disc where the change was kept, a cross where it "
      "was rolled back; hover for what changed. Latencies are on a "
      "logarithmic axis.</p>\n<div class=\"cards\">\n";
  for (size_t i = 0; i < places.size(); ++i) cards += PlaceCard(places[i], i);
  return cards + "</div>\n";
}

std::string Trouble(const std::vector<CellResult>& results) {
  std::string items;
  for (const CellResult& result : results) {
    std::string what = result.error;
    if (what.empty() && result.failures > 0) {
      what = absl::StrCat(result.failures, " operations refused by RocksDB");
    }
    if (what.empty() && result.dropped > 0) {
      what = absl::StrCat(result.dropped,
                          " operations were due and never sent; its "
                          "percentiles are too low");
    }
    if (what.empty()) continue;
    absl::StrAppend(
        &items, "<li>",
        EscapeHtml(absl::StrCat(result.spec.workload, " on ",
                                result.spec.device, ", seed ", result.spec.seed,
                                ", ", result.spec.contestant, ": ", what)),
        "</li>\n");
  }
  if (items.empty()) return "";
  return absl::StrCat("<h2>Cells with errors</h2>\n<ul class=\"errors\">\n",
                      items, "</ul>\n");
}

}  // namespace

std::string CompareHtml(const ComparePlan& plan,
                        const std::vector<CellResult>& results) {
  Page page;
  page.title = "rocktune-bench compare";
  page.body = absl::StrCat("<p>", Sentence(plan, results.size()), "</p>\n",
                           ContestantsTable(plan, results), Trouble(results),
                           BarCards(plan), PlaceCards(PlacesOf(plan, results)),
                           CellsTable(results));
  page.data = CompareData(plan, results);
  return PageHtml(page);
}

}  // namespace rocktune
