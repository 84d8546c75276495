// The tuning of one database: an event and the time in, actions out. Pure: no
// thread, no clock, no I/O; the same events give the same actions.
#ifndef ROCKTUNE_POLICY_TUNING_MACHINE_H_
#define ROCKTUNE_POLICY_TUNING_MACHINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "policy/catalogue.h"
#include "policy/cost_history.h"
#include "policy/facts.h"
#include "policy/guardrails.h"
#include "policy/harm_budget.h"
#include "policy/load_shift.h"
#include "policy/machine_io.h"
#include "policy/objective.h"
#include "policy/process_state.h"
#include "policy/promise_watch.h"
#include "policy/state.h"
#include "policy/thinning.h"
#include "policy/trial_design.h"
#include "policy/trial_run.h"
#include "policy/verdict.h"
#include "policy/workload_memory.h"
#include "policy/write_budget.h"

namespace rocktune {

struct MachineConfig {
  TuningMode mode = TuningMode::kSuggest;
  absl::Duration baseline = absl::Seconds(20);
  // Before a trial that goes one way: what is compared with another time must
  // know the noise of such times. For the same reason it may be measured for
  // twice measure_max.
  absl::Duration one_way_baseline = absl::Minutes(10);
  absl::Duration settle = absl::Seconds(5);       // at least, every class
  absl::Duration settle_max = absl::Seconds(60);  // at most, warming & files
  absl::Duration measure_min = absl::Seconds(15);
  absl::Duration measure_max = absl::Minutes(8);
  absl::Duration probation = absl::Seconds(30);
  absl::Duration cool_down = absl::Seconds(5);
  // How long to wait for others before giving up on a trial.
  absl::Duration consult_limit = absl::Minutes(2);
  absl::Duration record_limit = absl::Seconds(10);
  absl::Duration apply_limit = absl::Seconds(30);
  absl::Duration pending_limit = absl::Minutes(10);  // operator's approval
  VerdictConfig verdict;
  GuardrailConfig guardrails;
  int max_changes = 4;
  // A trial is undone when writes come this near to a stop (1 = stopped) and
  // were not before. A guess; measured stop distances would replace it.
  double stall_nearness_limit = 0.9;
  // Option calls an hour; each rewrites the OPTIONS file. Rollbacks are never
  // held back by it.
  int option_writes_per_hour = 240;
  PromiseConfig promise;
};

// What never changes while a database is attached.
struct MachineFacts {
  DatabaseFacts database;
  HostFacts host;
  RocksdbFeatures features;
  Catalogue catalogue;
};

// Not thread-safe: the loop thread owns it. `process` is shared by the
// machines of the process and must outlive *this.
class TuningMachine {
 public:
  TuningMachine(MachineConfig config, MachineFacts facts,
                ProcessState* process);

  // Times must not decrease from call to call.
  std::vector<Action> On(const Event& event, absl::Time now);

  // What an advisor may look at now. Valid until the next On().
  AdvisorInput Input() const;

  // What the load is now, from the recent windows and the latest burst.
  WorkloadProfile Profile() const;

  // Views for the operator.
  TuningState state() const { return state_; }
  const std::string& state_why() const { return state_why_; }
  absl::Time state_since() const { return state_since_; }
  TuningMode mode() const { return config_.mode; }
  const MachineConfig& config() const { return config_; }
  const std::string& frozen_why() const { return frozen_why_; }
  const MachineFacts& facts() const { return facts_; }
  const std::optional<Trial>& open_trial() const { return trial_; }
  const std::optional<Proposal>& pending() const { return pending_; }
  const CalibrationResult& pending_result() const { return pending_result_; }
  const std::string& advisor_why() const { return advisor_why_; }
  const OptionValues& values() const { return values_; }
  const OptionValues& proven() const { return proven_; }
  const OptionValues& at_attach() const { return at_attach_; }
  const std::vector<Pin>& pins() const { return pins_; }
  void SetPins(std::vector<Pin> pins) { pins_ = std::move(pins); }
  const std::optional<ArmSummary>& first_baseline() const {
    return first_baseline_;
  }
  // Recent windows, summarised; nullopt without any.
  std::optional<ArmSummary> RecentSummary() const;
  int trials_kept() const { return trials_kept_; }
  int trials_rolled_back() const { return trials_rolled_back_; }
  int proposals_refused() const { return proposals_refused_; }
  // Grows with every ApplyValues and its end; see event::ValuesRead.
  uint64_t epoch() const { return epoch_; }

 private:
  static constexpr size_t kMaxTrials = 100;    // shown to advisors
  static constexpr size_t kMaxBaseline = 600;  // windows
  // Windows of a new load before it can be recognised.
  static constexpr size_t kRecallWindows = 5;

  // What follows a rollback.
  enum class Then { kCoolDown, kFreeze };
  // A rollback under way: of a trial, or of several at an operator's word.
  struct Restore {
    ChangeSet change_set;
    std::optional<OptionValues> target;   // else change_set is as given
    Verdict verdict = Verdict::kAborted;  // of the open trial, if any
    std::string why;
    Then then = Then::kCoolDown;
    bool waits = false;  // RocksDB cannot take it now; retried every window
    bool alarmed = false;
    std::optional<size_t> keep_trials;  // of kept_; else all stay
    std::optional<uint64_t> ticket;     // of the operator's command
  };

  void Handle(const event::Started& event);
  void Handle(const event::WindowClosed& event);
  void Handle(const event::ValuesRead& event);
  void Handle(const event::TraceTaken& event);
  void Handle(const event::AdviceArrived& event);
  void Handle(const event::AdviceOffered& event);
  void Handle(const event::TrialRecorded& event);
  void Handle(const event::ApplyFinished& event);
  void Handle(const event::CommandGiven& event);
  void Handle(const event::Trouble& event);
  void Handle(const event::FamiliesChanged& event);
  void Handle(const event::DetachRequested& event);

  // tuning_machine.cc, _values.cc: windows under the incumbent, advice.
  void Enter(TuningState state, std::string why);
  void AddIncumbentWindow(const event::WindowClosed& event);
  void StartAnewUnderNewLoad(const LoadShift& shift);
  void AdvanceWithoutTrial(const event::WindowClosed& event);
  void CloseInterrupted();
  void ConsultWhenReady();
  bool BaselineReady(const Proposal* proposal);
  bool GoesOneWay(const ChangeSet& change_set);
  DesignChoice DesignOf(const ChangeSet& change_set);
  void TakeProposal(Proposal proposal);
  void RefuseProposal(const Proposal& proposal,
                      const std::vector<CalibrationNote>& notes);
  void FinishCoolDown();
  OptionKey KnownAs(const OptionKey& key) const;
  void AnnounceLive(const ChangeSet& change_set);
  void FollowShared(const OptionKey& key, const std::string& value);
  void AdoptForeignChange(const OptionKey& key, const std::string& value);
  void Emit(Action action) { actions_.push_back(std::move(action)); }
  void Say(absl::string_view kind, std::string line,
           std::optional<uint32_t> uid = std::nullopt);
  CalibrationResult CalibrateNow(const Proposal& proposal) const;
  CalibrationContext Context() const;

  // tuning_machine_load.cc: what was promised and remembered.
  void TrimBaseline();
  void AddToHistory(const Window& window);
  void WatchPromise(const Window& window);
  void MakePromise();
  bool RecallValues();
  void RememberValues();
  void ThinWhenIdle();

  // tuning_machine_trial.cc: a trial's values and windows.
  void StartTrialWhenPossible(const event::WindowClosed& event);
  void OpenTrial();
  TrialSetup SetupOf(const Proposal& proposal);
  void TakeStep(TrialStep step);
  void SendTrialValues(const TrialStep& step);
  void ArmChanged(bool candidate);
  void AdvanceTrial(const event::WindowClosed& event);
  void WatchApplying();
  bool TripOnDanger(const event::WindowClosed& event);
  void DropUnrecordedTrial(std::string why);
  void EndUnapplied(std::string why);
  void OnTrialApplied(const ApplyReport& report);
  bool CorrectInverse(const ApplyReport& report);
  bool LoadShiftedInTrial(const Window& window);

  // tuning_machine_verdict.cc: from the judgement to the end.
  void TakeJudgement(Judgement judgement);
  void CopyEvidence();
  void ForgetWhatFailed();
  bool WatchSuspect(const Window& window);
  void AdvanceProbation(const Window& window);
  void KeepTrial(const std::string& why);
  void CloseTrialAs(Verdict verdict, std::string why, bool undone = true);

  // tuning_machine_restore.cc: back to proven values.
  void AbortTrial(Restore restore);
  void StartRestore(Restore restore);
  void SendRestore();
  void WatchRestore(const event::WindowClosed& event);
  void OnRestoreFinished(const ApplyReport& report);
  void FinishRestore(const ApplyReport& report);
  void ForgetKept(size_t first, const std::string& why);
  void AfterTrial(Then then);
  void TakeReadBack(const ApplyReport& report);
  ChangeSet Difference(const OptionValues& target) const;
  void SaveProven(int64_t trial);
  void ContinueDetach();

  // tuning_machine_commands.cc: what operators say.
  void Freeze(std::string why);
  void AnswerRollback(uint64_t ticket, const Command& command);
  void AnswerPropose(uint64_t ticket, const Command& command);
  void AnswerDecision(uint64_t ticket, const Command& command);
  void AnswerPin(uint64_t ticket, const Command& command);
  void AnswerUnpin(uint64_t ticket, const Command& command);
  void SavePins();
  void AnswerMode(uint64_t ticket, const Command& command);
  void AnswerResume(uint64_t ticket);
  void ReplyOk(uint64_t ticket, std::string message);
  void ReplyError(uint64_t ticket, absl::Status status);
  absl::StatusOr<size_t> TrialsToKeep(const std::string& rollback_to) const;

  MachineConfig config_;
  MachineFacts facts_;
  ProcessState* const process_;

  absl::Time now_;
  std::vector<Action> actions_;  // of the event being handled

  TuningState state_ = TuningState::kDetached;
  std::string state_why_;
  absl::Time state_since_;
  std::string frozen_why_;  // empty: not frozen and not about to be

  OptionValues values_;  // in force, as read back
  OptionValues proven_;  // the incumbent
  OptionValues at_attach_;
  std::vector<Pin> pins_;

  std::vector<Window> baseline_;   // under the incumbent, newest last
  std::vector<Window> probation_;  // under a candidate that won
  // Ended by a guardrail: was it the candidate? Seen after the rollback.
  struct Suspect {
    Trial trial;
    Guardrails guardrails;
    int windows = 0;
  };
  std::optional<Suspect> suspect_;
  std::optional<Window> latest_;
  std::optional<TraceFacts> trace_;
  std::optional<TraceFacts> trace_before_;  // the open trial
  std::optional<ArmSummary> first_baseline_;

  // The load and its noise under the incumbent.
  CostHistory history_;
  LoadShiftDetector shift_;
  LoadShiftDetector candidate_shift_;  // of the open trial
  std::optional<PromiseWatch> promise_;
  std::vector<Window> promise_block_;
  WorkloadMemory memory_;
  bool recalled_ = false;  // the memory was asked under this load
  int trials_under_load_ = 0;
  bool kept_under_load_ = false;
  HarmBudget harm_;
  BundleThinning thinning_;
  WriteBudget writes_;

  std::optional<Proposal> pending_;
  bool approved_ = false;  // an operator wants pending_ tried
  CalibrationResult pending_result_;
  std::optional<Proposal> restart_;  // proven in an earlier session
  bool keep_restart_ = false;        // and to be set without a trial
  std::string advisor_why_;
  uint64_t consultation_ = 0;
  int empty_proposals_ = 0;

  std::optional<Trial> trial_;
  std::optional<Guardrails> guardrails_;
  double incumbent_nearness_ = 0;  // to a stop, without a trial; decays
  std::unique_ptr<TrialRun> run_;
  ChangeSet sent_;             // by the latest ApplyValues of the trial
  bool to_candidate_ = false;  // and whose values these are
  absl::Time sent_at_;
  bool was_applied_ = false;  // the trial's values were in force at least once
  bool in_force_ = false;     // they are now
  absl::Time in_force_since_;
  uint64_t ticket_ = 0;  // of the latest RecordTrial
  bool recording_ = false;
  uint64_t epoch_ = 0;
  bool applying_ = false;  // an ApplyFinished is due
  std::optional<Restore> abort_after_apply_;
  std::optional<Restore> restore_;

  // By a crash or a rollback that failed: their values may be in force. The
  // history keeps them open until a rollback works.
  std::vector<Trial> interrupted_;
  std::vector<Trial> trials_;  // closed, oldest first, at most kTrials
  std::vector<Trial> kept_;    // in force, oldest first
  int trials_kept_ = 0;
  int trials_rolled_back_ = 0;
  int proposals_refused_ = 0;

  std::optional<event::DetachRequested> detach_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_TUNING_MACHINE_H_
