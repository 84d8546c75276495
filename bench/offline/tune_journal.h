// The directory of a tuning run: its state and its history.
#ifndef ROCKTUNE_BENCH_OFFLINE_TUNE_JOURNAL_H_
#define ROCKTUNE_BENCH_OFFLINE_TUNE_JOURNAL_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/offline/tune_plan.h"
#include "bench/offline/tune_state.h"
#include "policy/trial.h"
#include "sidecar/history.h"

namespace rocktune {

// The name under which the history knows what was tuned.
inline constexpr char kTunedName[] = "offline";

// Not thread-safe.
class TuneJournal {
 public:
  // Makes the directory, or opens that of an earlier run with the same plan, or
  // with any while nothing was measured.
  // FailedPrecondition: not empty and no run's, another plan's, in use, or not
  // private. ResourceExhausted: the disk is full.
  static absl::StatusOr<std::unique_ptr<TuneJournal>> Open(
      const TunePlan& plan);
  ~TuneJournal();

  const std::string& dir() const { return dir_; }
  // Change it, then Save().
  TuneState& state() { return state_; }
  const TuneState& state() const { return state_; }
  bool resumed() const { return resumed_; }

  // Outlasts this process when OK; a machine that loses power may go back to
  // an earlier state, and repeat runs. ResourceExhausted: what was saved
  // before stands.
  absl::Status Save();

  // Puts the step into the history, unless it is there, and its id into it.
  absl::Status RecordOpen(TuneStep* step);
  absl::Status RecordClosed(const TuneStep& step);

 private:
  TuneJournal(std::string dir, TuneState state, bool resumed);

  const std::string dir_;
  TuneState state_;
  const bool resumed_;
  std::unique_ptr<History> history_;
  int64_t session_ = 0;
};

// As the history and advisors know it.
Trial TrialOf(const TuneStep& step);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_TUNE_JOURNAL_H_
