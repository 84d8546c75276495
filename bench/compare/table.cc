#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/compare/compare.h"
#include "bench/compare/figures.h"

namespace rocktune {
namespace {

constexpr const char* kBase = "defaults";

std::string Shown(const RatioFigure& figure) {
  if (figure.cells == 0) return "-";
  if (figure.cells == 1) return absl::StrFormat("%.2f", figure.mean);
  return absl::StrFormat("%.2f [%.2f, %.2f]", figure.mean, figure.low,
                         figure.high);
}

std::string ContestantRows(const ComparePlan& plan,
                           const std::vector<CellResult>& results) {
  std::string text =
      "| contestant | throughput at the end | whole run | p99 (>1: shorter) | "
      "worst cell at the end | cells |\n|---|---|---|---|---|---|\n";
  for (const std::string& name : plan.contestants) {
    if (name == kBase) continue;
    const RatioFigure end =
        Summarise(RatiosOf(results, EndThroughput(), name, kBase));
    absl::StrAppend(
        &text, "| ", name, " | ", Shown(end), " | ",
        Shown(Summarise(RatiosOf(results, WholeThroughput(), name, kBase))),
        " | ", Shown(Summarise(RatiosOf(results, P99(), name, kBase))), " | ",
        absl::StrFormat("%.2f (%s)", end.worst, end.worst_cell), " | ",
        end.cells, " |\n");
  }
  return text;
}

std::string CellRows(const std::vector<CellResult>& results) {
  std::string text =
      "| workload | device | seed | contestant | ops/s at the end | whole run "
      "| worst second | stalls | device writes / user byte | CPU us/op | peak "
      "MiB | trials | tokens |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const CellResult& r : results) {
    absl::StrAppend(
        &text, "| ", r.spec.workload, " | ", r.spec.device, " | ", r.spec.seed,
        " | ", r.spec.contestant,
        absl::StrFormat(
            " | %.0f | %.0f | %.0f | %.0f %% | %.2f | %.1f | %d ",
            r.tail.ops_per_s, r.whole.ops_per_s, r.whole.worst_second_ops_per_s,
            100 * r.whole.stall_share, r.whole.device_write_bytes_per_user_byte,
            r.whole.cpu_us_per_op, r.peak_memory_bytes >> 20),
        "| ", r.trials.size(), " | ", r.tokens, " |\n");
  }
  return text;
}

std::string OracleRows(const ComparePlan& plan,
                       const std::vector<CellResult>& results) {
  if (plan.oracle_dir.empty()) return "";
  std::string text =
      "\n| contestant | share of the oracle's gain, median cell | least | "
      "cells "
      "|\n|---|---|---|---|\n";
  for (const std::string& name : plan.contestants) {
    if (name == kBase) continue;
    std::vector<double> shares;
    for (const CellRatio& cell : GainShares(results, name)) {
      shares.push_back(cell.ratio);
    }
    if (shares.empty()) continue;
    absl::StrAppend(
        &text,
        absl::StrFormat("| %s | %.0f %% | %.0f %% | %d |\n", name,
                        100 * Median(shares),
                        100 * *std::min_element(shares.begin(), shares.end()),
                        shares.size()));
  }
  return text;
}

std::string Failures(const std::vector<CellResult>& results) {
  std::string text;
  for (const CellResult& r : results) {
    if (r.error.empty()) continue;
    absl::StrAppend(&text, "- ", r.spec.workload, " on ", r.spec.device, ", ",
                    r.spec.contestant, ": ", r.error, "\n");
  }
  for (const CellResult& r : results) {
    if (r.dropped == 0) continue;
    absl::StrAppend(&text, "- ", r.spec.workload, " on ", r.spec.device, ", ",
                    r.spec.contestant, ": ", r.dropped,
                    " operations were due and never sent; its percentiles are "
                    "too low\n");
  }
  return text.empty() ? "" : "\nCells with errors:\n\n" + text;
}

}  // namespace

std::string TableMarkdown(const ComparePlan& plan,
                          const std::vector<CellResult>& results) {
  std::string text = absl::StrFormat(
      "Data %d MiB, memory %d MiB, %d cores for background jobs; each cell "
      "runs %.0f s after %.0f s of warming, and \"at the end\" is its last "
      "%.0f s. Ratios to RocksDB's defaults: geometric mean over the cells "
      "[95 %% interval].\n\n",
      plan.data_bytes >> 20, plan.budget.memory_bytes >> 20, plan.budget.cores,
      plan.run_s, plan.warm_s, plan.tail_s);
  absl::StrAppend(&text, ContestantRows(plan, results),
                  OracleRows(plan, results), Failures(results), "\n",
                  CellRows(results));
  return text;
}

}  // namespace rocktune
