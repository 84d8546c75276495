// rocktune as a service would link it, with a loop quick enough for a run of a
// minute or two.
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/contestants/makers.h"
#include "bench/demo/admin_client.h"
#include "bench/demo/json_read.h"
#include "bench/demo/record.h"
#include "bench/workload/workload.h"
#include "policy/status_macros.h"
#include "rocktune/rocktune.h"

namespace rocktune {
namespace {

constexpr int kMostTrials = 1000;
// Seconds in which a freeze rolls an open trial back.
constexpr double kBeforeTail = 1.5;

absl::Status Converted(const rocksdb::Status& status) {
  return status.ok() ? absl::OkStatus()
                     : absl::InternalError(status.ToString());
}

// The default configuration with every time shortened by about the same
// factor, since a cell lasts minutes where a service lasts months.
Config QuickConfig(const CellSpec& spec) {
  Config config;
  config.mode = Mode::kAuto;
  config.state_dir = spec.work_dir + "/state";
  config.memory_budget_bytes = spec.budget.memory_bytes;
  config.window = std::chrono::milliseconds(100);
  config.baseline = std::chrono::seconds(3);
  // Waves of compaction last ten seconds here too: the longer a cell is, the
  // more of them a baseline may hold.
  config.one_way_baseline = std::chrono::seconds(
      static_cast<int64_t>(std::max(13.0, spec.run_s / 5)));
  config.settle = std::chrono::seconds(1);
  config.settle_max = std::chrono::seconds(6);
  config.measure_min = std::chrono::seconds(2);
  config.measure_max = std::chrono::seconds(16);
  config.probation = std::chrono::seconds(2);
  config.cool_down = std::chrono::seconds(0);
  config.option_writes_per_hour = 10'000;
  config.trace_every = std::chrono::seconds(20);
  config.trace_length = std::chrono::seconds(1);
  config.llm.provider = spec.model.provider;
  config.llm.model = spec.model.model;
  config.llm.base_url = spec.model.base_url;
  config.llm.replay = spec.model.replay;
  return config;
}

class RocktuneContestant : public Contestant {
 public:
  RocktuneContestant(const CellSpec& spec, bool asks_model)
      : config_(QuickConfig(spec)) {
    if (!asks_model) config_.llm = LlmConfig();
    asks_model_ = asks_model;
    const absl::StatusOr<Workload> workload = WorkloadOf(spec.workload);
    follows_phases_ = workload.ok() && workload->cycles;
  }

  absl::Status Configure(rocksdb::Options* options) override {
    if (asks_model_ && config_.llm.provider.empty() &&
        config_.llm.replay.empty()) {
      return absl::InvalidArgumentError(
          "rocktune-model needs --provider and --model, or --replay");
    }
    return Converted(Instrument(options));
  }

  absl::Status Start(rocksdb::DB* db) override {
    db_ = db;
    ROCKTUNE_RETURN_IF_ERROR(Converted(Tuner::Open(config_, &tuner_)));
    ROCKTUNE_RETURN_IF_ERROR(
        Converted(tuner_->Attach(db, {db->DefaultColumnFamily()}, {"cell"})));
    origin_ = absl::Now();
    return absl::OkStatus();
  }

  // Nothing new in the tail: an open trial is rolled back, as at any freeze.
  // Where phases come again and again, following them is what is measured.
  absl::Status Tick(const LoadInterval&, const Moment& now) override {
    if (frozen_ || follows_phases_ || now.left_s > kBeforeTail)
      return absl::OkStatus();
    frozen_ = true;
    const AdminClient client(tuner_->AdminSocket());
    ROCKTUNE_ASSIGN_OR_RETURN(
        const AdminReply reply,
        client.Post("/v1/freeze", {{"reason", "the tail begins"}}));
    if (reply.http_status / 100 == 2) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat("freeze: HTTP ", reply.http_status));
  }

  absl::Status Stop(ContestantReport* report) override {
    const AdminClient client(tuner_->AdminSocket());
    for (int id = 1; id <= kMostTrials; ++id) {
      ROCKTUNE_ASSIGN_OR_RETURN(const AdminReply reply,
                                client.Get(absl::StrCat("/v1/trials/", id)));
      if (reply.http_status != 200) break;
      report->trials.push_back(RowOf(TrialFromJson(reply.body, origin_)));
    }
    if (asks_model_) {
      ROCKTUNE_ASSIGN_OR_RETURN(const AdminReply reply, client.Get("/v1/llm"));
      const auto& spent = ObjectOf(reply.body, "last_day");
      report->tokens = static_cast<uint64_t>(NumberOf(spent, "input_tokens") +
                                             NumberOf(spent, "output_tokens"));
    }
    const rocksdb::Status detached = tuner_->Detach(db_);
    tuner_.reset();
    return Converted(detached);
  }

 private:
  static CellTrial RowOf(const TrialLine& trial) {
    return {trial.begin_s,     std::max(trial.begin_s, trial.end_s),
            trial.verdict,     ShortChanges(trial.changes),
            trial.effect_mean, trial.why};
  }

  Config config_;
  bool asks_model_ = false;
  bool follows_phases_ = false;
  bool frozen_ = false;
  rocksdb::DB* db_ = nullptr;
  std::unique_ptr<Tuner> tuner_;
  absl::Time origin_;
};

}  // namespace

ContestantPtr MakeRocktune(const CellSpec& spec) {
  return std::make_unique<RocktuneContestant>(spec, false);
}
ContestantPtr MakeRocktuneModel(const CellSpec& spec) {
  return std::make_unique<RocktuneContestant>(spec, true);
}

}  // namespace rocktune
