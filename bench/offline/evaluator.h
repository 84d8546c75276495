// Runs a benchmark with an OPTIONS file and says how fast it was.
#ifndef ROCKTUNE_BENCH_OFFLINE_EVALUATOR_H_
#define ROCKTUNE_BENCH_OFFLINE_EVALUATOR_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "policy/calibration.h"
#include "policy/window.h"

namespace rocktune {

// One run's result. A run that failed, whatever the reason, has `error` and is
// a result: those options do not work.
struct RunFigures {
  double throughput_ops_per_s = 0;
  double p99_us = 0;  // 0: not known
  // What runs are compared by, more is better: throughput (of the built-in
  // workloads FullSpeedOpsPerS()), or 1/p99 where the load is an open loop,
  // which no options make faster.
  double score = 0;
  double seconds = 0;           // wall time of the whole run
  bool gave_up = false;         // stopped early, far behind the incumbent
  std::string error;            // empty: it ran to its end
  std::vector<Window> windows;  // for the advisor, oldest first; may be empty
};

struct RunRequest {
  std::string options_file;
  // For the run alone: not there before, and removed after it.
  std::string work_dir;
  // The incumbent's, for giving up; 0: not known yet.
  double reference_score = 0;
  double reference_s = 0;
};

// A run that gets less than this share of the incumbent's score after a third
// of its time gives up. A guess: with noise of a third, a run at the
// incumbent's own speed would not.
inline constexpr double kFarBehind = 0.6;

// Not thread-safe.
class Evaluator {
 public:
  virtual ~Evaluator() = default;

  // Once, before the first run: loads data, checks the command.
  virtual absl::Status Prepare() = 0;
  // Cancelled: interrupted. ResourceExhausted: the disk is full.
  // InvalidArgument: no options could help (the command prints no metric).
  // With any of these there is no result, and the work directory is removed.
  virtual absl::StatusOr<RunFigures> Run(const RunRequest& request) = 0;

  // What one run is expected to take; 0: not known before the first.
  virtual double ExpectedSeconds() const = 0;
  // What may not be changed because a run would not show it.
  virtual std::vector<Pin> Closed() const = 0;
  // The load is on every column family of the OPTIONS file, not on the default
  // one alone.
  virtual bool LoadsEveryFamily() const = 0;
};

// Pins that keep options untouched.
std::vector<Pin> Denied(std::initializer_list<const char*> options);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_EVALUATOR_H_
