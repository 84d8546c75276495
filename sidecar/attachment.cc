#include "sidecar/attachment.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

constexpr size_t kMaxWindows = 600;       // ten minutes, for the operator
constexpr uint64_t kReadValuesEvery = 5;  // windows; notices foreign changes
constexpr int kSkippedAlarm = 30;         // ticks without an end of a sample

MachineFacts FactsOf(const AttachedDb& db) {
  return {db.facts(), db.host(), db.features(), db.catalogue()};
}

}  // namespace

Attachment::Attachment(const Services* services, std::unique_ptr<AttachedDb> db,
                       const MachineConfig& config, const TracePlan& trace)
    : services_(services),
      db_(std::move(db)),
      machine_(config, FactsOf(*db_), services->process),
      trace_schedule_(trace, services->clock->Now()),
      trace_plan_(trace) {}

absl::Duration Attachment::InState() const {
  return services_->clock->Now() - machine_.state_since();
}

void Attachment::Tick() {
  if (sampling_) {
    if (++ticks_skipped_ == kSkippedAlarm) {
      Do(action::Note{"alarm",
                      "reading the database's state takes long: "
                      "no windows, no trials",
                      0, std::nullopt});
    }
    return;
  }
  sampling_ = true;
  ticks_skipped_ = 0;
  SampleOrder order;
  order.read_values = ++ticks_ % kReadValuesEvery == 0;
  order.epoch = machine_.epoch();
  std::optional<TrialDesign> open;
  if (machine_.open_trial()) open = machine_.open_trial()->design;
  order.trace = trace_schedule_.Next(services_->clock->Now(), machine_.state(),
                                     machine_.mode(), open);
  const bool posted = services_->worker->Post(
      [self = shared_from_this(), order] { self->TakeSample(order); });
  if (!posted) sampling_ = false;
}

void Attachment::Trace(TraceSchedule::Step step, Sample* sample) {
  const absl::Time now = services_->clock->Now();
  if (step == TraceSchedule::Step::kStart) {
    sample->trace_busy =
        !db_->StartTrace(now, trace_plan_.length, trace_plan_.writes).ok();
  } else if (step == TraceSchedule::Step::kFinish) {
    // Nothing to tell when the host ended it: the next burst will.
    if (auto facts = db_->FinishTrace(now); facts.ok()) {
      sample->trace = event::TraceTaken{*std::move(facts)};
    }
  }
}

void Attachment::TakeSample(const SampleOrder& order) {
  Sample sample;
  services_->applier->Poll(db_.get());
  sample.closed.window = db_->Sample(services_->clock->Now());
  const StallProximity proximity = db_->Proximity();
  sample.closed.stall_nearness = proximity.nearness;
  sample.closed.stall_cause = proximity.cause;
  sample.closed.settled = services_->applier->Settled(db_.get());
  sample.facts = db_->facts();
  Trace(order.trace, &sample);
  if (order.read_values) {
    if (auto values = db_->ReadValues(); values.ok()) {
      sample.values = event::ValuesRead{*std::move(values), order.epoch};
    }
  }
  services_->loop->Post(
      [self = shared_from_this(), sample = std::move(sample)]() mutable {
        self->OnSample(std::move(sample));
      });
}

void Attachment::OnSample(Sample sample) {
  sampling_ = false;
  if (sample.trace_busy) trace_schedule_.DidNotStart();
  if (closed_) return;
  if (sample.closed.settled) {
    for (auto& done : std::exchange(when_settled_, {})) done();
  }
  windows_.push_back(sample.closed.window);
  if (windows_.size() > kMaxWindows) windows_.pop_front();
  const DatabaseFacts& known = machine_.facts().database;
  if (sample.facts.column_families != known.column_families ||
      sample.facts.missing != known.missing) {
    Deliver(event::FamiliesChanged{std::move(sample.facts)});
  }
  if (sample.values) Deliver(*std::move(sample.values));
  if (sample.trace) Deliver(*std::move(sample.trace));
  Deliver(std::move(sample.closed));
}

void Attachment::Deliver(Event event) {
  inbox_.push_back(std::move(event));
  if (delivering_) return;
  delivering_ = true;
  while (!inbox_.empty() && !closed_) {
    const Event next = std::move(inbox_.front());
    inbox_.pop_front();
    for (const Action& action : machine_.On(next, services_->clock->Now())) {
      std::visit([this](const auto& a) { Do(a); }, action);
    }
  }
  delivering_ = false;
  if (machine_.state() != TuningState::kRollingBack) {
    for (auto& done : std::exchange(when_restored_, {})) done();
  }
}

void Attachment::Execute(const Command& command, ReplyTo reply) {
  const uint64_t ticket = ++next_ticket_;
  replies_.emplace(ticket, std::move(reply));
  Deliver(event::CommandGiven{ticket, command});
}

void Attachment::WhenRestored(absl::AnyInvocable<void()> done) {
  if (machine_.state() != TuningState::kRollingBack) {
    done();
  } else {
    when_restored_.push_back(std::move(done));
  }
}

void Attachment::WhenSettled(absl::AnyInvocable<void()> done) {
  if (services_->applier->Settled(db_.get())) {
    done();
  } else {
    when_settled_.push_back(std::move(done));
  }
}

void Attachment::Detach(bool restore, absl::AnyInvocable<void()> done) {
  when_detached_ = std::move(done);
  Deliver(event::DetachRequested{restore});
}

void Attachment::Close() {
  closed_ = true;
  for (auto& [ticket, reply] : std::exchange(replies_, {})) {
    reply(absl::CancelledError("the database was detached"));
  }
  for (auto& done : std::exchange(when_restored_, {})) done();
  for (auto& done : std::exchange(when_settled_, {})) done();
  services_->process->Remove(machine_.facts().database.name);
}

void Attachment::Do(const action::Consult& action) {
  // The advice is there at once, a model's only if it has come already; it is
  // an event like any other.
  const bool had_offer = advisor_.HasOffer();
  Advice advice = advisor_.Advise(machine_.Input());
  if (had_offer && !(advice.proposal && IsModel(advice.proposal->source))) {
    NoteOvertaken();
  }
  inbox_.push_back(
      event::AdviceArrived{action.consultation, std::move(advice)});
  AskWhenWished();
}

void Attachment::Do(const action::RecordTrial& action) {
  services_->history->OpenTrial(
      action.trial, services_->clock->Now(),
      [self = shared_from_this(),
       ticket = action.ticket](absl::StatusOr<int64_t> id) {
        const absl::Status status = id.status();
        self->Deliver(event::TrialRecorded{ticket, std::move(id)});
        if (!status.ok()) {
          self->services_->trouble(
              absl::StrCat("a trial cannot be written to the history: ",
                           std::string(status.message())));
        }
      });
}

void Attachment::Do(const action::ApplyValues& action) {
  services_->applier->Submit(
      db_.get(), {action.change_set, action.is_rollback, action.relieves_stall},
      [self = shared_from_this(), epoch = action.epoch](ApplyReport report) {
        self->services_->loop->Post(
            [self, epoch, report = std::move(report)]() mutable {
              self->Deliver(event::ApplyFinished{epoch, std::move(report)});
            });
      });
}

// What cannot be written is trouble, whatever it is: tuning freezes.
absl::AnyInvocable<void(absl::Status)> Attachment::TroubleIf(
    absl::string_view what) {
  return [self = shared_from_this(), what](absl::Status status) {
    if (!status.ok()) {
      self->services_->trouble(
          absl::StrCat(what, " cannot be written to the history: ",
                       std::string(status.message())));
    }
  };
}

void Attachment::Do(const action::CloseTrial& action) {
  services_->history->CloseTrial(action.trial, services_->clock->Now(),
                                 TroubleIf("a verdict"));
}

void Attachment::Do(const action::RecordReadBack& action) {
  services_->history->RecordReadBack(action.trial, action.values,
                                     TroubleIf("values read back"));
}

void Attachment::Do(const action::SaveProven& action) {
  services_->history->SetProven(machine_.facts().database.name, action.values,
                                services_->clock->Now(), action.trial,
                                TroubleIf("proven values"));
}

void Attachment::Do(const action::SaveMemory& action) {
  services_->history->SaveMemory(machine_.facts().database.name, action.entry,
                                 TroubleIf("what is known of a load"));
}

void Attachment::Do(const action::ForgetMemory& action) {
  services_->history->ForgetMemory(machine_.facts().database.name, action.id,
                                   TroubleIf("what is known of a load"));
}

void Attachment::Do(const action::SavePins& action) {
  services_->history->SetPins(machine_.facts().database.name, action.pins,
                              TroubleIf("a pin"));
}

void Attachment::Do(const action::Learn& action) {
  advisor_.Learn(action.trial);
}

void Attachment::Do(const action::Forget&) { advisor_.Forget(); }

void Attachment::Do(const action::Note& action) {
  HistoryEntry entry;
  entry.at = services_->clock->Now();
  entry.database = machine_.facts().database.name;
  entry.kind = action.kind;
  entry.trial = action.trial;
  entry.uid = action.uid;
  entry.line = action.line;
  const std::string line =
      absl::StrCat(entry.database, ": ", entry.kind, ": ", entry.line);
  if (!services_->history->Note(std::move(entry))) return;
  // The host's log may be on the disk that is slow: not from this thread.
  (void)services_->worker->Post(
      [services = services_, line] { services->log(line); });
}

void Attachment::Do(const action::Reply& action) {
  auto found = replies_.find(action.ticket);
  if (found == replies_.end()) return;
  ReplyTo reply = std::move(found->second);
  replies_.erase(found);
  reply(action.reply);
}

void Attachment::Do(const action::DetachReady&) {
  if (when_detached_) std::exchange(when_detached_, nullptr)();
}

}  // namespace rocktune
