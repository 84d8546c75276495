// Everything a tuning run has decided, in DIR/state.json: written after each
// run of the benchmark, so that a run that was killed goes on from there.
#ifndef ROCKTUNE_BENCH_OFFLINE_TUNE_STATE_H_
#define ROCKTUNE_BENCH_OFFLINE_TUNE_STATE_H_

#include <array>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/offline/device_probe.h"
#include "bench/offline/paired_runs.h"
#include "policy/option.h"
#include "policy/trial.h"

namespace rocktune {

// Windows kept of a run: what an advisor looks at.
inline constexpr size_t kKeptWindows = 15;

// One proposal, its runs and what came of it.
struct TuneStep {
  int number = 0;
  bool thins = false;  // takes one kept value back
  std::string source;  // as ToString(ProposalSource)
  std::string summary;
  std::vector<Change> changes;
  std::vector<std::string> notes;  // what calibration did, for people
  // Who was asked on the way to it, in order: "expert", "llm", "replay". More
  // than one when calibration left nothing of what came first.
  std::vector<std::string> asked;
  std::vector<Window> windows;  // the incumbent's, that the advisor saw
  std::vector<ComparedRun> runs;
  std::string verdict = "open";  // as ToString(Verdict)
  Effect effect;
  std::string why;
  ArmSummary incumbent;
  ArmSummary candidate;
  int64_t history_id = 0;

  bool open() const { return verdict == "open"; }
  bool kept() const { return verdict == "kept"; }
};

struct TuneState {
  boost::json::object plan;
  std::optional<DeviceFigures> probe;
  // The start options' first run; empty score: not yet.
  RunFigures first;
  std::vector<Window> windows;  // the incumbent's, for the next advice
  // Of the comparison that is open: the incumbent's and the candidate's.
  std::array<std::vector<Window>, 2> newest;
  OptionValues start;      // of every catalogue row
  OptionValues incumbent;  // proven, where they differ from the start
  std::vector<TuneStep> steps;
  std::vector<ComparedRun> last_runs;  // start against the final values
  Effect total;                        // of these
  bool total_known = false;
  uint64_t tokens = 0;
  std::string ended;  // why no more steps; empty: goes on
  bool finished = false;

  bool started() const { return first.score > 0; }
};

// Seconds of all runs.
double SpentSeconds(const TuneState& state);

// NotFound: no run was begun there. InvalidArgument: another version of
// rocktune wrote it, or it is damaged; the message says where.
absl::StatusOr<TuneState> ReadState(const std::string& path);
// Atomic. ResourceExhausted: the file before it stands.
absl::Status WriteState(const std::string& path, const TuneState& state);

boost::json::object ToJson(const TuneState& state);

// One of the words of ToString(Verdict), ToString(ProposalSource).
Verdict VerdictOf(const std::string& word);
ProposalSource SourceOf(const std::string& word);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_TUNE_STATE_H_
