// Evaluators that run somebody's command.
#ifndef ROCKTUNE_BENCH_OFFLINE_COMMAND_EVALUATOR_H_
#define ROCKTUNE_BENCH_OFFLINE_COMMAND_EVALUATOR_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/offline/evaluator.h"
#include "bench/offline/tune_plan.h"

namespace rocktune {

// Of `plan`.command or `plan`.db_bench, which are checked. The command runs in
// a directory of its own; where it wants {db}, that is a copy of plan.db, or a
// path that is not there yet. db_bench gets --options_file, --db,
// --cache_size, --statistics and --seed in front of what the plan says.
// A command that exits with another code than 0, or hangs, is a result; one
// that ends well and prints no metric is InvalidArgument with the end of what
// it printed. Gives up when a run takes longer than the incumbent's at
// kFarBehind of its speed.
absl::StatusOr<std::unique_ptr<Evaluator>> MakeCommandEvaluator(
    const TunePlan& plan, const std::atomic<bool>* stop,
    std::function<void()> tick);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_COMMAND_EVALUATOR_H_
