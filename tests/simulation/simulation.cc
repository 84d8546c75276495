#include "tests/simulation/simulation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tests/simulation/window_maker.h"

namespace rocktune::simulation {
namespace {

// As the sidecar, but less often: nobody else changes values here.
constexpr int kReadValuesEvery = 30;
// An answer that takes longer comes too late for the machine.
constexpr double kLongestAdvice = 100;

absl::Time TimeOf(double second) {
  // A Monday of 2026, so that the first day of a log is a whole one.
  return absl::FromUnixSeconds(1767571200) + absl::Seconds(second);
}

std::string Describe(const ChangeSet& change_set) {
  return absl::StrJoin(change_set.changes, ", ",
                       [](std::string* out, const Change& change) {
                         absl::StrAppend(out, ToString(change.key), " ",
                                         change.before, " -> ", change.after);
                       });
}

}  // namespace

Simulation::Simulation(const SimulationConfig& config,
                       std::unique_ptr<Advisor> advisor, EventLog* log)
    : config_(config),
      advisor_(std::move(advisor)),
      log_(log),
      load_(config.load),
      store_(config.host, config.load, ParseOptions(config.values)),
      weather_(config.climate, config.seed * 2 + 1),
      faults_(config.seed * 2 + 2),
      values_(config.values),
      process_(static_cast<uint64_t>(config.host.memory_budget_bytes)) {
  if (config_.plant) {
    plant_.emplace(*config_.plant);
    values_[KeyOf(config_.plant->option)] =
        absl::StrFormat("%.0f", config_.plant->before);
  }
  SetStore();
  store_.Warm(load_);
  // What the load leaves behind is there when the tuner comes.
  for (int i = 0; i < 120; ++i) store_.Step(load_, Sky(), 1);
  if (config_.tuned) StartMachine();
}

void Simulation::Log(absl::string_view what, const std::string& line) {
  if (log_ != nullptr) log_->Add(second_, what, line);
}

void Simulation::StartMachine() {
  base_ = values_;
  for (const Trial& trial : unfinished_) {
    for (const Change& change : trial.change_set.changes) {
      if (base_[change.key] == change.after) base_[change.key] = change.before;
    }
  }
  machine_.emplace(config_.machine, FactsOf(config_.host), &process_);
  event::Started started;
  started.values = values_;
  started.unfinished = unfinished_;
  started.proven = proven_;
  started.memory = memory_;
  Deliver(std::move(started));
}

// What was on its way is lost. The host opens its database with its own
// options or with those of the OPTIONS file, and a cold cache.
void Simulation::Crash() {
  const bool own = faults_.Chance(0.5);
  Log("fault", absl::StrCat("the process ends and starts again with ",
                            own ? "the host's options" : "the same options"));
  if (own) values_ = config_.values;
  SetStore();
  store_.Restart();
  ++crashes_;
  machine_.reset();
  process_.Remove("db");
  due_.clear();
  inbox_.clear();
  StartMachine();
}

void Simulation::RunSecond() {
  second_ += 1;
  const Sky sky = weather_.Next();
  const double factor = plant_ ? plant_->Next() : 1;
  const Second& second = store_.Step(load_, sky, factor);
  operations_ += second.operations;
  if (log_ != nullptr && log_->windows()) LogWindow(second, factor);
  if (!machine_) return;
  if (config_.faults.crashes_per_h > 0 &&
      faults_.Chance(config_.faults.crashes_per_h / 3600)) {
    Crash();
  }
  DeliverDue();
  MakeWindow(second);
  if (static_cast<int>(second_) % kReadValuesEvery == 0) {
    Deliver(event::ValuesRead{values_, machine_->epoch()});
  }
  if (config_.trace_every_s > 0 && second_ >= next_trace_s_ &&
      (!machine_->open_trial() ||
       (machine_->state() == TuningState::kMeasuring &&
        machine_->open_trial()->design != TrialDesign::kSwitchback))) {
    next_trace_s_ = second_ + config_.trace_every_s;
    Deliver(
        event::TraceTaken{MakeTrace(store_, load_, TimeOf(second_), &faults_)});
  }
  Deliver(closed_window_);
}

bool Simulation::calls_out() const {
  return std::any_of(due_.begin(), due_.end(), [](const Due& due) {
    return std::holds_alternative<event::ApplyFinished>(due.event);
  });
}

void Simulation::MakeWindow(const Second& second) {
  CacheLook look;
  if (plant_ && plant_->plant().option_class == OptionClass::kWarming) {
    double capacity = 0;
    (void)absl::SimpleAtod(values_[KeyOf(plant_->plant().option)], &capacity);
    look = {capacity, plant_->reached()};
  }
  Window& window = closed_window_.window;
  FillWindow(store_, load_, look, &window);
  window.database = "db";
  ++window.number;
  window.start = TimeOf(second_ - 1);
  StallCause cause = StallCause::kNone;
  const double nearness = store_.StallNearness(&cause);
  closed_window_.stall_nearness = second.stopped ? 1 : nearness;
  closed_window_.stall_cause = ToString(cause);
}

void Simulation::LogWindow(const Second& second, double factor) {
  double total_us = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    total_us += second.count[kind] * second.latency_us[kind];
  }
  log_->Add(
      second_, "window",
      absl::StrFormat("%.0f %.3f x%.4f %.4f %.1f %.0f %s", second.operations,
                      total_us / second.operations, factor, second.hit_ratio,
                      store_.l0_files(), store_.debt_bytes() / (1 << 20),
                      ToString(second.stall)));
}

void Simulation::DeliverDue() {
  for (size_t i = 0; i < due_.size();) {
    if (due_[i].second > second_) {
      ++i;
      continue;
    }
    Event event = std::move(due_[i].event);
    due_.erase(due_.begin() + static_cast<ptrdiff_t>(i));
    Deliver(std::move(event));
  }
}

// Actions may bring events at once: they wait for the one being handled.
void Simulation::Deliver(Event event) {
  inbox_.push_back(std::move(event));
  if (std::exchange(delivering_, true)) return;
  while (!inbox_.empty()) {
    const Event next = std::move(inbox_.front());
    inbox_.pop_front();
    for (const Action& action : machine_->On(next, TimeOf(second_))) {
      std::visit([this](const auto& a) { Do(a); }, action);
    }
  }
  delivering_ = false;
}

void Simulation::Do(const action::Consult& action) {
  double delay_s = std::max(0.0, config_.first_advice_s - second_);
  if (delay_s > kLongestAdvice) return;
  event::AdviceArrived arrived{action.consultation,
                               advisor_->Advise(machine_->Input())};
  const Advice& advice = arrived.advice;
  Log(">event",
      absl::StrCat(advice.proposal ? "advice: " : "no advice: ", advice.why));
  const Faults& faults = config_.faults;
  if (faults.advice_lost > 0 && faults_.Chance(faults.advice_lost)) {
    Log("fault", "the advice is lost");
    return;
  }
  if (faults.advice_delay_s > 0) {
    delay_s += faults_.Exponential(faults.advice_delay_s);
  }
  if (delay_s > 0) {
    due_.push_back({second_ + delay_s, std::move(arrived)});
    return;
  }
  Deliver(std::move(arrived));
}

void Simulation::Do(const action::RecordTrial& action) {
  event::TrialRecorded recorded{action.ticket, next_id_};
  if (config_.faults.history_fails > 0 &&
      faults_.Chance(config_.faults.history_fails)) {
    Log("fault", "the trial cannot be recorded");
    recorded.id = absl::ResourceExhaustedError("disk full");
  } else {
    ++trials_opened_;
    unfinished_.push_back(action.trial);
    unfinished_.back().id = next_id_++;
    Log("action", absl::StrCat("record trial ", unfinished_.back().id, " (",
                               std::string(ToString(action.trial.design)),
                               "): ", Describe(action.trial.change_set)));
  }
  Deliver(std::move(recorded));
}

void Simulation::Do(const action::CloseTrial& action) {
  std::erase_if(unfinished_, [&action](const Trial& trial) {
    return trial.id == action.trial.id;
  });
  closed_.push_back(action.trial);
}

void Simulation::Do(const action::SaveProven& action) {
  proven_ = action.values;
}

void Simulation::Do(const action::SaveMemory& action) {
  for (MemoryEntry& entry : memory_) {
    if (entry.id == action.entry.id) {
      entry = action.entry;
      return;
    }
  }
  memory_.push_back(action.entry);
}

void Simulation::Do(const action::ForgetMemory& action) {
  std::erase_if(memory_, [&action](const MemoryEntry& entry) {
    return entry.id == action.id;
  });
}

void Simulation::Do(const action::Learn& action) {
  advisor_->Learn(action.trial);
}

void Simulation::Do(const action::Forget&) { advisor_->Forget(); }

void Simulation::Do(const action::Note& action) {
  if (log_ == nullptr) return;
  log_->Add(second_, "note", absl::StrCat(action.kind, ": ", action.line));
}

}  // namespace rocktune::simulation
