// A loop in the manner of ELMo-Tune: whatever the advisor says is set as one
// bundle, one run says how fast it is, and it stays from 0.9 of the throughput
// before it. No pairs, no interval, no second look. Here the expert advises.
#include <memory>

#include "absl/time/clock.h"
#include "bench/contestants/evaluation.h"
#include "bench/contestants/live_options.h"
#include "bench/contestants/makers.h"
#include "hooks/instrumentation.h"
#include "policy/expert_advisor.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

constexpr double kStaysFrom = 0.9;
constexpr size_t kMostWindows = 30;

class WholeBundle : public Contestant {
 public:
  explicit WholeBundle(const CellSpec& spec)
      : spec_(spec), evaluation_(spec.budget.trial_s) {}

  absl::Status Configure(rocksdb::Options* options) override {
    InstrumentOptionsOf(options, {});
    return absl::OkStatus();
  }

  absl::Status Start(rocksdb::DB* db) override {
    ROCKTUNE_ASSIGN_OR_RETURN(live_, LiveOptions::Attach(db, spec_.budget));
    live_->db().Sample(absl::Now());  // begins the first window
    return absl::OkStatus();
  }

  absl::Status Tick(const LoadInterval& seen, const Moment& now) override {
    windows_.push_back(live_->db().Sample(absl::Now()));
    if (windows_.size() > kMostWindows) windows_.erase(windows_.begin());
    if (const auto ops = evaluation_.Add(seen, now.at_s)) {
      ROCKTUNE_RETURN_IF_ERROR(Judge(*ops));
    }
    if (evaluation_.open() || now.left_s < spec_.budget.trial_s) {
      return absl::OkStatus();
    }
    if (before_ > 0) ROCKTUNE_RETURN_IF_ERROR(Propose());
    evaluation_.Begin(now.at_s, trial_.change_set.empty()
                                    ? "the values found"
                                    : Describe(trial_.change_set));
    return absl::OkStatus();
  }

  absl::Status Stop(ContestantReport* report) override {
    report->trials = std::move(rows_);
    live_.reset();
    return absl::OkStatus();
  }

 private:
  absl::Status Propose() {
    ROCKTUNE_ASSIGN_OR_RETURN(const CalibrationContext context,
                              live_->Context(windows_.back()));
    const Advice advice = expert_.Advise({context, windows_, trials_});
    trial_ = Trial();
    if (!advice.proposal) return absl::OkStatus();
    ROCKTUNE_ASSIGN_OR_RETURN(
        trial_.change_set,
        live_->Set(advice.proposal->changes, ProposalSource::kExpert));
    trial_.inverse = InverseOf(trial_.change_set);
    trial_.source = ProposalSource::kExpert;
    trial_.summary = advice.proposal->summary;
    windows_.clear();
    return absl::OkStatus();
  }

  absl::Status Judge(double ops_per_s) {
    if (!trial_.change_set.empty()) {
      const bool stays = ops_per_s >= kStaysFrom * before_;
      CellTrial row = evaluation_.Row(ops_per_s, before_);
      row.verdict = stays ? "kept" : "regressed";
      trial_.verdict = stays ? Verdict::kKept : Verdict::kRegressed;
      trial_.effect.mean = row.effect;
      rows_.push_back(std::move(row));
      expert_.Learn(trial_);
      trials_.push_back(trial_);
      if (!stays) return live_->Undo(trials_.back().change_set);
    }
    before_ = ops_per_s;
    return absl::OkStatus();
  }

  const CellSpec& spec_;
  std::unique_ptr<LiveOptions> live_;
  ExpertAdvisor expert_;
  Evaluation evaluation_;
  std::vector<Window> windows_;
  std::vector<Trial> trials_;
  Trial trial_;        // the bundle in force
  double before_ = 0;  // throughput before it
  std::vector<CellTrial> rows_;
};

}  // namespace

ContestantPtr MakeWholeBundle(const CellSpec& spec) {
  return std::make_unique<WholeBundle>(spec);
}

}  // namespace rocktune
