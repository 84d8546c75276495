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
// Resumable as RunMatrix() is. `command` goes into the results.
absl::Status MakeOracles(const ComparePlan& plan, int evaluations,
                         const std::string& command, const MatrixRun& run);

// The table as Markdown: for each contestant its ratio to the defaults (at the
// end, over the whole run, p99) with intervals and worst cell, then every cell.
std::string TableMarkdown(const ComparePlan& plan,
                          const std::vector<CellResult>& results);

// Cores, memory in bytes, kernel and RocksDB's version of this machine.
boost::json::object MachineJson();

// What results.json holds: the plan, the machine, every result.
boost::json::object ResultsJson(const ComparePlan& plan,
                                const std::vector<CellResult>& results);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_COMPARE_COMPARE_H_
