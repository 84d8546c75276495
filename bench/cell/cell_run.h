// Runs one cell in this process, or in one of its own.
#ifndef ROCKTUNE_BENCH_CELL_CELL_RUN_H_
#define ROCKTUNE_BENCH_CELL_CELL_RUN_H_

#include <atomic>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/cell/cell.h"

namespace rocktune {

// Copies the database, opens it as the contestant wants it, drives the load.
// Trouble of any kind is in CellResult::error: a crashed or refusing contestant
// is a result. Ends early, with an error, once *stop is true.
CellResult RunCell(const CellSpec& spec, const std::atomic<bool>* stop);

// The same in a child process `program` (the one that understands
// "cell SPEC RESULT"), so that a crash, its memory and its CPU are its own.
// Cancelled once *stop is true; the child is then killed, and in any case when
// it takes three times as long as it should. `tick` is called a few times a
// second.
absl::StatusOr<CellResult> RunCellInChild(const std::string& program,
                                          const CellSpec& spec,
                                          const std::atomic<bool>* stop,
                                          const std::function<void()>& tick);

// What the child does: reads the spec, runs it, writes the result.
absl::Status CellMain(const std::string& spec_path,
                      const std::string& result_path,
                      const std::atomic<bool>* stop);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CELL_CELL_RUN_H_
