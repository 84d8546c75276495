// The offline loop: from options to better ones, by runs of a benchmark, with
// nobody in the loop.
#ifndef ROCKTUNE_BENCH_OFFLINE_TUNE_H_
#define ROCKTUNE_BENCH_OFFLINE_TUNE_H_

#include <atomic>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "bench/offline/tune_plan.h"

namespace rocktune {

struct TuneRun {
  std::string program;      // understands "cell SPEC RESULT"
  std::string try_options;  // rocktune-try-options, see open_check.h
  const std::atomic<bool>* stop = nullptr;
  // A line that stays, or one that moves.
  std::function<void(const std::string& line, bool final)> say;
};

// Tunes by `plan`, which is checked. Writes to plan.out alone, where a run that
// was interrupted or killed goes on with the same plan; when it is done the
// directory holds OPTIONS, report.html, diff.md, result.json, set_options.txt,
// online.json and history.db.
//
// Cancelled: interrupted; the same plan goes on. ResourceExhausted: the disk is
// full; as before, with more room. FailedPrecondition: the directory holds
// something else or another plan, is in use, or the start options do not run.
// NotFound, InvalidArgument: the message says what to change.
absl::Status Tune(const TunePlan& plan, const TuneRun& run);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_TUNE_H_
