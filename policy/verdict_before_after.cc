// One-way trials: the verdict against placebo comparisons of the same span.
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/student_t.h"
#include "policy/verdict.h"
#include "policy/verdict_rules.h"

namespace rocktune {
namespace {

// Of the error of a keep: what the placebo spread did not see (a wave that
// begins with the trial) has the rest. Set by simulation.
constexpr double kOneWayShare = 0.5;
// Fewer windows in an arm say nothing about it.
constexpr size_t kLeastWindows = 6;
// A step within an arm that is smaller than this, or that chance makes with
// this probability, is none; one of which less than this part comes at once is
// the change of values that takes hold. Guesses.
constexpr double kLeastStep = 0.04;
constexpr double kUnsteadyAlpha = 0.01;
constexpr double kSudden = 0.6;
constexpr size_t kLocal = 4;     // windows on each side of a step
constexpr double kMostLog = 10;  // where an interval ends that has no end

struct Moments {
  double mean = 0;
  double error = 0;    // standard error of the mean, from block means
  double degrees = 1;  // of freedom
};

struct Arm {
  std::vector<Window> windows;  // that count
  Window pooled;
  int dropped = 0;
};

Arm Counting(absl::Span<const Window> windows, const BeforeAfterInput& input,
             const VerdictConfig& config) {
  Arm arm;
  for (const Window& window : windows) {
    if (SaysEnough(window, 1, config) &&
        ObjectiveCost(config.objective, window, input.mix, input.saturated) >
            0) {
      arm.windows.push_back(window);
    } else {
      ++arm.dropped;
    }
  }
  arm.pooled = Pool(arm.windows);
  return arm;
}

// Log costs of an arm's windows; empty when one of them cannot be said.
template <typename CostFunction>
std::vector<double> LogCosts(const Arm& arm, const CostFunction& cost) {
  std::vector<double> logs;
  for (const Window& window : arm.windows) {
    const double value = cost(window);
    if (value <= 0) return {};
    logs.push_back(std::log(value));
  }
  return logs;
}

// Standard error from the means of blocks (batch means; Conway 1963), which
// correlated windows do not make too small.
Moments MomentsOf(const std::vector<double>& logs, int block_windows) {
  const size_t size = std::clamp<size_t>(static_cast<size_t>(block_windows), 1,
                                         logs.size() / 3);
  Moments moments;
  for (double x : logs) moments.mean += x / static_cast<double>(logs.size());
  double squares = 0, blocks = 0;
  for (size_t at = 0; at + size <= logs.size(); at += size) {
    double mean = 0;
    for (size_t i = at; i < at + size; ++i) {
      mean += logs[i] / static_cast<double>(size);
    }
    squares += (mean - moments.mean) * (mean - moments.mean);
    ++blocks;
  }
  moments.degrees = blocks - 1;
  moments.error = std::sqrt(squares / moments.degrees / blocks);
  return moments;
}

// Difference of the arms with the spread to hold it against.
struct Comparison {
  double gain = 0;
  double spread = 0;
  StudentT t;
};

// Welch (1947) on the block means of both arms.
Comparison CompareArms(const std::vector<double>& before,
                       const std::vector<double>& after, int block_windows) {
  const Moments b = MomentsOf(before, block_windows);
  const Moments c = MomentsOf(after, block_windows);
  const double vb = b.error * b.error, vc = c.error * c.error;
  Comparison comparison;
  comparison.gain = b.mean - c.mean;
  comparison.spread = std::sqrt(vb + vc);
  const double parts = vb * vb / b.degrees + vc * vc / c.degrees;
  comparison.t.degrees =
      parts > 0 ? (vb + vc) * (vb + vc) / parts : b.degrees + c.degrees;
  return comparison;
}

LogEffect Interval(const Comparison& comparison, double alpha) {
  // Each look has its part of the error (Bonferroni). Quantile() is
  // two-sided, the bounds are one-sided.
  const auto half = [&](double error) {
    return std::min(kMostLog, comparison.spread * comparison.t.Quantile(
                                                      1 - 2 * error / kLooks));
  };
  return {.mean = comparison.gain,
          .low = comparison.gain - half(alpha),
          .high = comparison.gain + half(kHarmAlpha),
          .lax_low = comparison.gain - half(kHarmAlpha)};
}

double GeometricMean(const std::vector<double>& logs) {
  double sum = 0;
  for (double x : logs) sum += x;
  return std::exp(sum / static_cast<double>(logs.size()));
}

// How many times wider the history says the spread is than the arms alone
// show: what moves between the arms, not within them, moves all costs.
struct Widening {
  double factor = 1;
  double degrees = 1;
};

std::vector<SecondaryEffect> SecondaryEffects(const Arm& before,
                                              const Arm& after,
                                              const Widening& widening,
                                              const BeforeAfterInput& input,
                                              const VerdictConfig& config,
                                              int block_windows) {
  const double alpha = config.secondary_alpha / kReasonsToKeep.size();
  std::vector<SecondaryEffect> rows;
  for (Cost cost : kReasonsToKeep) {
    const auto of = [&](const Window& window) {
      return CostOf(cost, window, input.mix);
    };
    const std::vector<double> b = LogCosts(before, of);
    const std::vector<double> c = LogCosts(after, of);
    if (b.empty() || c.empty()) continue;
    Comparison comparison = CompareArms(b, c, block_windows);
    comparison.spread *= widening.factor;
    comparison.t.degrees = std::min(comparison.t.degrees, widening.degrees);
    SecondaryEffect row;
    row.cost = cost;
    row.before = GeometricMean(b);
    row.after = GeometricMean(c);
    row.effect = Interval(comparison, alpha);
    rows.push_back(std::move(row));
  }
  return rows;
}

double MedianP99(const Arm& arm, const OpMix& mix) {
  std::vector<double> values;
  for (const Window& window : arm.windows) {
    const double p99 = CostOf(Cost::kP99Us, window, mix);
    if (p99 > 0) values.push_back(p99);
  }
  if (values.size() < kLeastWindows) return 0;
  std::nth_element(values.begin(), values.begin() + values.size() / 2,
                   values.end());
  return values[values.size() / 2];
}

// The windows that count at the latest look; 0 before the first.
size_t AtLook(const BeforeAfterInput& input, bool last_chance) {
  const size_t planned = static_cast<size_t>(std::max(kLooks, input.planned));
  const size_t have = std::min(input.candidate.size(), planned);
  if (last_chance) return have;
  return have * kLooks / planned * planned / kLooks;
}

// The candidate's windows tell of the noise too, among themselves.
CostHistory Noise(const Arm& after, const BeforeAfterInput& input,
                  const VerdictConfig& config) {
  CostHistory noise = *input.history;
  noise.Break();
  for (const Window& window : after.windows) {
    noise.Add(window.start, ObjectiveCost(config.objective, window, input.mix,
                                          input.saturated));
  }
  return noise;
}

double MeanOf(absl::Span<const double> values) {
  double sum = 0;
  for (double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

// The size of a sudden step within one arm that such stretches do not have
// when nothing changes; 0: none. Something happened there, and it was not the
// change of values, whose effect comes with the arm or grows slowly.
double SuddenStep(absl::Span<const double> logs, const CostHistory& history) {
  const size_t n = logs.size();
  size_t at = 0;
  double jump = 0;
  for (size_t i = kLocal; i + kLocal <= n; ++i) {
    const double here = MeanOf(logs.subspan(i, kLocal)) -
                        MeanOf(logs.subspan(i - kLocal, kLocal));
    if (std::abs(here) <= std::abs(jump)) continue;
    jump = here;
    at = i;
  }
  if (at == 0) return 0;
  const double step = MeanOf(logs.subspan(at)) - MeanOf(logs.subspan(0, at));
  if (std::abs(step) < kLeastStep || jump / step < kSudden) return 0;
  const auto placebo =
      history.PlaceboSpread(static_cast<int>(at), 0, static_cast<int>(n - at));
  if (!placebo) return 0;
  const StudentT t{placebo->independent};
  const double most = placebo->spread * t.Quantile(1 - kUnsteadyAlpha);
  return std::abs(step) > most ? std::abs(step) : 0;
}

Comparison CompareWithHistory(const Arm& before, const Arm& after,
                              const BeforeAfterInput& input,
                              const VerdictConfig& config, Widening* widening) {
  const auto cost = [&](const Window& window) {
    return ObjectiveCost(config.objective, window, input.mix, input.saturated);
  };
  const int block_windows = input.history->BlockWindows(
      config.min_block_windows, config.max_block_windows);
  Comparison comparison =
      CompareArms(LogCosts(before, cost), LogCosts(after, cost), block_windows);
  const std::optional<CostHistory::Placebo> placebo =
      Noise(after, input, config)
          .PlaceboSpread(
              static_cast<int>(input.baseline.size()), input.gap,
              static_cast<int>(after.windows.size()) + after.dropped);
  if (!placebo) {
    comparison.spread = kMostLog;
  } else {
    widening->degrees = placebo->independent;
    if (placebo->spread > comparison.spread) {
      if (comparison.spread > 0) {
        widening->factor = placebo->spread / comparison.spread;
      }
      comparison.spread = placebo->spread;
      comparison.t.degrees = placebo->independent;
    } else {
      comparison.t.degrees =
          std::min(comparison.t.degrees, placebo->independent);
    }
  }
  return comparison;
}

void FindVetoes(const Arm& before, const Arm& after, const OpMix& mix,
                Evidence* evidence) {
  evidence->can_veto = true;
  const double p99_before = MedianP99(before, mix);
  const double p99_after = MedianP99(after, mix);
  if (p99_before > 0 && p99_after > 0) {
    evidence->p99_ratio = p99_after / p99_before;
  }
  evidence->stall_share_added =
      StallShare(after.pooled) - StallShare(before.pooled);
}

}  // namespace

Judgement JudgeBeforeAfter(const BeforeAfterInput& input,
                           const VerdictConfig& config, bool last_chance) {
  const size_t look = AtLook(input, last_chance);
  const Arm before = Counting(input.baseline, input, config);
  const Arm after = Counting(input.candidate.subspan(0, look), input, config);
  Evidence evidence;
  evidence.last = last_chance ||
                  look >= static_cast<size_t>(std::max(kLooks, input.planned));
  evidence.incumbent = before.pooled;
  evidence.candidate = after.pooled;
  Judgement judgement;
  judgement.windows_dropped = before.dropped + after.dropped;
  if (input.history == nullptr || before.windows.size() < kLeastWindows ||
      after.windows.size() < kLeastWindows) {
    judgement.why = absl::StrFormat(
        "too little was measured: %d windows before and %d after the change "
        "count",
        before.windows.size(), after.windows.size());
    if (evidence.last) {
      judgement.decided = true;
      judgement.verdict = Verdict::kInconclusive;
      judgement.ended = "deadline";
    }
    return judgement;
  }
  Widening widening;
  const Comparison comparison =
      CompareWithHistory(before, after, input, config, &widening);
  evidence.objective = Interval(
      comparison, kOneWayShare * (config.alpha - config.secondary_alpha));
  const auto cost = [&](const Window& window) {
    return ObjectiveCost(config.objective, window, input.mix, input.saturated);
  };
  evidence.numbers = absl::StrFormat(
      "%s %.2f -> %.2f us: %s over %d windows before and %d after, whose means "
      "differ by %.1f %% when nothing changes",
      ObjectiveInWords(config.objective), GeometricMean(LogCosts(before, cost)),
      GeometricMean(LogCosts(after, cost)), InPercent(evidence.objective),
      before.windows.size(), after.windows.size(), 100 * comparison.spread);
  evidence.secondary =
      SecondaryEffects(before, after, widening, input, config,
                       input.history->BlockWindows(config.min_block_windows,
                                                   config.max_block_windows));
  FindVetoes(before, after, input.mix, &evidence);
  Decide(evidence, config, &judgement);
  if (!judgement.decided) return judgement;
  // What happened within an arm can have made at most the steps it left: an
  // effect that is larger for certain stands.
  const double steps = SuddenStep(LogCosts(before, cost), *input.history) +
                       SuddenStep(LogCosts(after, cost), *input.history);
  const LogEffect& effect = evidence.objective;
  if (steps == 0 || std::max(effect.low, -effect.high) > steps) {
    return judgement;
  }
  judgement.decided = evidence.last;
  judgement.verdict = evidence.last ? Verdict::kInconclusive : Verdict::kOpen;
  judgement.ended = evidence.last ? "unsteady" : "";
  judgement.why = absl::StrCat("the load or the host changed within one arm: ",
                               evidence.numbers);
  return judgement;
}

}  // namespace rocktune
