#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "bench/compare/compare.h"
#include "bench/compare/figures.h"

namespace rocktune {
namespace {

constexpr const char* kBase = "defaults";
constexpr const char* kOurs = "rocktune";
constexpr const char* kOracle = "values";
// Of the figure "within five proposals".
constexpr size_t kFewTrials = 5;

std::string Shown(const RatioFigure& figure) {
  if (figure.cells == 0) return "-";
  if (figure.cells == 1) return absl::StrFormat("%.2f", figure.mean);
  return absl::StrFormat("%.2f [%.2f, %.2f]", figure.mean, figure.low,
                         figure.high);
}

std::string RatioRow(const std::vector<CellResult>& results,
                     const std::string& of, const std::string& against) {
  const RatioFigure end =
      Summarise(RatiosOf(results, EndThroughput(), of, against));
  return absl::StrCat(
      " | ", Shown(end), " | ",
      Shown(Summarise(RatiosOf(results, WholeThroughput(), of, against))),
      " | ", Shown(Summarise(RatiosOf(results, P99(), of, against))), " | ",
      absl::StrFormat("%.2f (%s)", end.worst, end.worst_cell), " | ", end.cells,
      " |\n");
}

constexpr char kRatioColumns[] =
    " | throughput at the end | whole run | p99 (>1: shorter) | worst cell at "
    "the end | cells |\n|---|---|---|---|---|---|\n";

std::string ContestantRows(const ComparePlan& plan,
                           const std::vector<CellResult>& results) {
  std::string text = absl::StrCat("| contestant", kRatioColumns);
  for (const std::string& name : plan.contestants) {
    if (name == kBase) continue;
    absl::StrAppend(&text, "| ", name, RatioRow(results, name, kBase));
  }
  if (!plan.oracle_dir.empty()) {
    absl::StrAppend(&text, "| the oracle", RatioRow(results, kOracle, kBase));
  }
  return text;
}

// What this project is measured by: rocktune against each of the others.
std::string RocktuneRows(const ComparePlan& plan,
                         const std::vector<CellResult>& results) {
  std::string text;
  for (const std::string& name : plan.contestants) {
    if (!absl::StartsWith(name, kOurs)) continue;
    for (const std::string& other : plan.contestants) {
      if (other == name || other == kBase) continue;
      absl::StrAppend(&text, "| ", name, " / ", other,
                      RatioRow(results, name, other));
    }
  }
  return text.empty() ? "" : absl::StrCat("\n| against", kRatioColumns, text);
}

std::string CellRows(const std::vector<CellResult>& results) {
  std::string text =
      "| workload | device | seed | contestant | ops/s at the end | whole run "
      "| worst second | stalls | device bytes written / user byte | read / op "
      "| "
      "table / data byte | CPU us/op | peak MiB | trials | converged, s | "
      "tokens "
      "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const CellResult& r : results) {
    absl::StrAppend(
        &text, "| ", r.spec.workload, " | ", r.spec.device, " | ", r.spec.seed,
        " | ", r.spec.contestant,
        absl::StrFormat(
            " | %.0f | %.0f | %.0f | %.0f %% | %.2f | %.0f | %.2f | %.1f | %d ",
            FullSpeedOpsPerS(r.spec, r.tail), FullSpeedOpsPerS(r.spec, r.whole),
            r.whole.worst_second_ops_per_s, 100 * r.whole.stall_share,
            r.whole.device_write_bytes_per_user_byte,
            r.whole.device_read_bytes_per_op, r.whole.table_bytes_per_data_byte,
            r.whole.cpu_us_per_op, r.peak_memory_bytes >> 20),
        "| ", r.trials.size(), " | ",
        r.converged_s > 0 ? absl::StrFormat("%.0f", r.converged_s) : "-", " | ",
        r.tokens, " |\n");
  }
  return text;
}

// In the tail, of each kind of operation that a load has.
std::string LatencyRows(const std::vector<CellResult>& results) {
  std::string text =
      "\n| workload | device | seed | contestant | kind | p50 us | p99 us | "
      "p99.9 us |\n|---|---|---|---|---|---|---|---|\n";
  for (const CellResult& r : results) {
    for (size_t i = 0; i < r.tail.kinds.size(); ++i) {
      const KindFigures& kind = r.tail.kinds[i];
      if (kind.count == 0) continue;
      absl::StrAppend(&text, "| ", r.spec.workload, " | ", r.spec.device, " | ",
                      r.spec.seed, " | ", r.spec.contestant, " | ",
                      ToString(static_cast<Operation>(i)),
                      absl::StrFormat(" | %.0f | %.0f | %.0f |\n", kind.p50_us,
                                      kind.p99_us, kind.p999_us));
    }
  }
  return text;
}

// Of the results for which `counts` holds.
std::string ShareText(const std::vector<CellResult>& results,
                      const std::string& name,
                      bool (*counts)(const CellResult&)) {
  std::vector<CellResult> counted;
  for (const CellResult& result : results) {
    if (result.spec.contestant != name || counts(result)) {
      counted.push_back(result);
    }
  }
  std::vector<double> shares;
  for (const CellRatio& cell : GainShares(counted, name)) {
    shares.push_back(cell.ratio);
  }
  if (shares.empty()) return " | - | - | 0";
  return absl::StrFormat(" | %.0f %% | %.0f %% | %d", 100 * Median(shares),
                         100 * *std::min_element(shares.begin(), shares.end()),
                         shares.size());
}

std::string OracleRows(const ComparePlan& plan,
                       const std::vector<CellResult>& results) {
  if (plan.oracle_dir.empty()) return "";
  std::string text =
      "\n| contestant | share of the oracle's gain, median cell | least | "
      "cells | kept nothing after the fifth trial: median | least | cells |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const std::string& name : plan.contestants) {
    if (name == kBase) continue;
    absl::StrAppend(
        &text, "| ", name,
        ShareText(results, name, [](const CellResult&) { return true; }),
        ShareText(
            results, name,
            [](const CellResult& r) { return SettledWithin(r, kFewTrials); }),
        " |\n");
  }
  return text;
}

// Where it gains what, and by which values.
std::string OraclePlaces(const ComparePlan& plan,
                         const std::vector<CellResult>& results) {
  if (plan.oracle_dir.empty()) return "";
  std::string text =
      "\nThe oracle's values, where they are not the defaults:\n\n";
  for (const CellRatio& cell :
       RatiosOf(results, EndThroughput(), kOracle, kBase)) {
    absl::StrAppendFormat(&text, "- %s on %s, %.2f times the defaults: ",
                          cell.workload, cell.device, cell.ratio);
    for (const CellResult& r : results) {
      if (r.spec.contestant != kOracle || r.spec.workload != cell.workload ||
          r.spec.device != cell.device || r.spec.seed != cell.seed) {
        continue;
      }
      absl::StrAppend(&text,
                      absl::StrJoin(r.spec.values, ", ",
                                    [](std::string* out, const auto& value) {
                                      absl::StrAppend(out, value.first.name,
                                                      "=", value.second);
                                    }),
                      "\n");
    }
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
                  RocktuneRows(plan, results), OracleRows(plan, results),
                  OraclePlaces(plan, results), Failures(results), "\n",
                  CellRows(results), LatencyRows(results));
  return text;
}

}  // namespace rocktune
