// Windows under the incumbent, and advice.
#include "policy/tuning_machine.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "policy/settling.h"

namespace rocktune {
namespace {

// Proposals in a row of which calibration leaves nothing: the advisor is
// stuck, and asking again under the same load is noise.
constexpr int kMaxEmptyProposals = 3;
// How fast the memory of a stall under the incumbent fades, per window.
constexpr double kNearnessDecay = 0.98;

// A history of so many baselines knows the noise; a baseline may then be
// shorter by this factor. Guesses.
constexpr int kKnownNoise = 2;
constexpr int kShorterBaseline = 4;
// Writers stalled for this part of the time want relief. A guess.
constexpr double kStalled = 0.1;

absl::Duration LengthOf(const std::vector<Window>& windows) {
  absl::Duration sum;
  for (const Window& window : windows) sum += window.length;
  return sum;
}

absl::Duration MeanLength(const std::vector<Window>& windows) {
  if (windows.empty()) return absl::ZeroDuration();
  return LengthOf(windows) / static_cast<int64_t>(windows.size());
}

}  // namespace

TuningMachine::TuningMachine(MachineConfig config, MachineFacts facts,
                             ProcessState* process)
    : config_(std::move(config)),
      facts_(std::move(facts)),
      process_(process),
      writes_(config_.option_writes_per_hour) {}

std::vector<Action> TuningMachine::On(const Event& event, absl::Time now) {
  now_ = now;
  actions_.clear();
  std::visit([this](const auto& e) { Handle(e); }, event);
  return std::exchange(actions_, {});
}

void TuningMachine::Enter(TuningState state, std::string why) {
  if (state != state_) {
    state_ = state;
    state_since_ = now_;
    Say("state", absl::StrCat(ToString(state), ": ", why));
  }
  state_why_ = std::move(why);
}

void TuningMachine::Say(absl::string_view kind, std::string line,
                        std::optional<uint32_t> uid) {
  Emit(action::Note{std::string(kind), std::move(line), trial_ ? trial_->id : 0,
                    uid});
}

CalibrationContext TuningMachine::Context() const {
  static const Window kNoWindow;
  CalibrationContext context;
  context.catalogue = &facts_.catalogue;
  context.database = &facts_.database;
  context.host = &facts_.host;
  context.features = &facts_.features;
  context.values = &values_;
  context.window = latest_ ? &*latest_ : &kNoWindow;
  context.pins = &pins_;
  context.memory_budget_bytes = process_->memory_budget_bytes();
  context.memory_of_others_bytes =
      process_->CommittedByOthers(facts_.database.name);
  context.max_changes = config_.max_changes;
  return context;
}

CalibrationResult TuningMachine::CalibrateNow(const Proposal& proposal) const {
  return Calibrate(proposal, Context());
}

AdvisorInput TuningMachine::Input() const {
  return {Context(), baseline_, trials_, trace_ ? &*trace_ : nullptr};
}

std::optional<ArmSummary> TuningMachine::RecentSummary() const {
  const std::vector<Window> candidate =
      run_ && in_force_ ? WindowsOf(run_->Blocks(), /*candidate=*/true)
                        : std::vector<Window>();
  const std::vector<Window>& recent = candidate.empty() ? baseline_ : candidate;
  if (recent.empty()) return std::nullopt;
  const size_t n = std::min<size_t>(recent.size(), 10);
  absl::Span<const Window> tail =
      absl::MakeConstSpan(recent).subspan(recent.size() - n);
  return Summarise(tail, MixOf(baseline_.empty() ? tail : baseline_));
}

void TuningMachine::Handle(const event::Started& event) {
  values_ = event.values;
  at_attach_ = event.values;
  // What a crash left of an open trial is not the host's: put it back first.
  for (auto it = event.unfinished.rbegin(); it != event.unfinished.rend();
       ++it) {
    for (const Change& change : it->change_set.changes) {
      auto found = at_attach_.find(change.key);
      if (found != at_attach_.end() && found->second == change.after) {
        found->second = change.before;
      }
    }
    Trial closed = *it;
    closed.verdict = Verdict::kAborted;
    closed.closed = now_;
    closed.why = "the process ended during the trial; proven values restored";
    interrupted_.push_back(std::move(closed));
  }
  proven_ = at_attach_;
  for (const auto& [key, value] : event.proven) {
    auto found = proven_.find(key);
    if (found == proven_.end() || found->second == value) continue;
    if (!restart_) {
      restart_ = Proposal{
          ProposalSource::kHistory, "values proven in an earlier session", {}};
    }
    restart_->changes.push_back({key.name, key.column_family, value,
                                 "proven in an earlier session", ""});
  }
  keep_restart_ = event.keep_proven && config_.mode == TuningMode::kAuto;
  memory_.Load(event.memory);
  const ChangeSet leftovers = Difference(at_attach_);
  if (leftovers.empty()) {
    CloseInterrupted();
    Enter(TuningState::kBaselining, "collecting the first windows");
    return;
  }
  StartRestore({.change_set = leftovers,
                .why = "restoring what an interrupted trial left"});
}

// Only once the values are back: a second crash must find the trial open.
void TuningMachine::CloseInterrupted() {
  for (const Trial& trial : std::exchange(interrupted_, {})) {
    Emit(action::CloseTrial{trial});
    Say("recovery", absl::StrCat("trial ", trial.id, ": ", trial.why));
  }
}

void TuningMachine::Handle(const event::WindowClosed& event) {
  latest_ = event.window;
  process_->SetCommitted(facts_.database.name,
                         CommittedMemoryBytes(Context(), values_));
  switch (state_) {
    case TuningState::kDetached:
      return;
    case TuningState::kApplying:
    case TuningState::kSettling:
    case TuningState::kMeasuring:
    case TuningState::kProbation:
      AdvanceTrial(event);
      return;
    case TuningState::kRollingBack:
      WatchRestore(event);
      return;
    default:
      AdvanceWithoutTrial(event);
  }
}

void TuningMachine::AdvanceWithoutTrial(const event::WindowClosed& event) {
  incumbent_nearness_ =
      std::max(event.stall_nearness, incumbent_nearness_ * kNearnessDecay);
  if (state_ == TuningState::kCoolingDown) {
    // Windows right after a rollback still carry the candidate's effects.
    // Until what a job in flight put back is set again, they are under it.
    const absl::Duration elapsed = now_ - state_since_;
    if (WatchSuspect(event.window)) return;
    if (elapsed >= config_.cool_down &&
        (event.settled || elapsed >= config_.settle_max)) {
      FinishCoolDown();
    }
    return;
  }
  AddIncumbentWindow(event);
  if (state_ == TuningState::kBaselining) {
    ConsultWhenReady();
  } else if (state_ == TuningState::kConsulting) {
    if (now_ - state_since_ > config_.consult_limit) {
      Enter(TuningState::kCoolingDown, "the advisor did not answer in time");
    }
  } else if (state_ == TuningState::kVetting) {
    StartTrialWhenPossible(event);
  } else if (state_ == TuningState::kConverged) {
    ThinWhenIdle();
  }
}

bool TuningMachine::GoesOneWay(const ChangeSet& change_set) {
  return DesignOf(change_set).design != TrialDesign::kSwitchback;
}

DesignChoice TuningMachine::DesignOf(const ChangeSet& change_set) {
  return ChooseDesign({&change_set, &facts_.catalogue, &facts_.features,
                       baseline_, writes_.Left(now_),
                       2 * config_.verdict.max_pairs});
}

// A value that was proven under this load before needs no long baseline.
bool TuningMachine::BaselineReady(const Proposal* proposal) {
  if (proposal != nullptr && proposal->confirms) {
    return baseline_.size() >= kRecallWindows;
  }
  if (proposal == nullptr || !GoesOneWay(pending_result_.change_set)) {
    return LengthOf(baseline_) >= config_.baseline;
  }
  // Noise that is known from before the load or the values changed counts too;
  // then the baseline need only say where things stand now. And a stall is not
  // waited out for the sake of a long baseline.
  const bool noise_is_known =
      MeanLength(baseline_) * static_cast<int64_t>(history_.windows()) >=
      kKnownNoise * config_.one_way_baseline;
  const bool stalls = StallShare(Pool(baseline_)) > kStalled &&
                      RelievesStall(pending_result_.change_set);
  const absl::Duration needed =
      noise_is_known || stalls ? config_.one_way_baseline / kShorterBaseline
                               : config_.one_way_baseline;
  return LengthOf(baseline_) >= std::max(needed, config_.baseline);
}

void TuningMachine::ConsultWhenReady() {
  if (keep_restart_ && restart_) {
    keep_restart_ = false;
    const CalibrationResult result =
        CalibrateNow(*std::exchange(restart_, std::nullopt));
    if (!result.change_set.empty()) {
      StartRestore({.change_set = result.change_set,
                    .why = "setting the values proven in earlier sessions"});
      return;
    }
  }
  if (RecallValues()) return;
  if (!BaselineReady(nullptr)) {
    state_why_ = absl::StrFormat("%d of %d s of windows under load",
                                 absl::ToInt64Seconds(LengthOf(baseline_)),
                                 absl::ToInt64Seconds(config_.baseline));
    return;
  }
  if (!first_baseline_) {
    first_baseline_ = Summarise(baseline_, MixOf(baseline_));
  }
  if (config_.mode <= TuningMode::kObserve) {
    state_why_ = absl::StrCat("mode ", ToString(config_.mode), " only watches");
    return;
  }
  if (restart_) {
    TakeProposal(*std::exchange(restart_, std::nullopt));
    return;
  }
  if (pending_) {  // a holdback
    Enter(TuningState::kVetting, "a proposal waits");
    return;
  }
  Enter(TuningState::kConsulting, "asking the advisor");
  Emit(action::Consult{++consultation_});
}

void TuningMachine::Handle(const event::AdviceArrived& event) {
  if (state_ != TuningState::kConsulting ||
      event.consultation != consultation_) {
    return;  // too late: the state has moved on
  }
  advisor_why_ = event.advice.why;
  if (event.advice.proposal) {
    TakeProposal(*event.advice.proposal);
  } else if (event.advice.converged) {
    RememberValues();
    Enter(TuningState::kConverged, event.advice.why);
  } else {
    Enter(TuningState::kCoolingDown,
          absl::StrCat("no proposal: ", event.advice.why));
  }
}

// While anything else goes on it is asked for in its turn.
void TuningMachine::Handle(const event::AdviceOffered&) {
  if (state_ != TuningState::kConverged) return;
  empty_proposals_ = 0;
  Enter(TuningState::kBaselining, "the advisor has something new to say");
}

void TuningMachine::TakeProposal(Proposal proposal) {
  CalibrationResult result = CalibrateNow(proposal);
  if (result.change_set.empty()) {
    RefuseProposal(proposal, result.notes);
    if (++empty_proposals_ >= kMaxEmptyProposals) {
      Enter(TuningState::kConverged,
            "calibration leaves nothing of the advisor's proposals");
    } else {
      Enter(TuningState::kCoolingDown, "calibration left nothing to try");
    }
    return;
  }
  empty_proposals_ = 0;
  const bool starts = config_.mode == TuningMode::kAuto;
  pending_ = std::move(proposal);
  pending_result_ = std::move(result);
  approved_ = false;
  Enter(TuningState::kVetting,
        starts ? absl::StrCat("about to try: ", pending_->summary)
               : absl::StrCat("mode ", ToString(config_.mode),
                              ", would try: ", pending_->summary));
}

void TuningMachine::RefuseProposal(const Proposal& proposal,
                                   const std::vector<CalibrationNote>& notes) {
  ++proposals_refused_;
  Trial refused;  // never applied: the change set stays empty
  refused.database = facts_.database.name;
  refused.source = proposal.source;
  refused.summary = proposal.summary;
  refused.notes = notes;
  refused.opened = refused.closed = now_;
  refused.verdict = Verdict::kAborted;
  refused.why = absl::StrJoin(notes, "; ",
                              [](std::string* out, const CalibrationNote& n) {
                                absl::StrAppend(out, n.message);
                              });
  Say("refused", absl::StrCat(proposal.summary, ": ", refused.why));
  Emit(action::Learn{std::move(refused)});
}

void TuningMachine::FinishCoolDown() {
  if (pending_) {
    Enter(TuningState::kVetting, "a proposal waits");
  } else {
    Enter(TuningState::kBaselining, "measuring the incumbent");
  }
}

void TuningMachine::Handle(const event::TraceTaken& event) {
  trace_ = event.facts;
}

WorkloadProfile TuningMachine::Profile() const {
  return ProfileOf(baseline_, trace_);
}

void TuningMachine::Handle(const event::FamiliesChanged& event) {
  facts_.database = event.facts;
}

}  // namespace rocktune
