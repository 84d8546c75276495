// One trial, from the recorded inverse to the verdict.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "policy/settling.h"
#include "policy/tuning_machine.h"

namespace rocktune {
namespace {

// A trial whose jobs in flight do not end in this time is given up.
constexpr absl::Duration kSettleGiveUp = absl::Minutes(10);

std::string Describe(const ChangeSet& change_set) {
  return absl::StrJoin(change_set.changes, ", ",
                       [](std::string* out, const Change& change) {
                         absl::StrAppend(out, ToString(change.key), " ",
                                         change.before, " -> ", change.after);
                       });
}

}  // namespace

void TuningMachine::StartTrialWhenPossible(const event::WindowClosed& event) {
  if (!pending_) {
    Enter(TuningState::kBaselining, "nothing is proposed");
    return;
  }
  const bool from_operator = pending_->source == ProposalSource::kOperator;
  if (!from_operator && !approved_ && config_.mode != TuningMode::kAuto) {
    if (now_ - state_since_ > config_.pending_limit) {
      pending_.reset();
      Enter(TuningState::kBaselining, "the proposal went stale unanswered");
    }
    return;
  }
  if (!BaselineReady()) {
    state_why_ = "collecting a baseline for the proposal";
    return;
  }
  if (event.window.stalls.writes_stopped ||
      (event.window.stalls.delayed_write_rate > 0 &&
       !RelievesStall(pending_result_.change_set))) {
    state_why_ = "waiting for the write stall to end";
    return;
  }
  if (!process_->AcquireTrial(facts_.database.name)) {
    state_why_ =
        absl::StrCat("waiting for the trial on ", process_->trial_holder());
    return;
  }
  OpenTrial();
}

void TuningMachine::OpenTrial() {
  // Values may have moved since the proposal was vetted.
  const Proposal proposal = *std::exchange(pending_, std::nullopt);
  approved_ = false;
  pending_result_ = CalibrateNow(proposal);
  if (pending_result_.change_set.empty()) {
    process_->ReleaseTrial(facts_.database.name);
    RefuseProposal(proposal, pending_result_.notes);
    Enter(TuningState::kCoolingDown, "calibration left nothing to try");
    return;
  }
  const OpMix mix = MixOf(baseline_);
  trial_.emplace();
  trial_->database = facts_.database.name;
  trial_->source = proposal.source;
  trial_->summary = proposal.summary;
  trial_->change_set = pending_result_.change_set;
  trial_->inverse = InverseOf(trial_->change_set);
  trial_->notes = pending_result_.notes;
  trial_->opened = now_;
  trial_->baseline = Summarise(baseline_, mix);
  if (!first_baseline_) first_baseline_ = trial_->baseline;
  guardrails_.emplace(config_.guardrails, trial_->baseline,
                      facts_.host.UsableMemoryBytes());
  recording_ = true;
  in_force_ = false;
  candidate_.clear();
  settling_.clear();
  abort_after_apply_.reset();
  Emit(action::RecordTrial{++ticket_, *trial_});
  Enter(TuningState::kApplying, absl::StrCat("recording the inverse of: ",
                                             Describe(trial_->change_set)));
}

void TuningMachine::Handle(const event::TrialRecorded& event) {
  if (event.ticket != ticket_ || !recording_) {
    if (event.id.ok()) {  // recorded after we gave up: it never began
      Trial late;
      late.id = *event.id;
      late.database = facts_.database.name;
      late.verdict = Verdict::kAborted;
      late.closed = now_;
      late.why = "recorded too late; never applied";
      Emit(action::CloseTrial{std::move(late)});
    }
    return;
  }
  recording_ = false;
  if (!event.id.ok()) {
    DropUnrecordedTrial(absl::StrCat("the history cannot be written: ",
                                     std::string(event.id.status().message())));
    return;
  }
  trial_->id = *event.id;
  if (abort_after_apply_) {
    EndUnapplied(
        absl::StrCat(abort_after_apply_->why, "; nothing was applied"));
    return;
  }
  applying_ = true;
  applied_at_ = now_;
  AnnounceLive(trial_->change_set);
  Emit(action::ApplyValues{++epoch_, trial_->change_set, /*is_rollback=*/false,
                           RelievesStall(trial_->change_set)});
  Enter(TuningState::kApplying, "setting values");
}

void TuningMachine::DropUnrecordedTrial(std::string why) {
  trial_.reset();
  guardrails_.reset();
  process_->ReleaseTrial(facts_.database.name);
  const auto abort = std::exchange(abort_after_apply_, std::nullopt);
  Freeze(std::move(why));
  if (abort && abort->target) {
    StartRestore(*abort);
  } else if (abort && abort->ticket) {
    ReplyOk(*abort->ticket, "the trial was not applied");
  }
  if (detach_ && !restore_) ContinueDetach();
}

void TuningMachine::EndUnapplied(std::string why) {
  const auto abort = std::exchange(abort_after_apply_, std::nullopt);
  CloseTrialAs(Verdict::kAborted, std::move(why));
  if (abort && abort->target) {  // earlier trials are to be undone too
    StartRestore(*abort);
    return;
  }
  if (abort && abort->ticket) {
    ReplyOk(*abort->ticket, "the trial was not applied");
  }
  AfterTrial(abort ? abort->then : Then::kCoolDown);
}

void TuningMachine::OnTrialApplied(const ApplyReport& report) {
  const bool applied = report.outcome == ApplyOutcome::kApplied ||
                       report.outcome == ApplyOutcome::kAppliedNotPersisted;
  if (report.outcome == ApplyOutcome::kPartial) {
    in_force_ = true;
    StartRestore({.change_set = trial_->inverse,
                  .why = absl::StrCat("only partly applied: ",
                                      std::string(report.status.message())),
                  .then = Then::kFreeze});
    return;
  }
  if (!applied) {
    EndUnapplied(
        absl::StrCat("not applied: ", std::string(report.status.message())));
    return;
  }
  in_force_ = true;
  applied_at_ = now_;
  Emit(action::RecordReadBack{trial_->id, report.values});
  const bool overtaken = CorrectInverse(report);
  if (abort_after_apply_) {
    StartRestore(*std::exchange(abort_after_apply_, std::nullopt));
    return;
  }
  if (overtaken) {
    StartRestore({.change_set = trial_->inverse,
                  .why = "somebody else changed its options just before it"});
    return;
  }
  Enter(TuningState::kSettling,
        absl::StrCat(Describe(trial_->change_set), " in force"));
}

void TuningMachine::WatchApplying() {
  const absl::Duration elapsed = now_ - state_since_;
  if (recording_ && elapsed > config_.record_limit) {
    recording_ = false;
    DropUnrecordedTrial("the history did not answer in time");
  } else if (applying_ && elapsed > config_.apply_limit &&
             !abort_after_apply_) {
    Say("alarm", absl::StrCat("an option call has been inside RocksDB for ",
                              absl::FormatDuration(elapsed)));
    abort_after_apply_ = Restore{.change_set = trial_->inverse,
                                 .why = "the option call took too long"};
  }
}

void TuningMachine::AdvanceTrial(const event::WindowClosed& event) {
  if (state_ == TuningState::kApplying) {
    WatchApplying();
    return;
  }
  if (TripOnDanger(event)) return;
  if (state_ == TuningState::kSettling) {
    AdvanceSettling(event);
    return;
  }
  candidate_.push_back(event.window);
  if (state_ == TuningState::kMeasuring) {
    JudgeTrial();
  } else if (now_ - state_since_ >= config_.probation) {
    FinishProbation();
  }
}

bool TuningMachine::TripOnDanger(const event::WindowClosed& event) {
  std::optional<std::string> why = guardrails_->Check(event.window);
  if (!why && event.stall_nearness >= config_.stall_nearness_limit &&
      event.stall_nearness > incumbent_nearness_) {
    why = absl::StrFormat("writes came within %.0f %% of a stop (%s)",
                          100 * (1 - event.stall_nearness), event.stall_cause);
  }
  if (!why) return false;
  AbortTrial({.verdict = Verdict::kRegressed,
              .why = absl::StrCat("guardrail: ", *why)});
  return true;
}

void TuningMachine::AdvanceSettling(const event::WindowClosed& event) {
  settling_.push_back(event.window);
  const absl::Duration elapsed = now_ - applied_at_;
  if (!event.settled) {
    state_why_ = "waiting for jobs that began under the old values";
    if (elapsed > kSettleGiveUp) {
      AbortTrial({.verdict = Verdict::kInconclusive,
                  .why = "jobs under the old values did not end in time"});
    }
    return;
  }
  if (elapsed < config_.settle) return;
  const OptionClass slowest =
      SlowestClass(trial_->change_set, facts_.catalogue);
  if (!EffectInPlace(slowest, settling_) && elapsed < config_.settle_max) {
    state_why_ = "waiting for the effect to be in place";
    return;
  }
  trial_->windows_dropped = static_cast<int>(settling_.size());
  Enter(TuningState::kMeasuring, "the effect is in place");
}

void TuningMachine::JudgeTrial() {
  const absl::Duration elapsed = now_ - state_since_;
  if (elapsed < config_.measure_min) return;
  const OldJudgement judgement =
      OldJudge(baseline_, candidate_, config_.verdict,
            /*last_chance=*/elapsed >= config_.measure_max);
  trial_->effect = judgement.effect;
  state_why_ = judgement.why;
  if (!judgement.decided) return;
  if (judgement.verdict == Verdict::kKept) {
    Enter(TuningState::kProbation, judgement.why);
    return;
  }
  AbortTrial({.verdict = judgement.verdict, .why = judgement.why});
}

void TuningMachine::FinishProbation() {
  const OldJudgement judgement =
      OldJudge(baseline_, candidate_, config_.verdict, /*last_chance=*/true);
  trial_->effect = judgement.effect;
  if (judgement.verdict == Verdict::kKept) {
    KeepTrial(judgement.why);
  } else {
    AbortTrial({.verdict = judgement.verdict,
                .why = absl::StrCat("probation: ", judgement.why)});
  }
}

void TuningMachine::KeepTrial(const std::string& why) {
  proven_ = values_;
  kept_.push_back(*trial_);
  // The candidate is the incumbent now, and its windows the next baseline.
  const size_t n = std::min(candidate_.size(), kMaxBaseline);
  CloseTrialAs(Verdict::kKept, why);
  kept_.back() = trials_.back();
  baseline_.assign(candidate_.end() - static_cast<ptrdiff_t>(n),
                   candidate_.end());
  candidate_.clear();
  SaveProven(kept_.back().id);
  AfterTrial(Then::kCoolDown);
}

// With `undone` false its values may still be in force: the history keeps the
// trial open, so that the next Attach restores what was proven.
void TuningMachine::CloseTrialAs(Verdict verdict, std::string why,
                                 bool undone) {
  trial_->verdict = verdict;
  trial_->closed = now_;
  trial_->why = std::move(why);
  if (in_force_) trial_->in_force = now_ - applied_at_;
  if (!candidate_.empty()) {
    trial_->candidate = Summarise(candidate_, MixOf(baseline_));
  }
  if (verdict == Verdict::kKept) {
    ++trials_kept_;
  } else if (in_force_ && undone) {
    ++trials_rolled_back_;
  }
  Say("trial", absl::StrCat("trial ", trial_->id, " ", ToString(verdict), ": ",
                            Describe(trial_->change_set), ": ", trial_->why));
  if (undone) {
    Emit(action::CloseTrial{*trial_});
  } else {
    interrupted_.push_back(*trial_);
  }
  Emit(action::Learn{*trial_});
  trials_.push_back(*trial_);
  if (trials_.size() > kMaxTrials) trials_.erase(trials_.begin());
  trial_.reset();
  guardrails_.reset();
  in_force_ = false;
  process_->ReleaseTrial(facts_.database.name);
}

}  // namespace rocktune
