// Runs the cells of a comparison, one child process each, and keeps every
// result as soon as it is there.
#ifndef ROCKTUNE_BENCH_COMPARE_MATRIX_RUN_H_
#define ROCKTUNE_BENCH_COMPARE_MATRIX_RUN_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/cell/cell.h"
#include "bench/compare/plan.h"

namespace rocktune {

struct MatrixRun {
  std::string program;  // that understands "cell SPEC RESULT"
  std::string command;  // what people typed, for the results
  std::string dir;      // `cells/`, `data/` and what runs now, below it
  const std::atomic<bool>* stop = nullptr;
  // One line for people whenever something happened or moved on.
  std::function<void(const std::string& line, bool final)> say;
};

// The results of all cells, in their order; those found in `dir` from an
// earlier run are not run again. Cancelled once *stop is true: what is done is
// kept. ResourceExhausted: the disk is full. A cell that fails is a result
// with an error.
absl::StatusOr<std::vector<CellResult>> RunMatrix(
    const std::vector<CellSpec>& cells, const MatrixRun& run);

// Runs one, or reads its result. Loads its database first where needed.
absl::StatusOr<CellResult> RunOrRead(const CellSpec& cell,
                                     const MatrixRun& run);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_COMPARE_MATRIX_RUN_H_
