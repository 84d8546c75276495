#include "policy/one_way_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/settling.h"

namespace rocktune {
namespace {

// A trial whose jobs in flight do not end in this time is given up.
constexpr absl::Duration kSettleGiveUp = absl::Minutes(10);
// Settled windows between two steps of a cut, and the harm that ends it: this
// many standard deviations of a window, and at least this much. Guesses.
constexpr size_t kStageWindows = 4;
constexpr double kStageSpreads = 5;
constexpr double kStageHarm = 0.25;
constexpr double kUnknownNoise = 0.05;
// A hit ratio this near to the prediction counts as reached. The curve is good
// to 0.05.
constexpr double kPredictionReached = 0.03;
// A confirming trial is short: the values were proven here before.
constexpr absl::Duration kConfirm = absl::Seconds(15);

absl::Duration MeanLength(const std::vector<Window>& windows) {
  absl::Duration sum;
  for (const Window& window : windows) sum += window.length;
  if (windows.empty() || sum <= absl::ZeroDuration()) return absl::Seconds(1);
  return sum / static_cast<int64_t>(windows.size());
}

int PlannedWindows(const TrialSetup& setup) {
  absl::Duration time = setup.timing.measure_max;
  if (setup.confirms) time = std::min(time, kConfirm);
  const double windows = absl::FDivDuration(time, MeanLength(setup.baseline));
  return std::max(4, static_cast<int>(std::lround(windows)));
}

}  // namespace

OneWayRun::OneWayRun(TrialSetup setup)
    : setup_(std::move(setup)),
      stages_(CutInSteps(setup_.change_set)),
      prediction_(PredictCache(setup_.change_set, setup_.trace)),
      planned_(PlannedWindows(setup_)) {}

std::string OneWayRun::Expected() const {
  return prediction_ ? prediction_->text : "";
}

TrialStep OneWayRun::Begin(absl::Time) { return ApplyStage(); }

TrialStep OneWayRun::ApplyStage() {
  applying_ = true;
  dropped_ += static_cast<int>(settling_.size());
  settling_.clear();
  TrialStep step;
  step.kind = TrialStep::Kind::kApply;
  step.candidate = true;
  step.change_set = stages_[stage_];
  return step;
}

TrialStep OneWayRun::Applied(absl::Time now) {
  applying_ = false;
  applied_ = now;
  return {};
}

TrialStep OneWayRun::OnWindow(const Window& window, bool settled,
                              absl::Time now) {
  if (applying_) return {};
  if (measuring_) {
    if (settled && window.Operations() > 0) {
      candidate_.push_back(window);
    } else {
      ++dropped_;
    }
    return Measure(now);
  }
  settling_.push_back(window);
  return Settle(settled, now);
}

TrialStep OneWayRun::Settle(bool settled, absl::Time now) {
  TrialStep step;
  const absl::Duration elapsed = now - applied_;
  if (!settled) {
    step.why = "waiting for jobs that began under the old values";
    if (elapsed > kSettleGiveUp) {
      step.kind = TrialStep::Kind::kEnd;
      step.judgement.decided = true;
      step.judgement.verdict = Verdict::kInconclusive;
      step.judgement.ended = "unsettled";
      step.judgement.why = "jobs under the old values did not end in time";
    }
    return step;
  }
  if (elapsed < setup_.timing.settle) return step;
  if (stage_ + 1 < stages_.size()) {
    if (settling_.size() < kStageWindows) return step;
    if (std::optional<Judgement> harm = StageHarm()) {
      step.kind = TrialStep::Kind::kEnd;
      step.judgement = *std::move(harm);
      return step;
    }
    ++stage_;
    return ApplyStage();
  }
  step.why = NotInPlace(elapsed);
  if (!step.why.empty()) return step;
  dropped_ += static_cast<int>(settling_.size());
  measuring_ = step.measuring = true;
  measuring_since_ = now;
  step.why = prediction_
                 ? absl::StrCat("the effect is in place; ", prediction_->text)
                 : "the effect is in place";
  return step;
}

std::string OneWayRun::NotInPlace(absl::Duration elapsed) const {
  const TrialTiming& timing = setup_.timing;
  if (setup_.confirms) return "";
  if (setup_.slowest != OptionClass::kWarming) {
    if (elapsed >= timing.settle_max ||
        EffectInPlace(setup_.slowest, settling_)) {
      return "";
    }
    return "waiting for the effect to be in place";
  }
  if (elapsed >= timing.warm_max) return "";
  if (prediction_ && prediction_->after > prediction_->before) {
    const size_t n = std::min<size_t>(settling_.size(), 5);
    const std::optional<double> now =
        HitRatio(absl::MakeConstSpan(settling_).subspan(settling_.size() - n));
    if (now && *now >= prediction_->after - kPredictionReached) return "";
  }
  if (StillWarming(settling_)) return "the hit ratio still rises";
  // Without a rising hit ratio a cache that fills on is not waited for long.
  if (elapsed >= timing.settle_max ||
      EffectInPlace(setup_.slowest, settling_)) {
    return "";
  }
  return "the cache still fills";
}

std::optional<Judgement> OneWayRun::StageHarm() const {
  const Window before = Pool(setup_.baseline);
  const Window now = Pool(settling_);
  const ObjectiveKind kind = setup_.verdict.objective;
  const double old_cost =
      ObjectiveCost(kind, before, setup_.mix, setup_.saturated);
  const double new_cost =
      ObjectiveCost(kind, now, setup_.mix, setup_.saturated);
  if (old_cost <= 0 || new_cost <= 0) return std::nullopt;
  const double noise = setup_.history.WindowNoise().value_or(kUnknownNoise);
  const double harm = std::log(new_cost / old_cost);
  const double limit = std::max(
      kStageHarm,
      kStageSpreads * noise / std::sqrt(static_cast<double>(settling_.size())));
  if (harm < limit) return std::nullopt;
  Judgement judgement;
  judgement.decided = true;
  judgement.verdict = Verdict::kRegressed;
  judgement.ended = "harm";
  judgement.effect.mean = judgement.effect.high = std::expm1(-harm);
  judgement.effect.low = -1;
  judgement.why = absl::StrFormat(
      "step %d of %d of the cut cost %.1f %% (%.2f -> %.2f us/op)", stage_ + 1,
      stages_.size(), 100 * std::expm1(harm), old_cost, new_cost);
  return judgement;
}

TrialStep OneWayRun::Measure(absl::Time now) {
  TrialStep step;
  step.measuring = true;
  const bool last_chance =
      static_cast<int>(candidate_.size()) >= planned_ ||
      now - measuring_since_ >= 2 * setup_.timing.measure_max;
  if (now - measuring_since_ < setup_.timing.measure_min && !setup_.confirms) {
    return step;
  }
  // Between two looks the verdict cannot change.
  const int look = static_cast<int>(candidate_.size()) * kLooks / planned_;
  if (look == looked_ && !last_chance) {
    step.why = why_;
    return step;
  }
  looked_ = look;
  const size_t n =
      std::min(setup_.baseline.size(), static_cast<size_t>(planned_));
  Judgement judgement = ByRole(
      JudgeBeforeAfter({.baseline = absl::MakeConstSpan(setup_.baseline)
                                        .subspan(setup_.baseline.size() - n),
                        .candidate = candidate_,
                        .gap = dropped_,
                        .planned = planned_,
                        .mix = setup_.mix,
                        .saturated = setup_.saturated,
                        .history = &setup_.history},
                       setup_.verdict, last_chance),
      setup_, last_chance);
  judgement.windows_dropped += dropped_;
  step.why = why_ = judgement.why;
  if (judgement.decided && prediction_) {
    const std::optional<double> reached = HitRatio(candidate_);
    absl::StrAppend(
        &judgement.why, "; ", prediction_->text,
        reached ? absl::StrFormat(", measured %.2f", *reached) : "");
  }
  if (judgement.decided) step.kind = TrialStep::Kind::kEnd;
  step.judgement = std::move(judgement);
  return step;
}

std::vector<Block> OneWayRun::Blocks() const {
  const auto size = static_cast<size_t>(setup_.history.BlockWindows(
      setup_.verdict.min_block_windows, setup_.verdict.max_block_windows));
  std::vector<Block> blocks;
  auto cut = [&](const std::vector<Window>& windows, bool candidate) {
    for (size_t at = 0; at < windows.size(); at += size) {
      Block block;
      block.candidate = candidate;
      const size_t end = std::min(at + size, windows.size());
      block.windows.assign(windows.begin() + static_cast<ptrdiff_t>(at),
                           windows.begin() + static_cast<ptrdiff_t>(end));
      blocks.push_back(std::move(block));
    }
  };
  cut(setup_.baseline, false);
  cut(candidate_, true);
  return blocks;
}

}  // namespace rocktune
