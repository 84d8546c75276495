// Back to proven values: after a trial, at an operator's word, at detach.
#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/tuning_machine.h"

namespace rocktune {
namespace {

// After this long a rollback that RocksDB cannot take, or does not answer, is
// an alarm; it is still retried every window.
constexpr absl::Duration kRestoreAlarm = absl::Seconds(30);

}  // namespace

void TuningMachine::AbortTrial(Restore restore) {
  if (!restore.target) restore.change_set = trial_->inverse;
  if (recording_ || applying_) {
    // An operator's rollback undoes the trial too, and perhaps more.
    if (abort_after_apply_ && abort_after_apply_->ticket && !restore.ticket) {
      return;
    }
    if (abort_after_apply_ && abort_after_apply_->ticket) {
      ReplyError(*abort_after_apply_->ticket,
                 absl::AbortedError("replaced by a later request"));
    }
    abort_after_apply_ = std::move(restore);  // until the call has returned
    return;
  }
  if (state_ == TuningState::kRollingBack) return;
  StartRestore(std::move(restore));
}

void TuningMachine::StartRestore(Restore restore) {
  if (restore.target) restore.change_set = Difference(*restore.target);
  if (trial_)
    trial_->option_writes += CallsOf(restore.change_set, facts_.catalogue);
  restore_ = std::move(restore);
  Enter(TuningState::kRollingBack, restore_->why);
  SendRestore();
}

void TuningMachine::SendRestore() {
  restore_->waits = false;
  if (restore_->change_set.empty()) {
    FinishRestore({.outcome = ApplyOutcome::kApplied});
    return;
  }
  applying_ = true;
  writes_.Spend(CallsOf(restore_->change_set, facts_.catalogue), now_);
  AnnounceLive(restore_->change_set);
  Emit(action::ApplyValues{++epoch_, restore_->change_set,
                           /*is_rollback=*/true, /*relieves_stall=*/false});
}

void TuningMachine::WatchRestore(const event::WindowClosed& event) {
  if (!restore_) return;
  if (now_ - state_since_ > kRestoreAlarm && !restore_->alarmed) {
    restore_->alarmed = true;
    Say("alarm", restore_->waits
                     ? state_why_
                     : "a rollback is inside RocksDB and does not return");
  }
  if (restore_->waits && !event.window.stalls.writes_stopped) SendRestore();
}

void TuningMachine::Handle(const event::ApplyFinished& event) {
  if (!applying_ || event.epoch != epoch_) return;
  applying_ = false;
  ++epoch_;  // values read during the call may be those before it
  TakeReadBack(event.report);
  if (restore_) {
    OnRestoreFinished(event.report);
  } else if (trial_) {
    OnTrialApplied(event.report);
  }
}

void TuningMachine::TakeReadBack(const ApplyReport& report) {
  for (const ReadBackValue& value : report.values) {
    values_[KnownAs(value.key)] = value.after;
  }
  for (const ReadBackValue& value : report.not_restorable) {
    values_[value.key] = value.after;
  }
}

void TuningMachine::OnRestoreFinished(const ApplyReport& report) {
  const bool restored = report.outcome == ApplyOutcome::kApplied ||
                        report.outcome == ApplyOutcome::kAppliedNotPersisted;
  if (restored) {
    FinishRestore(report);
    return;
  }
  if (absl::IsUnavailable(report.status)) {
    restore_->waits = true;
    state_why_ =
        absl::StrCat("rollback waits: ", std::string(report.status.message()));
    return;
  }
  // RocksDB refuses proven values, or the database is going away: there is
  // nothing left that could be tried safely.
  frozen_why_ =
      absl::StrCat("a rollback failed: ", std::string(report.status.message()));
  restore_->then = Then::kFreeze;
  FinishRestore(report);
}

void TuningMachine::FinishRestore(const ApplyReport& report) {
  const Restore done = *std::exchange(restore_, std::nullopt);
  const bool ok = report.outcome == ApplyOutcome::kApplied ||
                  report.outcome == ApplyOutcome::kAppliedNotPersisted;
  if (trial_) CloseTrialAs(done.verdict, done.why, /*undone=*/ok);
  if (ok) {
    CloseInterrupted();
    proven_ = values_;
    if (done.keep_trials) ForgetKept(*done.keep_trials, done.why);
  }
  CommandReply reply;
  reply.message = done.why;
  reply.change_set = done.change_set;
  for (const ReadBackValue& value : report.not_restorable) {
    reply.not_restored.push_back(value.key);
    Say("not_restored",
        absl::StrCat(ToString(value.key), " is ", value.after,
                     ", RocksDB cannot set it back to ", value.asked));
  }
  if (done.ticket) {
    if (ok) {
      Emit(action::Reply{*done.ticket, std::move(reply)});
    } else {
      ReplyError(*done.ticket, report.status);
    }
  }
  // Older windows lose weight: the next trial needs fresh ones beside it.
  baseline_.erase(
      baseline_.begin(),
      baseline_.begin() + static_cast<ptrdiff_t>(baseline_.size() / 2));
  AfterTrial(done.then);
}

void TuningMachine::ForgetKept(size_t first, const std::string& why) {
  if (first >= kept_.size()) return;
  for (size_t i = first; i < kept_.size(); ++i) {
    kept_[i].verdict = Verdict::kRegressed;
    kept_[i].why = why;  // so that it is not proposed again
    Emit(action::Learn{kept_[i]});
  }
  kept_.resize(first);
  SaveProven(/*trial=*/0);
}

void TuningMachine::AfterTrial(Then then) {
  if (detach_) {
    ContinueDetach();
  } else if (then == Then::kFreeze || !frozen_why_.empty()) {
    // Only "resume" ends a freeze, not a rollback asked for during it.
    if (frozen_why_.empty()) frozen_why_ = state_why_;
    Enter(TuningState::kFrozen, frozen_why_);
  } else {
    Enter(TuningState::kCoolingDown, "letting the load settle");
  }
}

ChangeSet TuningMachine::Difference(const OptionValues& target) const {
  ChangeSet change_set;
  for (const auto& [key, value] : target) {
    auto found = values_.find(key);
    if (found == values_.end() || found->second == value) continue;
    change_set.changes.push_back({key, found->second, value, "restored"});
  }
  return change_set;
}

void TuningMachine::SaveProven(int64_t trial) {
  OptionValues changed;
  for (const auto& [key, value] : proven_) {
    auto found = at_attach_.find(key);
    if (found != at_attach_.end() && found->second != value) {
      changed.emplace(key, value);
    }
  }
  Emit(action::SaveProven{std::move(changed), trial});
}

void TuningMachine::Handle(const event::DetachRequested& event) {
  detach_ = event;
  pending_.reset();
  if (trial_) {
    AbortTrial({.why = "the database is being detached"});
  } else if (!restore_) {
    ContinueDetach();
  }
}

void TuningMachine::ContinueDetach() {
  const bool restore = std::exchange(detach_->restore, false);
  if (restore && !Difference(at_attach_).empty()) {
    StartRestore(
        {.target = at_attach_, .why = "restoring the values found at attach"});
    return;
  }
  process_->Remove(facts_.database.name);
  Enter(TuningState::kDetached, "detached");
  Emit(action::DetachReady{});
}

}  // namespace rocktune
