// A tuner that says what a test tells it to say.
#ifndef ROCKTUNE_TESTS_FAKES_SCRIPTED_CONTROL_H_
#define ROCKTUNE_TESTS_FAKES_SCRIPTED_CONTROL_H_

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sidecar/control.h"

namespace rocktune {

// Fill the members, then look at `commands`. Not thread-safe: once a server
// uses it, touch it on the loop thread only.
class ScriptedControl : public TunerControl {
 public:
  using Reply = absl::StatusOr<CommandReply>;
  using Done = absl::AnyInvocable<void(Reply)>;

  TunerStatus status;
  std::map<std::string, DatabaseStatus> databases;
  std::vector<Window> windows;
  WorkloadProfile profile;
  std::vector<OptionView> options;
  Catalogue catalogue;
  std::vector<HistoryEntry> history;
  std::vector<Trial> trials;
  Reply reply = CommandReply();
  bool holds = false;  // keep the callbacks in `held`, answer nothing

  std::vector<Command> commands;  // what was asked
  std::vector<Done> held;
  size_t last_limit = 0;

  TunerStatus Status() const override { return status; }

  absl::StatusOr<DatabaseStatus> Database(const std::string& name) override {
    const auto found = name.empty() ? databases.begin() : databases.find(name);
    if (found == databases.end()) return NoDatabase(name);
    return found->second;
  }

  absl::StatusOr<std::vector<Window>> Windows(const std::string& name,
                                              size_t limit) override {
    if (const auto found = Database(name); !found.ok()) return found.status();
    last_limit = limit;
    const size_t count = std::min(limit, windows.size());
    return std::vector<Window>(windows.end() - static_cast<long>(count),
                               windows.end());
  }

  absl::StatusOr<WorkloadProfile> Profile(const std::string& name) override {
    if (const auto found = Database(name); !found.ok()) return found.status();
    return profile;
  }

  absl::StatusOr<std::vector<OptionView>> Options(
      const std::string& name) override {
    if (const auto found = Database(name); !found.ok()) return found.status();
    return options;
  }

  absl::StatusOr<Catalogue> CatalogueOf(const std::string& name) override {
    if (const auto found = Database(name); !found.ok()) return found.status();
    return catalogue;
  }

  absl::StatusOr<ModelStatus> model =
      absl::FailedPreconditionError("no model is configured");
  AskedModel asked;
  bool holds_asked = false;  // keep the callbacks, answer nothing
  std::vector<absl::AnyInvocable<void(absl::StatusOr<AskedModel>)>> held_asked;
  VettedReply vetted;
  std::string last_text;  // that was vetted

  absl::StatusOr<ModelStatus> Model() const override { return model; }
  absl::StatusOr<std::string> Payload(const std::string& name) override {
    if (const auto found = Database(name); !found.ok()) return found.status();
    if (!model.ok()) return model.status();
    return "{\"model\":\"m\"}";
  }
  void AskModel(
      const std::string& name,
      absl::AnyInvocable<void(absl::StatusOr<AskedModel>)> done) override {
    if (const auto found = Database(name); !found.ok()) {
      return done(found.status());
    }
    if (!model.ok()) return done(model.status());
    if (holds_asked) return held_asked.push_back(std::move(done));
    done(asked);
  }
  absl::StatusOr<VettedReply> Vet(const std::string& name,
                                  const std::string& text) override {
    if (const auto found = Database(name); !found.ok()) return found.status();
    last_text = text;
    return vetted;
  }

  void History(
      std::string /*database*/, size_t limit,
      absl::AnyInvocable<void(absl::StatusOr<std::vector<HistoryEntry>>)> done)
      override {
    last_limit = limit;
    done(history);
  }

  void TrialById(
      int64_t id,
      absl::AnyInvocable<void(absl::StatusOr<Trial>)> done) override {
    for (const Trial& trial : trials) {
      if (trial.id == id) return done(trial);
    }
    done(absl::NotFoundError("no trial " + std::to_string(id)));
  }

  void Why(std::string /*database*/, std::string option, size_t /*limit*/,
           absl::AnyInvocable<void(absl::StatusOr<std::vector<Trial>>)> done)
      override {
    std::vector<Trial> found;
    for (const Trial& trial : trials) {
      for (const Change& change : trial.change_set.changes) {
        if (change.key.name == option) found.push_back(trial);
      }
    }
    done(std::move(found));
  }

  void Execute(Command command, Done done) override {
    commands.push_back(std::move(command));
    if (holds) {
      held.push_back(std::move(done));
    } else {
      done(reply);
    }
  }

 private:
  absl::Status NoDatabase(const std::string& name) const {
    std::string known;
    for (const auto& [key, value] : databases) known += " " + key;
    return absl::NotFoundError("no database \"" + name +
                               "\"; attached:" + known);
  }
};

inline void FillStatus(ScriptedControl* control) {
  control->status.health = "ok";
  control->status.version = "0.1.0";
  control->status.rocksdb_version = "7.8.3";
  control->status.mode = TuningMode::kAuto;
  control->status.uptime = absl::Minutes(72);
  control->status.session = 3;
  control->status.history_path = "/srv/main.rocktune/history.db";
  control->status.memory_budget_bytes = 4ull << 30;
  control->status.memory_committed_bytes = 700ull << 20;
  control->status.databases = {"main"};
}

inline void FillDatabase(ScriptedControl* control) {
  DatabaseStatus& database = control->databases["main"];
  database.facts.name = "main";
  database.facts.column_families = {{0, "default"}};
  database.facts.instrumented = true;
  database.path = "/srv/main";
  database.state = TuningState::kMeasuring;
  database.state_why = "block 3 of 8";
  database.in_state = absl::Seconds(12);
  database.throughput_ops_per_s_at_baseline = 42100;
  database.throughput_ops_per_s_now = 68950.5;
  database.service_time_us_at_baseline = 23.5;
  database.service_time_us_now = 14.25;
  database.trials_kept = 2;
  database.trials_rolled_back = 1;
  database.advisor_why = "18 % of reads miss the block cache";

  Window window;
  window.database = "main";
  window.start = absl::UnixEpoch();
  window.length = absl::Seconds(1);
  window.has_tickers = window.has_latencies = true;
  window.op(OpKind::kGet) = {65000, 2031, 12.5, 9, 88};
  window.op(OpKind::kWrite) = {3900, 122, 21.5, 17, 140};
  for (uint64_t number = 1; number <= 3; ++number) {
    window.number = number;
    control->windows.push_back(window);
  }
  database.latest = window;
}

inline void FillHistory(ScriptedControl* control) {
  Trial trial;
  trial.id = 7;
  trial.database = "main";
  trial.summary = "a larger block cache";
  trial.change_set.changes = {{{"block_cache.capacity", ""},
                               "33554432",
                               "134217728",
                               "18 % of reads miss the block cache"}};
  trial.inverse = InverseOf(trial.change_set);
  trial.opened = absl::FromUnixSeconds(1767225600);
  trial.closed = trial.opened + absl::Seconds(64);
  trial.verdict = Verdict::kKept;
  trial.effect = {0.31, 0.27, 0.35, 0.95};
  trial.baseline.throughput_ops_per_s = 42100;
  trial.candidate.throughput_ops_per_s = 55150;
  trial.in_force = absl::Seconds(60);
  trial.why = "service time fell by 31 % (27 to 35 %)";
  control->trials = {trial};

  control->history = {
      {2, trial.closed, "main", "trial", 7, std::nullopt,
       "kept block_cache.capacity 33554432 -> 134217728: +31 %"},
      {1, trial.opened, "main", "operator", 0, 1000u, "mode suggest -> auto"}};
}

inline void FillOptions(ScriptedControl* control) {
  control->options = {{{"write_buffer_size", "default"},
                       OptionClass::kInstant,
                       OptionUnit::kBytes,
                       "67108864",
                       "67108864",
                       "67108864",
                       "67108864",
                       ""},
                      {{"block_cache.capacity", ""},
                       OptionClass::kWarming,
                       OptionUnit::kBytes,
                       "134217728",
                       "134217728",
                       "33554432",
                       "33554432",
                       "134217728"}};
  CatalogueRow row;
  row.name = "write_buffer_size";
  row.type = OptionType::kUint;
  row.option_class = OptionClass::kInstant;
  row.unit = OptionUnit::kBytes;
  row.min = 1 << 20;
  row.max = 1 << 30;
  row.max_step_factor = 4;
  row.default_value = "67108864";
  row.meaning = "Memtable size at which it is flushed.";
  control->catalogue = Catalogue({row});
}

// One attached database "main" with a trial 7 in its past, for tests that
// need something to show.
inline void FillTypical(ScriptedControl* control) {
  FillStatus(control);
  FillDatabase(control);
  FillHistory(control);
  FillOptions(control);
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_FAKES_SCRIPTED_CONTROL_H_
