// What operators say, and trouble of our own.
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/pins.h"
#include "policy/tuning_machine.h"

namespace rocktune {

void TuningMachine::ReplyOk(uint64_t ticket, std::string message) {
  CommandReply reply;
  reply.message = std::move(message);
  Emit(action::Reply{ticket, std::move(reply)});
}

void TuningMachine::ReplyError(uint64_t ticket, absl::Status status) {
  Emit(action::Reply{ticket, std::move(status)});
}

void TuningMachine::Handle(const event::CommandGiven& event) {
  const Command& command = event.command;
  Say("operator",
      absl::StrCat(ToString(command.kind), command.reason.empty() ? "" : ": ",
                   command.reason),
      command.uid);
  // What changes a value now would outlive our hold.
  if (detach_ && command.kind != CommandKind::kFreeze &&
      command.kind != CommandKind::kResume &&
      command.kind != CommandKind::kMode) {
    ReplyError(event.ticket,
               absl::FailedPreconditionError("the database is being detached"));
    return;
  }
  switch (command.kind) {
    case CommandKind::kFreeze:
      Freeze(absl::StrCat("by uid ", command.uid,
                          command.reason.empty() ? "" : ": ", command.reason));
      ReplyOk(event.ticket,
              trial_ ? "frozen; the open trial is rolled back" : "frozen");
      return;
    case CommandKind::kResume:
      AnswerResume(event.ticket);
      return;
    case CommandKind::kMode:
      AnswerMode(event.ticket, command);
      return;
    case CommandKind::kRollback:
      AnswerRollback(event.ticket, command);
      return;
    case CommandKind::kPropose:
      AnswerPropose(event.ticket, command);
      return;
    case CommandKind::kApprove:
    case CommandKind::kReject:
      AnswerDecision(event.ticket, command);
      return;
    case CommandKind::kPin:
      AnswerPin(event.ticket, command);
      return;
    case CommandKind::kUnpin:
      AnswerUnpin(event.ticket, command);
      return;
  }
}

void TuningMachine::Handle(const event::Trouble& event) { Freeze(event.why); }

void TuningMachine::Freeze(std::string why) {
  frozen_why_ = why;
  Say("freeze", why);
  pending_.reset();
  if (trial_) {
    if (restore_) {
      restore_->then = Then::kFreeze;
    } else {
      AbortTrial({.why = absl::StrCat("frozen ", why), .then = Then::kFreeze});
    }
  } else if (restore_) {
    restore_->then = Then::kFreeze;
  } else if (state_ != TuningState::kDetached) {
    Enter(TuningState::kFrozen, std::move(why));
  }
}

void TuningMachine::AnswerResume(uint64_t ticket) {
  if (frozen_why_.empty()) {
    ReplyOk(ticket, "was not frozen");
    return;
  }
  frozen_why_.clear();
  if (restore_) restore_->then = Then::kCoolDown;
  if (abort_after_apply_) abort_after_apply_->then = Then::kCoolDown;
  if (state_ == TuningState::kFrozen) {
    baseline_.clear();
    // Nothing is tried on top of values that were not proven.
    if (interrupted_.empty() && Difference(proven_).empty()) {
      Enter(TuningState::kBaselining, "resumed");
    } else {
      StartRestore({.target = proven_,
                    .why = "resumed: repeating the rollback that failed"});
    }
  }
  ReplyOk(ticket, "resumed");
}

void TuningMachine::AnswerMode(uint64_t ticket, const Command& command) {
  config_.mode = command.mode;
  if (command.mode <= TuningMode::kObserve) {
    pending_.reset();
    if (trial_)
      AbortTrial({.why = "the mode changed to one that only watches"});
    if (state_ == TuningState::kConsulting || state_ == TuningState::kVetting ||
        state_ == TuningState::kConverged) {
      Enter(TuningState::kBaselining, "the mode changed");
    }
  }
  ReplyOk(ticket, absl::StrCat("mode ", ToString(command.mode)));
}

absl::StatusOr<size_t> TuningMachine::TrialsToKeep(
    const std::string& rollback_to) const {
  if (rollback_to == "baseline") return size_t{0};
  if (rollback_to == "last") {
    if (trial_) return kept_.size();
    if (kept_.empty()) {
      return absl::FailedPreconditionError("no kept trial to roll back");
    }
    return kept_.size() - 1;
  }
  int64_t id = 0;
  if (!absl::SimpleAtoi(rollback_to, &id)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "rollback to '", rollback_to, "': use last, baseline or a trial's id"));
  }
  if (trial_ && trial_->id == id) return kept_.size();
  for (size_t i = 0; i < kept_.size(); ++i) {
    if (kept_[i].id == id) return i;
  }
  return absl::NotFoundError(absl::StrCat(
      "no kept trial ", id, " is in force; in force: ",
      absl::StrJoin(kept_, ", ", [](std::string* out, const Trial& trial) {
        absl::StrAppend(out, trial.id);
      })));
}

void TuningMachine::AnswerRollback(uint64_t ticket, const Command& command) {
  if (restore_) {
    ReplyError(ticket, absl::FailedPreconditionError(
                           "a rollback is under way; see status"));
    return;
  }
  const absl::StatusOr<size_t> keep = TrialsToKeep(command.rollback_to);
  if (!keep.ok()) {
    ReplyError(ticket, keep.status());
    return;
  }
  const bool to_baseline = command.rollback_to == "baseline";
  Restore restore;
  restore.why = absl::StrCat("rolled back to ", command.rollback_to, " by uid ",
                             command.uid);
  restore.keep_trials = *keep;
  restore.ticket = ticket;
  OptionValues target = to_baseline ? at_attach_ : proven_;
  for (size_t i = kept_.size(); i > *keep && !to_baseline; --i) {
    for (const Change& change : kept_[i - 1].inverse.changes) {
      target[KnownAs(change.key)] = change.after;
    }
  }
  restore.target = std::move(target);
  if (to_baseline) {
    // An operator who wants the old values back does not want them tuned away
    // again within the minute.
    frozen_why_ = absl::StrCat(restore.why, "; resume to tune again");
    restore.then = Then::kFreeze;
    pending_.reset();
  }
  if (trial_) {
    AbortTrial(std::move(restore));
  } else {
    StartRestore(std::move(restore));
  }
}

void TuningMachine::AnswerPropose(uint64_t ticket, const Command& command) {
  std::string refusal;
  if (!frozen_why_.empty()) {
    refusal = absl::StrCat("frozen: ", frozen_why_, "; resume first");
  } else if (config_.mode <= TuningMode::kObserve) {
    refusal = absl::StrCat("mode ", ToString(config_.mode),
                           " changes nothing; set another mode first");
  } else if (trial_ || restore_) {
    refusal = absl::StrCat("trial ", trial_ ? trial_->id : 0,
                           " is open; wait for its verdict or roll it back");
  }
  if (!refusal.empty()) {
    ReplyError(ticket, absl::FailedPreconditionError(refusal));
    return;
  }
  Proposal proposal{
      ProposalSource::kOperator,
      command.reason.empty() ? "an operator's proposal" : command.reason,
      command.changes};
  CalibrationResult result = CalibrateNow(proposal);
  if (result.change_set.empty()) {
    RefuseProposal(proposal, result.notes);
    CommandReply reply;
    reply.refused = true;
    reply.message = "refused by calibration";
    reply.notes = std::move(result.notes);
    Emit(action::Reply{ticket, std::move(reply)});
    return;
  }
  pending_ = std::move(proposal);
  pending_result_ = result;
  if (state_ != TuningState::kCoolingDown) {
    Enter(TuningState::kVetting, "an operator's proposal is next");
  }
  CommandReply reply;
  reply.message = "will be tried when a baseline is at hand";
  reply.notes = std::move(result.notes);
  reply.change_set = std::move(result.change_set);
  Emit(action::Reply{ticket, std::move(reply)});
}

void TuningMachine::AnswerDecision(uint64_t ticket, const Command& command) {
  if (!pending_ || state_ != TuningState::kVetting) {
    ReplyError(ticket, absl::FailedPreconditionError("no proposal waits"));
    return;
  }
  if (command.kind == CommandKind::kReject) {
    Trial rejected;
    rejected.database = facts_.database.name;
    rejected.source = pending_->source;
    rejected.summary = pending_->summary;
    rejected.change_set = pending_result_.change_set;
    rejected.opened = rejected.closed = now_;
    rejected.verdict = Verdict::kAborted;
    rejected.why = "rejected by an operator";
    Emit(action::Learn{std::move(rejected)});
    pending_.reset();
    Enter(TuningState::kCoolingDown, "an operator rejected the proposal");
    ReplyOk(ticket, "rejected");
    return;
  }
  if (config_.mode < TuningMode::kApprove) {
    ReplyError(ticket, absl::FailedPreconditionError(absl::StrCat(
                           "mode ", ToString(config_.mode),
                           " only says what it would try; set mode approve "
                           "first")));
    return;
  }
  approved_ = true;
  ReplyOk(ticket, "approved; the trial begins with the next window");
}

void TuningMachine::SavePins() {
  std::vector<Pin> pins = pins_;
  std::erase_if(
      pins, [](const Pin& pin) { return pin.origin != PinOrigin::kOperator; });
  Emit(action::SavePins{std::move(pins)});
}

void TuningMachine::AnswerUnpin(uint64_t ticket, const Command& command) {
  const size_t removed = std::erase_if(pins_, [&](const Pin& pin) {
    return pin.option == command.pin.option &&
           pin.column_family == command.pin.column_family;
  });
  if (removed == 0) {
    ReplyError(ticket, absl::NotFoundError(
                           absl::StrCat(command.pin.option, " is not pinned")));
    return;
  }
  SavePins();
  ReplyOk(ticket, "unpinned");
}

void TuningMachine::AnswerPin(uint64_t ticket, const Command& command) {
  const absl::StatusOr<Pin> pin =
      CanonicalPin(command.pin, facts_.catalogue, facts_.database);
  if (!pin.ok()) {
    ReplyError(ticket, pin.status());
    return;
  }
  std::erase_if(pins_, [&pin](const Pin& other) {  // the newer word holds
    return other.option == pin->option &&
           other.column_family == pin->column_family;
  });
  pins_.push_back(*pin);
  SavePins();
  bool touched = false;
  if (trial_) {
    for (const Change& change : trial_->change_set.changes) {
      touched |= change.key.name == pin->option;
    }
  }
  if (touched && !restore_) {
    AbortTrial({.why = absl::StrCat(pin->option, " was pinned")});
  }
  ReplyOk(ticket, touched ? "pinned; the open trial that touches it is rolled "
                            "back"
                          : "pinned");
}

}  // namespace rocktune
