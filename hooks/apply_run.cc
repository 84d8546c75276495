#include "hooks/apply_run.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

bool LiveOnly(const std::vector<ScopeCall>& calls) {
  return std::all_of(calls.begin(), calls.end(), [](const ScopeCall& call) {
    return call.scope == OptionScope::kLive;
  });
}

absl::Status Stopped(const StallProximity& proximity) {
  return absl::UnavailableError(absl::StrCat(
      "writes are stopped (", proximity.cause,
      "): a call would wait for them to go on; try again when they do"));
}

// Guesses: our own calls can stop writes for a moment (wal_bytes_per_sync
// flushes every family), and half a change is worse than a short wait.
constexpr int kStopChecks = 200;
constexpr absl::Duration kStopCheckInterval = absl::Milliseconds(10);

// Ok when writes go on within kStopChecks intervals.
absl::Status WaitWhileStopped(const AttachedDb& db) {
  absl::Mutex mutex;
  StallProximity proximity = db.Proximity();
  for (int i = 0; proximity.stopped && i < kStopChecks; ++i) {
    absl::MutexLock lock(&mutex);
    const bool never = false;
    mutex.AwaitWithTimeout(absl::Condition(&never), kStopCheckInterval);
    proximity = db.Proximity();
  }
  return proximity.stopped ? Stopped(proximity) : absl::OkStatus();
}

}  // namespace

absl::Duration CallGauge::InsideFor(absl::Time now) const {
  const int64_t since_ns = since_ns_.load(std::memory_order_acquire);
  if (since_ns == kOutside) return absl::ZeroDuration();
  return std::max(absl::ZeroDuration(), now - absl::FromUnixNanos(since_ns));
}

CallGauge::Inside::Inside(CallGauge* gauge) : gauge_(gauge) {
  gauge_->since_ns_.store(absl::ToUnixNanos(gauge_->Now()),
                          std::memory_order_release);
}

CallGauge::Inside::~Inside() {
  gauge_->since_ns_.store(kOutside, std::memory_order_release);
}

absl::StatusOr<OptionValues> ApplyRun::Read() {
  const CallGauge::Inside inside(gauge_);
  return db_.ReadValues();
}

// A call costs the writers a fifth of a delayed rate, and before 8.8 it waits
// for as long as they are stopped.
absl::Status ApplyRun::CheckStall(const std::vector<ScopeCall>& calls) {
  if (LiveOnly(calls)) return absl::OkStatus();
  const StallProximity proximity = db_.Proximity();
  if (proximity.stopped) return Stopped(proximity);
  if (proximity.delayed && !request_.is_rollback && !request_.relieves_stall) {
    return absl::UnavailableError(
        absl::StrCat("writes are delayed (", proximity.cause,
                     "): a call would slow them further; try again later"));
  }
  return absl::OkStatus();
}

absl::Status ApplyRun::Call(const ScopeCall& call) {
  const CallGauge::Inside inside(gauge_);
  const bool reverting = call.scope == OptionScope::kColumnFamily &&
                         db_.features().running_jobs_revert_options;
  if (!reverting) return db_.Set(call.scope, call.column_family, call.values);

  // A job that ends before the call is harmless, one that ends in it is not:
  // look on both sides.
  std::shared_ptr<const AttachedDb::Jobs> jobs = db_.JobsInFlight();
  if (jobs && !db_.AllEnded(*jobs)) reapply_.jobs.push_back(std::move(jobs));
  const absl::Status status =
      db_.Set(call.scope, call.column_family, call.values);
  jobs = db_.JobsInFlight();
  if (jobs && !db_.AllEnded(*jobs)) reapply_.jobs.push_back(std::move(jobs));
  for (const auto& [name, value] : call.values) {
    reapply_.keys.insert({name, call.column_family});
  }
  return status;
}

bool ApplyRun::Shows(const OptionKey& key, const std::string& asked,
                     const OptionValues& now) const {
  auto it = FindValue(now, key);
  const CatalogueRow* row = db_.catalogue().Find(key.name);
  return it != now.end() && row != nullptr &&
         SameValue(row->type, asked, it->second);
}

bool ApplyRun::InForce(const ScopeCall& call, const OptionValues& now) const {
  return std::all_of(
      call.values.begin(), call.values.end(), [&](const auto& value) {
        return Shows({value.first, call.column_family}, value.second, now);
      });
}

// The first error that left a value unset; with `go_on` the other calls are
// made all the same.
absl::Status ApplyRun::CallAll(const std::vector<ScopeCall>& calls,
                               bool go_on) {
  absl::Status first;
  for (const ScopeCall& call : calls) {
    absl::Status status;
    if (call.scope != OptionScope::kLive) {
      status = WaitWhileStopped(db_);
    }
    if (status.ok()) {
      status = Call(call);
      if (status.ok()) continue;
      // An error does not mean "not applied": what is decides.
      absl::StatusOr<OptionValues> now = Read();
      if (now.ok() && InForce(call, *now)) {
        not_persisted_.Update(status);
        continue;
      }
    }
    first.Update(status);
    if (!go_on) break;
  }
  return first;
}

ApplyReport ApplyRun::Refused(absl::Status status) {
  report_.outcome = ApplyOutcome::kRefused;
  report_.status = std::move(status);
  return std::move(report_);
}

ApplyReport ApplyRun::Run() {
  const absl::Time start = gauge_->Now();
  absl::StatusOr<OptionValues> now = Read();
  if (!now.ok()) return Refused(now.status());
  before_ = *std::move(now);
  absl::StatusOr<ChangePlan> plan =
      PlanChanges(request_.change_set, db_.catalogue(), before_);
  if (!plan.ok()) return Refused(plan.status());
  report_.values = plan->values;
  report_.not_restorable = plan->not_restorable;
  if (!plan->gone.empty() && !request_.is_rollback) {
    return Refused(absl::FailedPreconditionError(absl::StrCat(
        ToString(plan->gone.front()), ": the column family is gone")));
  }
  if (plan->calls.empty()) {
    report_.outcome = ApplyOutcome::kApplied;
    return std::move(report_);
  }
  if (absl::Status stall = CheckStall(plan->calls); !stall.ok()) {
    return Refused(std::move(stall));
  }
  absl::Status error = CallAll(plan->calls, /*go_on=*/request_.is_rollback);
  Classify(std::move(error));
  report_.took = gauge_->Now() - start;
  report_.must_reapply = !reapply_.jobs.empty();
  return std::move(report_);
}

void ApplyRun::Classify(absl::Status error) {
  absl::StatusOr<OptionValues> now = Read();
  if (!now.ok()) {
    report_.outcome = ApplyOutcome::kPartial;
    report_.status = now.status();
    return;
  }
  bool any_changed = false;
  std::string missing;
  for (ReadBackValue& value : report_.values) {
    auto it = FindValue(*now, value.key);
    value.after = it == now->end() ? "" : it->second;
    any_changed |= it != now->end() && value.after != value.before;
    if (Shows(value.key, value.asked, *now)) continue;
    if (it == now->end()) {
      if (request_.is_rollback) continue;  // nothing left to restore
      error = absl::FailedPreconditionError(
          absl::StrCat(ToString(value.key), ": the column family is gone"));
    }
    if (missing.empty()) missing = ToString(value.key);
  }
  NoteSideEffects(*now);
  if (missing.empty()) {
    report_.outcome = not_persisted_.ok() ? ApplyOutcome::kApplied
                                          : ApplyOutcome::kAppliedNotPersisted;
    report_.status = not_persisted_;
    return;
  }
  if (error.ok()) {
    error = absl::InvalidArgumentError(absl::StrCat(
        missing, ": RocksDB took the call but shows another value"));
  }
  report_.status = std::move(error);
  if (!any_changed) {
    report_.outcome = ApplyOutcome::kRefused;
  } else if (request_.is_rollback) {
    report_.outcome = ApplyOutcome::kPartial;
  } else {
    Undo();
  }
}

void ApplyRun::Undo() {
  report_.outcome = ApplyOutcome::kPartial;
  absl::StatusOr<OptionValues> now = Read();
  if (!now.ok()) return;
  ChangeSet inverse;
  for (auto it = report_.values.rbegin(); it != report_.values.rend(); ++it) {
    inverse.changes.push_back({it->key, it->after, it->before, "undo"});
  }
  absl::StatusOr<ChangePlan> plan = PlanChanges(inverse, db_.catalogue(), *now);
  if (!plan.ok()) return;
  // Whether each call worked is for the values to say.
  CallAll(plan->calls, /*go_on=*/true).IgnoreError();
  now = Read();
  if (!now.ok()) return;
  bool restored = true;
  for (ReadBackValue& value : report_.values) {
    auto it = FindValue(*now, value.key);
    value.after = it == now->end() ? "" : it->second;
    if (it == now->end() || Shows(value.key, value.before, *now)) continue;
    if (CannotBeSet(value.key, value.before)) {
      report_.not_restorable.push_back(value);
    } else {
      restored = false;
    }
  }
  report_.side_effects.clear();
  NoteSideEffects(*now);
  if (restored) report_.outcome = ApplyOutcome::kPartialUndone;
}

void ApplyRun::NoteSideEffects(const OptionValues& now) {
  std::set<OptionKey> asked;
  for (const ReadBackValue& value : report_.values) asked.insert(value.key);
  for (ReadBackValue& value : report_.not_restorable) {
    asked.insert(value.key);
    auto it = FindValue(now, value.key);
    if (it != now.end()) value.after = it->second;
  }
  for (const auto& [key, value] : before_) {
    const CatalogueRow* row = db_.catalogue().Find(key.name);
    // Rate limiters tune themselves.
    if (row == nullptr || row->scope == OptionScope::kLive) continue;
    auto it = now.find(key);
    if (it == now.end() || it->second == value || asked.contains(key)) continue;
    (CannotBeSet(key, value) ? report_.not_restorable : report_.side_effects)
        .push_back({key, value, value, it->second});
  }
}

Reapply ApplyRun::TakeReapply() {
  if (reapply_.jobs.empty()) reapply_.keys.clear();
  return std::move(reapply_);
}

void SetAgain(AttachedDb* db, const std::set<OptionKey>& keys,
              CallGauge* gauge) {
  const CallGauge::Inside inside(gauge);
  absl::StatusOr<OptionValues> now = db->ReadValues();
  if (!now.ok()) return;
  std::map<std::string, std::map<std::string, std::string>> families;
  for (const OptionKey& key : keys) {
    auto it = now->find(key);
    if (it != now->end()) families[key.column_family][key.name] = it->second;
  }
  for (const auto& [family, values] : families) {
    // These values are in force by RocksDB's own account; an error here says
    // no more than that OPTIONS was not written, or that the family is gone.
    db->Set(OptionScope::kColumnFamily, family, values).IgnoreError();
  }
}

}  // namespace rocktune
