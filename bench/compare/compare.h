// A whole comparison: run the matrix, work out the figures, write them down.
#ifndef ROCKTUNE_BENCH_COMPARE_COMPARE_H_
#define ROCKTUNE_BENCH_COMPARE_COMPARE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/compare/matrix_run.h"
#include "bench/compare/plan.h"

namespace rocktune {

// Writes results.json, table.md and report.html into run.dir, and the table to
// run.say. Errors as Check() and RunMatrix().
absl::Status Compare(const ComparePlan& plan, const MatrixRun& run);

// Searches the best static values for each workload, device and seed of the
// plan, `evaluations` each, into plan.oracle_dir. What is there already stays.
// Resumable as RunMatrix() is.
absl::Status MakeOracles(const ComparePlan& plan, int evaluations,
                         const MatrixRun& run);

// The table as Markdown: for each contestant its ratio to the defaults (at the
// end, over the whole run, p99) with intervals and worst cell, the same of
// rocktune against each other one, then every cell.
std::string TableMarkdown(const ComparePlan& plan,
                          const std::vector<CellResult>& results);

// Cores, memory in bytes, kernel and RocksDB's version of this machine; the
// same in one line.
boost::json::object MachineJson();
std::string MachineText();

// What results.json holds: command, plan, machine, every result but for its
// seconds, which are in cells/.
boost::json::object ResultsJson(const ComparePlan& plan,
                                const std::vector<CellResult>& results,
                                const std::string& command);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_COMPARE_COMPARE_H_
