// The evaluator that runs a built-in workload, in a child process.
#ifndef ROCKTUNE_BENCH_OFFLINE_CELL_EVALUATOR_H_
#define ROCKTUNE_BENCH_OFFLINE_CELL_EVALUATOR_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/offline/evaluator.h"
#include "bench/offline/tune_plan.h"

namespace rocktune {

struct CellEvaluatorSpec {
  std::string program;   // understands "cell SPEC RESULT", see cell_run.h
  std::string data_dir;  // the loaded database; made by Prepare()
  uint64_t memory_bytes = 0;
  const std::atomic<bool>* stop = nullptr;
  std::function<void()> tick;               // a few times a second
  std::function<void(double)> on_progress;  // of loading, 0..1
};

// Of `plan`.workload, which is checked. NotFound, InvalidArgument.
absl::StatusOr<std::unique_ptr<Evaluator>> MakeCellEvaluator(
    const TunePlan& plan, const CellEvaluatorSpec& spec);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_CELL_EVALUATOR_H_
