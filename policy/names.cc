// The printed names of the enums that several folders share.
#include "policy/apply_report.h"
#include "policy/catalogue.h"
#include "policy/command.h"
#include "policy/proposal.h"
#include "policy/state.h"
#include "policy/trial.h"
#include "policy/window.h"

namespace rocktune {

absl::string_view ToString(TuningState state) {
  switch (state) {
    case TuningState::kDetached:
      return "detached";
    case TuningState::kBaselining:
      return "baselining";
    case TuningState::kConsulting:
      return "consulting";
    case TuningState::kVetting:
      return "vetting";
    case TuningState::kApplying:
      return "applying";
    case TuningState::kSettling:
      return "settling";
    case TuningState::kMeasuring:
      return "measuring";
    case TuningState::kProbation:
      return "probation";
    case TuningState::kRollingBack:
      return "rolling_back";
    case TuningState::kCoolingDown:
      return "cooling_down";
    case TuningState::kConverged:
      return "converged";
    case TuningState::kFrozen:
      return "frozen";
  }
  return "?";
}

absl::string_view ToString(TuningMode mode) {
  switch (mode) {
    case TuningMode::kOff:
      return "off";
    case TuningMode::kObserve:
      return "observe";
    case TuningMode::kSuggest:
      return "suggest";
    case TuningMode::kApprove:
      return "approve";
    case TuningMode::kAuto:
      return "auto";
  }
  return "?";
}

absl::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOpen:
      return "open";
    case Verdict::kKept:
      return "kept";
    case Verdict::kRegressed:
      return "regressed";
    case Verdict::kNoGain:
      return "no_gain";
    case Verdict::kInconclusive:
      return "inconclusive";
    case Verdict::kAborted:
      return "aborted";
  }
  return "?";
}

absl::string_view ToString(ProposalSource source) {
  switch (source) {
    case ProposalSource::kExpert:
      return "expert";
    case ProposalSource::kLlm:
      return "llm";
    case ProposalSource::kReplay:
      return "replay";
    case ProposalSource::kOperator:
      return "operator";
    case ProposalSource::kHistory:
      return "history";
  }
  return "?";
}

absl::string_view ToString(CalibrationStep step) {
  switch (step) {
    case CalibrationStep::kParse:
      return "parse";
    case CalibrationStep::kSpelling:
      return "spelling";
    case CalibrationStep::kAllowed:
      return "allowed";
    case CalibrationStep::kRange:
      return "range";
    case CalibrationStep::kStepSize:
      return "step_size";
    case CalibrationStep::kRelations:
      return "relations";
    case CalibrationStep::kBudget:
      return "budget";
    case CalibrationStep::kOperatorRules:
      return "operator_rules";
    case CalibrationStep::kBundle:
      return "bundle";
  }
  return "?";
}

absl::string_view ToString(ApplyOutcome outcome) {
  switch (outcome) {
    case ApplyOutcome::kRefused:
      return "refused";
    case ApplyOutcome::kApplied:
      return "applied";
    case ApplyOutcome::kAppliedNotPersisted:
      return "applied_not_persisted";
    case ApplyOutcome::kPartialUndone:
      return "partial_undone";
    case ApplyOutcome::kPartial:
      return "partial";
  }
  return "?";
}

absl::string_view ToString(CommandKind kind) {
  switch (kind) {
    case CommandKind::kFreeze:
      return "freeze";
    case CommandKind::kResume:
      return "resume";
    case CommandKind::kMode:
      return "mode";
    case CommandKind::kRollback:
      return "rollback";
    case CommandKind::kPropose:
      return "propose";
    case CommandKind::kApprove:
      return "approve";
    case CommandKind::kReject:
      return "reject";
    case CommandKind::kPin:
      return "pin";
    case CommandKind::kUnpin:
      return "unpin";
  }
  return "?";
}

absl::string_view ToString(OpKind kind) {
  switch (kind) {
    case OpKind::kGet:
      return "get";
    case OpKind::kMultiGet:
      return "multiget";
    case OpKind::kWrite:
      return "write";
    case OpKind::kSeek:
      return "seek";
  }
  return "?";
}

absl::string_view ToString(TrialDesign design) {
  switch (design) {
    case TrialDesign::kSwitchback:
      return "switchback";
    case TrialDesign::kWarming:
      return "warming";
    case TrialDesign::kBeforeAfter:
      return "before_after";
  }
  return "";
}

}  // namespace rocktune
