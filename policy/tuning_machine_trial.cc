// One trial: its values, and the windows it gives to the run.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "policy/settling.h"
#include "policy/trial_design.h"
#include "policy/tuning_machine.h"

namespace rocktune {
namespace {

// Calls that the least trial needs: there, and back.
constexpr int kLeastSwitches = 2;

// A proposal that does not relieve a stall is dropped when one lasts longer.
constexpr absl::Duration kLongestStall = absl::Minutes(2);
// A baseline that stalled less than this did not stall.
constexpr double kHardlyStalled = 0.05;

std::string Describe(const ChangeSet& change_set) {
  return absl::StrJoin(change_set.changes, ", ",
                       [](std::string* out, const Change& change) {
                         absl::StrAppend(out, ToString(change.key), " ",
                                         change.before, " -> ", change.after);
                       });
}

// The order within pairs must not follow anything the load could follow.
uint64_t CoinSeed(const std::string& database, absl::Time now) {
  uint64_t seed = static_cast<uint64_t>(absl::ToUnixNanos(now));
  for (const char c : database) {
    seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3;  // FNV-1a
  }
  return seed;
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
  if (!BaselineReady(&*pending_)) {
    state_why_ = "collecting a baseline for the proposal";
    return;
  }
  if (event.window.stalls.writes_stopped ||
      (event.window.stalls.delayed_write_rate > 0 &&
       !RelievesStall(pending_result_.change_set))) {
    state_why_ = "waiting for the write stall to end";
    if (!from_operator && now_ - state_since_ > kLongestStall) {
      const Proposal proposal = *std::exchange(pending_, std::nullopt);
      RefuseProposal(
          proposal,
          {{.code = "stalled",
            .message = "writes stay delayed, and it would not relieve them"}});
      Enter(TuningState::kCoolingDown, "writes stay delayed");
    }
    return;
  }
  if (const absl::Duration wait = harm_.Wait(now_);
      wait > absl::ZeroDuration() && !from_operator && !approved_ &&
      !pending_->confirms) {
    state_why_ = absl::StrCat(
        "recent trials cost more service than they may: the next one in ",
        absl::FormatDuration(absl::Trunc(wait, absl::Seconds(1))));
    return;
  }
  const int calls = CallsOf(pending_result_.change_set, facts_.catalogue);
  if (const absl::Duration wait = writes_.Wait(kLeastSwitches * calls, now_);
      wait > absl::ZeroDuration() && !from_operator) {
    state_why_ = absl::StrCat("the budget of option calls is spent for ",
                              absl::FormatDuration(wait));
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
  trial_.emplace();
  trial_->database = facts_.database.name;
  trial_->source = proposal.source;
  trial_->summary = proposal.summary;
  trial_->confirms = proposal.confirms;
  trial_->thins = proposal.simplifies;
  trial_->about_trial = proposal.about_trial;
  trial_->min_effect = config_.verdict.min_effect;
  trial_->change_set = pending_result_.change_set;
  trial_->inverse = InverseOf(trial_->change_set);
  trial_->notes = pending_result_.notes;
  trial_->opened = now_;
  trial_->load = Describe(Profile());
  TrialSetup setup = SetupOf(proposal);
  trial_->baseline = Summarise(baseline_, setup.mix);
  if (!first_baseline_) first_baseline_ = trial_->baseline;
  guardrails_.emplace(config_.guardrails, trial_->baseline,
                      facts_.host.UsableMemoryBytes(), baseline_,
                      config_.verdict.limits);
  run_ = MakeTrialRun(std::move(setup));
  trial_->expected = run_->Expected();
  candidate_shift_.Reset();
  probation_.clear();
  was_applied_ = false;
  recording_ = true;
  in_force_ = false;
  abort_after_apply_.reset();
  Emit(action::RecordTrial{++ticket_, *trial_});
  Enter(TuningState::kApplying, absl::StrCat("recording the inverse of: ",
                                             Describe(trial_->change_set)));
}

TrialSetup TuningMachine::SetupOf(const Proposal& proposal) {
  TrialSetup setup;
  DesignChoice choice = ChooseDesign(
      {&trial_->change_set, &facts_.catalogue, &facts_.features, baseline_,
       writes_.Left(now_), 2 * config_.verdict.max_pairs});
  setup.slowest = SlowestClass(trial_->change_set, facts_.catalogue);
  if (proposal.confirms && choice.design == TrialDesign::kSwitchback) {
    choice = {TrialDesign::kBeforeAfter,
              "its values were proven under this load before: they stay unless "
              "they do harm"};
  }
  trial_->design = setup.design = choice.design;
  trial_->design_why = choice.why;
  setup.change_set = trial_->change_set;
  setup.inverse = trial_->inverse;
  setup.baseline = baseline_;
  setup.history = history_;
  setup.mix = MixOf(baseline_);
  setup.saturated = Saturated(Pool(baseline_), facts_.host.cores);
  setup.verdict = config_.verdict;
  if (ActsOnDebt(trial_->change_set)) {
    // Work put off looks like work saved: only the objective counts.
    setup.verdict.alpha -= setup.verdict.secondary_alpha;
    setup.verdict.secondary_alpha = 0;
  }
  setup.timing = {config_.settle, config_.settle_max, 5 * config_.settle_max,
                  config_.measure_min,
                  choice.design == TrialDesign::kSwitchback
                      ? config_.measure_max
                      : 2 * config_.measure_max};
  setup.coin_seed = CoinSeed(facts_.database.name, now_);
  setup.trace = trace_before_ = trace_;
  setup.confirms = proposal.confirms;
  setup.simplifies = proposal.simplifies;
  return setup;
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
  TakeStep(run_->Begin(now_));
}

void TuningMachine::TakeStep(TrialStep step) {
  switch (step.kind) {
    case TrialStep::Kind::kApply:
      SendTrialValues(step);
      return;
    case TrialStep::Kind::kEnd:
      TakeJudgement(std::move(step.judgement));
      return;
    case TrialStep::Kind::kWait:
      break;
  }
  if (step.measuring) trial_->effect = step.judgement.effect;
  Enter(step.measuring ? TuningState::kMeasuring : TuningState::kSettling,
        step.why.empty() ? state_why_ : std::move(step.why));
}

void TuningMachine::SendTrialValues(const TrialStep& step) {
  applying_ = true;
  sent_ = step.change_set;
  sent_at_ = now_;
  to_candidate_ = step.candidate;
  const int calls = CallsOf(sent_, facts_.catalogue);
  trial_->option_writes += calls;
  writes_.Spend(calls, now_);
  AnnounceLive(sent_);
  Emit(action::ApplyValues{++epoch_, sent_, /*is_rollback=*/false,
                           RelievesStall(sent_)});
  if (!was_applied_) Enter(TuningState::kApplying, "setting values");
}

void TuningMachine::DropUnrecordedTrial(std::string why) {
  trial_.reset();
  guardrails_.reset();
  run_.reset();
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
    ArmChanged(/*candidate=*/true);
    StartRestore({.change_set = trial_->inverse,
                  .why = absl::StrCat("only partly applied: ",
                                      std::string(report.status.message())),
                  .then = Then::kFreeze});
    return;
  }
  if (!applied) {
    const std::string why =
        absl::StrCat("not applied: ", std::string(report.status.message()));
    if (!was_applied_) {
      EndUnapplied(why);
    } else if (abort_after_apply_) {
      StartRestore(*std::exchange(abort_after_apply_, std::nullopt));
    } else {
      StartRestore({.change_set = trial_->inverse,
                    .verdict = Verdict::kInconclusive,
                    .why = why});
    }
    return;
  }
  const bool first = !was_applied_;
  ArmChanged(to_candidate_);
  if (first) Emit(action::RecordReadBack{trial_->id, report.values});
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
  if (first) state_why_ = absl::StrCat(Describe(sent_), " in force");
  TakeStep(run_->Applied(now_));
}

void TuningMachine::ArmChanged(bool candidate) {
  if (in_force_ && !candidate) trial_->in_force += now_ - in_force_since_;
  if (candidate && !in_force_) in_force_since_ = now_;
  in_force_ = candidate;
  was_applied_ |= candidate;
}

void TuningMachine::WatchApplying() {
  if (recording_ && now_ - state_since_ > config_.record_limit) {
    recording_ = false;
    DropUnrecordedTrial("the history did not answer in time");
  } else if (applying_ && now_ - sent_at_ > config_.apply_limit &&
             !abort_after_apply_) {
    Say("alarm", absl::StrCat("an option call has been inside RocksDB for ",
                              absl::FormatDuration(now_ - sent_at_)));
    abort_after_apply_ = Restore{.change_set = trial_->inverse,
                                 .why = "the option call took too long"};
  }
}

void TuningMachine::AdvanceTrial(const event::WindowClosed& event) {
  if (recording_ || applying_) {  // the window belongs to no arm
    WatchApplying();
    return;
  }
  if (TripOnDanger(event)) return;
  if (state_ == TuningState::kProbation) {
    AdvanceProbation(event.window);
    return;
  }
  if (LoadShiftedInTrial(event.window)) return;
  TakeStep(run_->OnWindow(event.window, event.settled, now_));
}

// Each arm has a reference of its own: what the candidate does to a closed
// loop is no shift of the load.
bool TuningMachine::LoadShiftedInTrial(const Window& window) {
  if (window.Operations() == 0) return false;
  if (in_force_ && state_ != TuningState::kMeasuring) return false;
  LoadShiftDetector& detector = in_force_ ? candidate_shift_ : shift_;
  const std::optional<LoadShift> shift =
      detector.Add(window, /*rate_is_ours=*/true);
  if (!shift) return false;
  trial_->ended = "load_shift";
  AbortTrial(
      {.verdict = Verdict::kInconclusive,
       .why = absl::StrCat("the load changed during it: ", shift->text)});
  return true;
}

bool TuningMachine::TripOnDanger(const event::WindowClosed& event) {
  std::optional<std::string> why;
  if (in_force_) why = guardrails_->Check(event.window);
  // Harm of the candidate may come up under the incumbent's block. Where
  // writers were stalled before, nearness says nothing new.
  if (!why && trial_->baseline.stall_share < kHardlyStalled &&
      event.stall_nearness >= config_.stall_nearness_limit &&
      event.stall_nearness > incumbent_nearness_) {
    why = absl::StrFormat("writes came within %.0f %% of a stop (%s)",
                          100 * (1 - event.stall_nearness), event.stall_cause);
  }
  if (!why) return false;
  trial_->ended = "guardrail";
  AbortTrial({.verdict = Verdict::kRegressed,
              .why = absl::StrCat("guardrail: ", *why)});
  return true;
}

}  // namespace rocktune
