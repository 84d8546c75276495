// The loop itself: propose, calibrate, measure against the incumbent, keep or
// go back. What it decides is in the journal before it goes on.
#ifndef ROCKTUNE_BENCH_OFFLINE_TUNE_LOOP_H_
#define ROCKTUNE_BENCH_OFFLINE_TUNE_LOOP_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/offline/evaluator.h"
#include "bench/offline/offline_advisor.h"
#include "bench/offline/offline_options.h"
#include "bench/offline/run_bench.h"
#include "bench/offline/tune_journal.h"
#include "bench/offline/tune_plan.h"

namespace rocktune {

// Steps that bring less than this together, `kStalledSteps` in a row, end it.
inline constexpr double kLeastGain = 0.01;
inline constexpr int kStalledSteps = 3;

// Why no more steps are to come, "" when they are.
std::string ReasonToStop(const TuneState& state, const TunePlan& plan);

// Not thread-safe. All must outlive it.
class TuneLoop {
 public:
  struct Parts {
    const TunePlan& plan;
    TuneJournal* journal;
    OfflineOptions* options;
    Evaluator* evaluator;
    OfflineAdvisor* advisor;
    RunBench* bench;
    std::function<void(const std::string& line, bool final)> say;
  };
  explicit TuneLoop(Parts parts) : parts_(std::move(parts)) {}

  // To the end, from wherever the journal stands. See Tune() for errors.
  absl::Status Run();
  // FailedPrecondition: the options to start from are not those that the
  // journal's run began with; the message names the first that differs.
  absl::Status CheckSameStart();

 private:
  absl::Status Baseline();
  absl::Status RepeatPast();
  // Appends an open step, or says why there is none in state.ended.
  absl::Status Propose();
  absl::Status Measure(TuneStep* step);
  absl::Status Close(TuneStep* step, const PairVerdict& verdict);
  absl::Status Thin();
  absl::Status CompareWithStart();

  // The next run of a comparison, recorded in `runs` and saved.
  absl::Status NextRun(const OptionValues& incumbent,
                       const OptionValues& candidate,
                       std::vector<ComparedRun>* runs);
  AdvisorInput InputOf(const OptionValues& values,
                       const std::vector<Window>& windows);
  void Say(const std::string& line) { parts_.say(line, true); }
  std::string Left() const;  // "about 12 min left"

  TuneState& state() { return parts_.journal->state(); }
  const TuneState& state() const { return parts_.journal->state(); }

  Parts parts_;
  std::vector<Trial> trials_;  // that the advisor has learnt from
};

// The incumbent with a change set over it.
OptionValues Over(OptionValues changed, const std::vector<Change>& changes);

// "write_buffer_size 64 MiB -> 128 MiB, ..."
std::string Describe(const std::vector<Change>& changes);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_TUNE_LOOP_H_
