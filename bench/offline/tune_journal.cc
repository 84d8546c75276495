#include "bench/offline/tune_journal.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "hooks/versions.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;

std::string StatePath(const std::string& dir) { return dir + "/state.json"; }

absl::Status MakeDirectory(const std::string& dir) {
  std::error_code error;
  const fs::path parent = fs::path(dir).parent_path();
  if (!parent.empty()) fs::create_directories(parent, error);
  if (!error && ::mkdir(dir.c_str(), 0700) == 0) return absl::OkStatus();
  if (!error && errno == EEXIST && fs::is_directory(dir)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "--out ", dir, " cannot be made: ",
      error ? error.message() : std::string(std::strerror(errno))));
}

// Marks an empty directory as one of ours, by the part of a state that a run
// leaves which is killed before its first state was whole.
absl::Status ClaimDirectory(const std::string& dir) {
  std::error_code error;
  const std::string part = StatePath(dir) + ".part";
  if (fs::exists(StatePath(dir), error) || fs::exists(part, error)) {
    return absl::OkStatus();
  }
  if (!fs::is_empty(dir, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat("--out ", dir,
                     " is not empty and no run of rocktune tune: name a new "
                     "directory"));
  }
  std::ofstream mark(part);
  if (mark) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat(part, " cannot be written: ", std::strerror(errno)));
}

TrialBlock BlockOf(const ComparedRun& run, int place) {
  TrialBlock block;
  block.candidate = run.candidate;
  block.pair = place / 2;
  block.windows = 1;
  block.cost = run.figures.score > 0 ? 1e6 / run.figures.score : 0;
  return block;
}

}  // namespace

Trial TrialOf(const TuneStep& step) {
  Trial trial;
  trial.id = step.history_id;
  trial.database = kTunedName;
  trial.source = SourceOf(step.source);
  trial.summary = step.summary;
  trial.thins = step.thins;
  trial.change_set.changes = step.changes;
  trial.inverse = InverseOf(trial.change_set);
  trial.verdict = VerdictOf(step.verdict);
  trial.effect = step.effect;
  trial.min_effect = PairRules().min_effect;
  trial.baseline = step.incumbent;
  trial.candidate = step.candidate;
  trial.design = TrialDesign::kSwitchback;
  trial.design_why = "runs of a benchmark in turn, each in a fresh database";
  trial.ended = step.verdict;
  trial.why = step.why;
  double at_s = 0;
  for (size_t i = 0; i < step.runs.size() && i < Trial::kMaxBlocks; ++i) {
    TrialBlock block = BlockOf(step.runs[i], static_cast<int>(i));
    block.begin = absl::Seconds(at_s);
    at_s += step.runs[i].figures.seconds;
    trial.blocks.push_back(block);
  }
  return trial;
}

TuneJournal::TuneJournal(std::string dir, TuneState state, bool resumed)
    : dir_(std::move(dir)), state_(std::move(state)), resumed_(resumed) {}

TuneJournal::~TuneJournal() {
  if (history_ != nullptr) {
    history_->EndSession(session_, absl::Now()).IgnoreError();
  }
}

absl::StatusOr<std::unique_ptr<TuneJournal>> TuneJournal::Open(
    const TunePlan& plan) {
  ROCKTUNE_RETURN_IF_ERROR(MakeDirectory(plan.out));
  ROCKTUNE_RETURN_IF_ERROR(ClaimDirectory(plan.out));
  // Holds the directory's lock: nothing in it was touched before.
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<History> history,
                            History::Open(plan.out));
  absl::StatusOr<TuneState> state = ReadState(StatePath(plan.out));
  const bool resumed = state.ok();
  if (resumed) {
    const absl::Status same = CheckSamePlan(state->plan, ToJson(plan));
    if (!same.ok() && state->started()) return same;
    // Nothing was measured yet: a mistake in the words may be mended.
    if (!same.ok()) {
      std::error_code ignored;
      fs::remove_all(plan.out + "/data", ignored);
      state->plan = ToJson(plan);
    }
  } else if (!absl::IsNotFound(state.status())) {
    return state.status();
  } else {
    state = TuneState();
    state->plan = ToJson(plan);
  }
  std::unique_ptr<TuneJournal> journal(
      new TuneJournal(plan.out, *std::move(state), resumed));
  if (!journal->state_.started()) ROCKTUNE_RETURN_IF_ERROR(journal->Save());
  journal->history_ = std::move(history);
  ROCKTUNE_ASSIGN_OR_RETURN(
      journal->session_,
      journal->history_->BeginSession(LoadedRocksdbVersion(), absl::Now()));
  return journal;
}

absl::Status TuneJournal::Save() { return WriteState(StatePath(dir_), state_); }

absl::Status TuneJournal::RecordOpen(TuneStep* step) {
  if (step->history_id != 0) return absl::OkStatus();
  // Recorded, and killed before the id was saved: the only one that is open.
  ROCKTUNE_ASSIGN_OR_RETURN(const std::vector<Trial> open,
                            history_->OpenTrials(kTunedName));
  if (!open.empty()) {
    step->history_id = open.back().id;
    return Save();
  }
  ROCKTUNE_ASSIGN_OR_RETURN(
      step->history_id,
      history_->OpenTrial(session_, TrialOf(*step), absl::Now()));
  return Save();
}

absl::Status TuneJournal::RecordClosed(const TuneStep& step) {
  Trial trial = TrialOf(step);
  trial.closed = absl::Now();
  return history_->CloseTrial(trial, absl::Now());
}

}  // namespace rocktune
