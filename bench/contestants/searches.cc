// Searches that know nothing of databases: random, and NLopt's evolution.
#include <memory>
#include <random>

#include "bench/contestants/ask_tell.h"
#include "bench/contestants/evaluation.h"
#include "bench/contestants/live_options.h"
#include "bench/contestants/makers.h"
#include "bench/contestants/search_space.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// Where the next point comes from.
class PointSource {
 public:
  virtual ~PointSource() = default;
  virtual std::optional<Point> Next() = 0;
  virtual void Tell(double ops_per_s) = 0;
};

class RandomPoints : public PointSource {
 public:
  RandomPoints(const SearchSpace* space, uint64_t seed)
      : space_(space), random_(seed) {}
  std::optional<Point> Next() override { return space_->Random(random_); }
  void Tell(double) override {}

 private:
  const SearchSpace* const space_;
  std::mt19937_64 random_;
};

class EvolvedPoints : public PointSource {
 public:
  EvolvedPoints(const Point& start, uint64_t seed) : search_(start, seed) {}
  std::optional<Point> Next() override { return search_.Ask(); }
  void Tell(double ops_per_s) override { search_.Tell(ops_per_s); }

 private:
  AskTell search_;
};

// Evaluates the values found, then points one after the other; the best of
// all is in force in the tail.
class Search : public Contestant {
 public:
  Search(const CellSpec& spec, bool evolves)
      : spec_(spec), evolves_(evolves), evaluation_(spec.budget.trial_s) {}

  absl::Status Start(rocksdb::DB* db) override {
    ROCKTUNE_ASSIGN_OR_RETURN(live_, LiveOptions::Attach(db, spec_.budget));
    ROCKTUNE_ASSIGN_OR_RETURN(best_, live_->Values());
    space_ = std::make_unique<SearchSpace>(live_->catalogue(), best_,
                                           spec_.budget.memory_bytes);
    if (evolves_) {
      points_ =
          std::make_unique<EvolvedPoints>(space_->PointOf(best_), spec_.seed);
    } else {
      points_ = std::make_unique<RandomPoints>(space_.get(), spec_.seed);
    }
    return absl::OkStatus();
  }

  absl::Status Tick(const LoadInterval& seen, const Moment& now) override {
    if (const auto ops = evaluation_.Add(seen, now.at_s)) {
      ROCKTUNE_RETURN_IF_ERROR(Judge(*ops));
    }
    if (now.left_s <= 0) return Settle();
    if (evaluation_.open() || now.left_s < spec_.budget.trial_s) {
      return absl::OkStatus();
    }
    if (reference_ == 0) {
      evaluation_.Begin(now.at_s, "the values found");
      return absl::OkStatus();
    }
    const std::optional<Point> point = points_->Next();
    if (!point) return absl::OkStatus();
    asked_ = true;
    ROCKTUNE_ASSIGN_OR_RETURN(const ChangeSet change_set,
                              live_->Set(space_->ValuesAt(*point)));
    settled_ = false;
    evaluation_.Begin(now.at_s, Describe(change_set));
    return absl::OkStatus();
  }

  absl::Status Stop(ContestantReport* report) override {
    report->trials = std::move(trials_);
    points_.reset();
    live_.reset();
    return absl::OkStatus();
  }

 private:
  absl::Status Judge(double ops_per_s) {
    if (reference_ == 0) {
      reference_ = best_ops_ = ops_per_s;
      return absl::OkStatus();
    }
    trials_.push_back(evaluation_.Row(ops_per_s, reference_));
    if (asked_) points_->Tell(ops_per_s);
    asked_ = false;
    if (ops_per_s > best_ops_) {
      best_ops_ = ops_per_s;
      ROCKTUNE_ASSIGN_OR_RETURN(best_, live_->Values());
    }
    return absl::OkStatus();
  }

  absl::Status Settle() {
    if (settled_) return absl::OkStatus();
    settled_ = true;
    return live_->Set(best_).status();
  }

  const CellSpec& spec_;
  const bool evolves_;
  std::unique_ptr<LiveOptions> live_;
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<PointSource> points_;
  Evaluation evaluation_;
  OptionValues best_;
  double reference_ = 0;  // of the values found
  double best_ops_ = 0;
  bool asked_ = false;
  bool settled_ = true;
  std::vector<CellTrial> trials_;
};

}  // namespace

ContestantPtr MakeRandomSearch(const CellSpec& spec) {
  return std::make_unique<Search>(spec, false);
}
ContestantPtr MakeEvolution(const CellSpec& spec) {
  return std::make_unique<Search>(spec, true);
}

}  // namespace rocktune
