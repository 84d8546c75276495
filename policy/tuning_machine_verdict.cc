// From the judgement of a trial to its end.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/arms_load.h"
#include "policy/cache_warmth.h"
#include "policy/probation.h"
#include "policy/tuning_machine.h"

namespace rocktune {
namespace {

constexpr double kUnknownNoise = 0.05;
// Windows after the rollback of a trial that a guardrail ended: the first ones
// still carry its effect, the last one says whether the harm has gone.
constexpr int kSuspectSkips = 3;
constexpr int kSuspectWindows = 12;

}  // namespace

void TuningMachine::TakeJudgement(Judgement judgement) {
  trial_->effect = judgement.effect;
  trial_->costs = judgement.costs;
  trial_->windows_dropped = judgement.windows_dropped;
  const std::vector<Block> blocks = run_->Blocks();
  const std::vector<Window> baseline = WindowsOf(blocks, /*candidate=*/false);
  const std::vector<Window> candidate = WindowsOf(blocks, /*candidate=*/true);
  std::optional<std::string> moved;
  // A confirming trial begins right after a shift: its baseline may be mixed.
  if (!trial_->confirms) {
    ArmLoad after{candidate, std::nullopt};
    if (trace_ && trace_->taken >= in_force_since_ && in_force_) {
      after.trace = trace_;
    }
    moved = LoadMoved({baseline, trace_before_}, after);
  }
  if (moved && judgement.verdict != Verdict::kInconclusive) {
    judgement.verdict = Verdict::kInconclusive;
    judgement.ended = "load_shift";
    judgement.why = absl::StrCat(*moved, "; ", judgement.why);
  }
  trial_->ended = judgement.ended;
  if (judgement.verdict != Verdict::kKept) {
    AbortTrial({.verdict = judgement.verdict, .why = judgement.why});
  } else if (trial_->confirms) {
    KeepTrial(judgement.why);
  } else {
    probation_.clear();
    Enter(TuningState::kProbation, judgement.why);
  }
}

void TuningMachine::AdvanceProbation(const Window& window) {
  // What was proven was proven under the load before.
  if (candidate_shift_.Add(window, /*rate_is_ours=*/true)) {
    KeepTrial(absl::StrCat(state_why_, "; the load changed in probation"));
    return;
  }
  if (window.Operations() > 0) probation_.push_back(window);
  if (now_ - state_since_ < config_.probation) return;
  const std::vector<Block> blocks = run_->Blocks();
  const std::vector<Window> baseline = WindowsOf(blocks, /*candidate=*/false);
  const std::vector<Window> candidate = WindowsOf(blocks, /*candidate=*/true);
  const std::optional<std::string> harm = DelayedHarm(
      {.baseline = baseline,
       .candidate = candidate,
       .probation = probation_,
       .mix = MixOf(baseline),
       .saturated = Saturated(Pool(baseline), facts_.host.cores),
       .window_noise = history_.WindowNoise().value_or(kUnknownNoise)},
      config_.verdict);
  if (!harm) {
    KeepTrial(state_why_);
    return;
  }
  trial_->ended = "probation";
  AbortTrial({.verdict = Verdict::kRegressed,
              .why = absl::StrCat("probation: ", *harm)});
}

void TuningMachine::KeepTrial(const std::string& why) {
  proven_ = values_;
  kept_.push_back(*trial_);
  // The candidate is the incumbent now, and its windows the next baseline.
  std::vector<Window> candidate = WindowsOf(run_->Blocks(), /*candidate=*/true);
  candidate.insert(candidate.end(), probation_.begin(), probation_.end());
  CloseTrialAs(Verdict::kKept, why);
  kept_.back() = trials_.back();
  const size_t n = std::min(candidate.size(), kMaxBaseline);
  baseline_.assign(candidate.end() - static_cast<ptrdiff_t>(n),
                   candidate.end());
  history_.StartOver();
  for (const Window& window : baseline_) AddToHistory(window);
  shift_ = candidate_shift_;
  thinning_.Kept(kept_.back(), facts_.catalogue);
  MakePromise();
  // A confirming trial is too short to promise anything.
  if (kept_.back().confirms) promise_.reset();
  SaveProven(kept_.back().id);
  kept_under_load_ = true;
  RememberValues();
  AfterTrial(Then::kCoolDown);
}

// What the verdict looked at, for the history and its plot.
void TuningMachine::CopyEvidence() {
  const std::vector<Block> blocks = run_->Blocks();
  const std::vector<Window> baseline = WindowsOf(blocks, /*candidate=*/false);
  const std::vector<Window> candidate = WindowsOf(blocks, /*candidate=*/true);
  const OpMix mix = MixOf(baseline_);
  if (!baseline.empty()) trial_->baseline = Summarise(baseline, mix);
  if (!candidate.empty()) trial_->candidate = Summarise(candidate, mix);
  const size_t first =
      blocks.size() - std::min(blocks.size(), Trial::kMaxBlocks);
  trial_->blocks.clear();
  for (size_t i = first; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    TrialBlock row{block.candidate, block.pair};
    row.windows = static_cast<int>(block.windows.size());
    row.dropped = block.dropped;
    if (!block.windows.empty()) {
      row.begin = block.windows.front().start - trial_->opened;
      row.cost = ObjectiveCost(config_.verdict.objective, Pool(block.windows),
                               mix, /*saturated=*/false);
    }
    trial_->blocks.push_back(row);
  }
  if (trial_->design != TrialDesign::kSwitchback || baseline.empty()) return;
  // The incumbent's blocks are the freshest baseline there is.
  baseline_.insert(baseline_.end(), baseline.begin(), baseline.end());
  TrimBaseline();
  for (const Window& window : baseline) AddToHistory(window);
}

// With `undone` false its values may still be in force: the history keeps the
// trial open, so that the next Attach restores what was proven.
void TuningMachine::CloseTrialAs(Verdict verdict, std::string why,
                                 bool undone) {
  trial_->verdict = verdict;
  trial_->closed = now_;
  trial_->why = std::move(why);
  if (trial_->ended.empty()) trial_->ended = std::string(ToString(verdict));
  ArmChanged(/*candidate=*/false);
  if (was_applied_ && run_) CopyEvidence();
  if (verdict != Verdict::kKept) harm_.Spend(*trial_, now_);
  if (verdict == Verdict::kKept) {
    ++trials_kept_;
  } else if (was_applied_ && undone) {
    ++trials_rolled_back_;
  }
  if (was_applied_) ++trials_under_load_;
  Say("trial",
      absl::StrCat("trial ", trial_->id, " ", ToString(verdict), ": ",
                   absl::StrJoin(trial_->change_set.changes, ", ",
                                 [](std::string* out, const Change& change) {
                                   absl::StrAppend(out, ToString(change.key),
                                                   " ", change.before, " -> ",
                                                   change.after);
                                 }),
                   ": ", trial_->why));
  if (undone) {
    Emit(action::CloseTrial{*trial_});
  } else {
    interrupted_.push_back(*trial_);
  }
  if (trial_->confirms && verdict == Verdict::kRegressed) {
    ForgetWhatFailed();
  }
  suspect_.reset();
  const bool leaves_cold_cache = CutInSteps(trial_->change_set).size() > 1;
  if (trial_->ended == "guardrail" && undone && !leaves_cold_cache) {
    guardrails_->Restart();
    suspect_.emplace(Suspect{*trial_, *guardrails_});
    suspect_->guardrails.HalveLimits();
  }
  if (trial_->thins) thinning_.Learn(*trial_);
  Emit(action::Learn{*trial_});
  trials_.push_back(*trial_);
  if (trials_.size() > kMaxTrials) trials_.erase(trials_.begin());
  trial_.reset();
  guardrails_.reset();
  run_.reset();
  process_->ReleaseTrial(facts_.database.name);
}

// Harm that goes on under the proven values was not the candidate's. (A cache
// that was cut is cold after the rollback: there it says nothing.) True while
// more windows are needed to tell.
bool TuningMachine::WatchSuspect(const Window& window) {
  if (!suspect_) return false;
  if (++suspect_->windows <= kSuspectSkips) return true;
  if (suspect_->guardrails.Check(window)) {
    Trial& trial = suspect_->trial;
    trial.verdict = Verdict::kInconclusive;
    trial.ended = "not_its_fault";
    trial.why += "; the same went on after the rollback, so it was not its";
    Say("trial", absl::StrCat("trial ", trial.id, " ", trial.why));
    Emit(action::CloseTrial{trial});
    Emit(action::Learn{trial});
    if (!trials_.empty() && trials_.back().id == trial.id) {
      trials_.back() = trial;
    }
    suspect_.reset();
    return false;
  }
  if (suspect_->windows < kSuspectWindows) return true;
  suspect_.reset();
  return false;
}

void TuningMachine::ForgetWhatFailed() {
  const WorkloadProfile profile = Profile();
  const MemoryEntry* entry = memory_.Recall(profile);
  if (entry == nullptr) return;
  const int64_t id = entry->id;
  if (memory_.Failed(profile)) Emit(action::ForgetMemory{id});
}

}  // namespace rocktune
