// The load under the incumbent: its noise, its shifts, what was promised and
// what is remembered of it.
#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/tuning_machine.h"

namespace rocktune {
namespace {

constexpr size_t kTrimmedAtOnce = 60;
constexpr size_t kWindowsWithShape = 60;
// Newest windows that say what the mix is.
constexpr size_t kWindowsOfMix = 20;
constexpr size_t kWindowsToRemember = 20;
// Blocks between two that are compared to learn how much blocks differ.
constexpr int kPromiseApart = 10;
// Thinning leaves at least this part of the option calls to the advisor.
constexpr double kThinningShare = 0.5;

}  // namespace

void TuningMachine::AddIncumbentWindow(const event::WindowClosed& event) {
  const Window& window = event.window;
  if (window.Operations() == 0) return;  // an idle database teaches nothing
  if (std::optional<LoadShift> shift =
          shift_.Add(window, /*rate_is_ours=*/false)) {
    StartAnewUnderNewLoad(*shift);
  }
  // While a shift is suspected its windows belong to neither load.
  if (shift_.suspects()) return;
  baseline_.push_back(window);
  // Shapes are read from recent windows only, and weigh the most.
  if (baseline_.size() > kWindowsWithShape) {
    Window& old = baseline_[baseline_.size() - 1 - kWindowsWithShape];
    old.column_families = {};
    old.caches = {};
  }
  TrimBaseline();
  AddToHistory(window);
  WatchPromise(window);
}

void TuningMachine::StartAnewUnderNewLoad(const LoadShift& shift) {
  // Of the load that ends: what was in force under it and not proven there has
  // no claim to come back.
  if (kept_under_load_) RememberValues();
  trace_.reset();
  baseline_.clear();
  history_.StartOver();
  promise_.reset();
  promise_block_.clear();
  empty_proposals_ = 0;
  trials_under_load_ = 0;
  kept_under_load_ = false;
  harm_.Reset();
  recalled_ = false;
  Emit(action::Forget{});
  Say("load", absl::StrCat("the load changed: ", shift.text,
                           "; the baseline starts anew"));
  const bool waits_for_operator =
      pending_ && pending_->source == ProposalSource::kOperator;
  if (state_ == TuningState::kFrozen || waits_for_operator) return;
  pending_.reset();
  approved_ = false;
  Enter(TuningState::kBaselining, "the load changed");
}

// Some at a time: moving hundreds of windows for each new one would be the
// dearest thing here.
void TuningMachine::TrimBaseline() {
  if (baseline_.size() < kMaxBaseline + kTrimmedAtOnce) return;
  baseline_.erase(baseline_.begin(),
                  baseline_.end() - static_cast<ptrdiff_t>(kMaxBaseline));
}

void TuningMachine::AddToHistory(const Window& window) {
  const size_t n = std::min(baseline_.size(), kWindowsOfMix);
  const OpMix mix =
      MixOf(absl::MakeConstSpan(baseline_).subspan(baseline_.size() - n));
  const double cost = ObjectiveCost(config_.verdict.objective, window, mix,
                                    /*saturated=*/false);
  if (cost > 0) history_.Add(window.start, cost);
}

// What the values in force do now is what they promise from here on.
void TuningMachine::MakePromise() {
  const int block = history_.BlockWindows(config_.verdict.min_block_windows,
                                          config_.verdict.max_block_windows);
  const double cost = ObjectiveCost(config_.verdict.objective, Pool(baseline_),
                                    MixOf(baseline_), /*saturated=*/false);
  promise_block_.clear();
  promise_.reset();
  const std::optional<double> noise = history_.WindowNoise();
  if (cost <= 0 || !noise) return;
  // Compactions make slow waves that neighbouring windows do not show.
  const auto apart =
      history_.PlaceboSpread(block, kPromiseApart * block, block);
  PromiseConfig config = config_.promise;
  // Going back for a holdback costs the whole gain while it lasts, so it is
  // looked for the decay of half of the gain (in log cost).
  if (!kept_.empty() && kept_.back().effect.mean > 0) {
    config.decay =
        std::max(config.decay, std::sqrt(1 + kept_.back().effect.mean) - 1);
  }
  promise_.emplace(config, cost,
                   std::max(*noise / std::sqrt(block),
                            apart ? apart->spread / std::sqrt(2.0) : 0));
}

void TuningMachine::WatchPromise(const Window& window) {
  if (!promise_ || kept_.empty() || trial_ || pending_) return;
  if (state_ == TuningState::kFrozen) return;  // nothing could come of it
  promise_block_.push_back(window);
  const int block = history_.BlockWindows(config_.verdict.min_block_windows,
                                          config_.verdict.max_block_windows);
  if (promise_block_.size() < static_cast<size_t>(block)) return;
  const std::vector<Window> windows = std::exchange(promise_block_, {});
  const double cost =
      ObjectiveCost(config_.verdict.objective, Pool(windows), MixOf(baseline_),
                    /*saturated=*/false);
  if (cost <= 0) return;
  const std::optional<std::string> broken = promise_->Add(cost);
  if (!broken) return;
  MakePromise();  // one question for one decay
  const Trial& last = kept_.back();
  Proposal holdback;
  holdback.source = ProposalSource::kHistory;
  holdback.about_trial = last.id;
  holdback.summary = absl::StrCat("holdback: are the values before trial ",
                                  last.id, " better by now? ", *broken);
  for (const Change& change : last.inverse.changes) {
    holdback.changes.push_back({change.key.name, change.key.column_family,
                                change.after, *broken, "to be measured"});
  }
  Say("load", holdback.summary);
  if (config_.mode == TuningMode::kAuto &&
      (state_ == TuningState::kConverged ||
       state_ == TuningState::kBaselining)) {
    TakeProposal(std::move(holdback));
  }
}

// True when a proposal was taken from the memory.
bool TuningMachine::RecallValues() {
  if (recalled_ || restart_ || config_.mode <= TuningMode::kObserve ||
      baseline_.size() < kRecallWindows) {
    return false;
  }
  recalled_ = true;
  const MemoryEntry* entry = memory_.Recall(Profile());
  if (entry == nullptr) return false;
  OptionValues target = at_attach_;
  for (const auto& [key, value] : entry->values) {
    if (auto found = target.find(KnownAs(key)); found != target.end()) {
      found->second = value;
    }
  }
  Proposal proposal;
  proposal.source = ProposalSource::kHistory;
  proposal.confirms = true;
  proposal.summary =
      absl::StrCat("this load was seen before; its values were proven ",
                   entry->times_proven, " times");
  for (const Change& change : Difference(target).changes) {
    proposal.changes.push_back({change.key.name, change.key.column_family,
                                change.after, "proven under this load", ""});
  }
  if (proposal.changes.empty()) return false;
  Say("load", proposal.summary);
  TakeProposal(std::move(proposal));
  return state_ == TuningState::kVetting;
}

void TuningMachine::RememberValues() {
  if (trials_under_load_ == 0 || baseline_.size() < kWindowsToRemember) return;
  OptionValues values;
  for (const auto& [key, value] : proven_) {
    auto found = at_attach_.find(key);
    if (found != at_attach_.end() && found->second != value) {
      values.emplace(key, value);
    }
  }
  Emit(action::SaveMemory{memory_.Remember(Profile(), values, now_)});
}

// Once the advisor has nothing left: do all options of a bundle carry?
void TuningMachine::ThinWhenIdle() {
  if (config_.mode != TuningMode::kAuto || !BaselineReady(nullptr)) return;
  if (writes_.Left(now_) < kThinningShare * config_.option_writes_per_hour) {
    return;
  }
  if (std::optional<Proposal> proposal = thinning_.Next(values_)) {
    TakeProposal(*std::move(proposal));
  }
}

}  // namespace rocktune
