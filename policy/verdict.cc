// Switchback: the verdict on pairs of blocks.
#include "policy/verdict.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "absl/strings/str_format.h"
#include "policy/confidence_sequence.h"
#include "policy/verdict_rules.h"

namespace rocktune {
namespace {

// Before this many pairs their spread says too little to give up on, and a
// median too little to veto on.
constexpr int kLeastPairsToGiveUp = 6;
constexpr int kLeastPairsToVeto = 5;
// Give up when a keep at the last pair is less likely than this; go on for a
// secondary cost alone when it is more likely than not. Guesses.
constexpr double kLeastChance = 0.03;
constexpr double kLeastSecondaryChance = 0.50;

struct Pair {
  std::optional<Window> incumbent;  // pooled
  std::optional<Window> candidate;
};

struct Pairs {
  std::vector<Pair> complete;
  int windows_dropped = 0;
};

Pairs PairUp(const PairsInput& input, const VerdictConfig& config) {
  std::map<int, Pair> open;
  Pairs pairs;
  for (const Block& block : input.blocks) {
    pairs.windows_dropped += block.dropped;
    const int windows = static_cast<int>(block.windows.size());
    Window pooled = Pool(block.windows);
    if (!SaysEnough(pooled, windows, config) ||
        ObjectiveCost(config.objective, pooled, input.mix, input.saturated) <=
            0) {
      pairs.windows_dropped += windows;
      continue;
    }
    Pair& pair = open[block.pair];
    (block.candidate ? pair.candidate : pair.incumbent) = std::move(pooled);
  }
  for (auto& [number, pair] : open) {
    if (pair.incumbent && pair.candidate) {
      pairs.complete.push_back(std::move(pair));
    }
  }
  return pairs;
}

// Log improvement of each pair; empty when one of them cannot be said.
template <typename CostFunction>
std::vector<double> Differences(const std::vector<Pair>& pairs,
                                const CostFunction& cost) {
  std::vector<double> differences;
  for (const Pair& pair : pairs) {
    const double before = cost(*pair.incumbent);
    const double after = cost(*pair.candidate);
    if (before <= 0 || after <= 0) return {};
    differences.push_back(std::log(before / after));
  }
  return differences;
}

double MeanOf(const std::vector<double>& values) {
  double sum = 0;
  for (double x : values) sum += x;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

LogEffect Interval(const std::vector<double>& differences, double scale,
                   double alpha) {
  PairedSequence strict(scale, alpha), lax(scale, kHarmAlpha);
  for (double d : differences) {
    strict.Add(d);
    lax.Add(d);
  }
  return {.mean = strict.Mean(),
          .low = strict.Low(),
          .high = lax.High(),
          .lax_low = lax.Low()};
}

struct Goal {
  double least = 0;  // log improvement of the mean
  double alpha = 0;
  int pairs = 0;  // the last one
};

// How likely the mean of all pairs passes what a keep needs. Given n
// differences of mean m and spread s, and nothing else, the mean of all N is
// normal around m with variance s^2 (1/n - 1/N) (predictive distribution under
// a flat prior). A keep needs the least effect, and about z s / sqrt(N) with
// z^2 = 2 log(1/alpha) + log N (boundary of a mixture; Robbins 1970).
double ChanceOf(const Goal& goal, const std::vector<double>& differences) {
  const double n = static_cast<double>(differences.size());
  const double most = std::max<double>(goal.pairs, n);
  const double mean = MeanOf(differences);
  double squares = 0;
  for (double d : differences) squares += (d - mean) * (d - mean);
  const double spread = n > 1 ? std::sqrt(squares / (n - 1)) : 0;
  const double z = std::sqrt(-2 * std::log(goal.alpha) + std::log(most));
  const double needed = std::max(goal.least, z * spread / std::sqrt(most));
  const double room = spread * std::sqrt(1 / n - 1 / most);
  if (room <= 0) return mean >= needed ? 1 : 0;
  // P(Z > x) = erfc(x / sqrt(2)) / 2.
  return std::erfc((needed - mean) / room / std::sqrt(2.0)) / 2;
}

// Intervals are the dear part: without `all` only rows that may be a reason to
// keep have one.
std::vector<SecondaryEffect> SecondaryEffects(const std::vector<Pair>& pairs,
                                              const PairsInput& input,
                                              const VerdictConfig& config,
                                              bool all) {
  const double alpha = config.secondary_alpha / kReasonsToKeep.size();
  const double least = std::log1p(config.min_secondary_effect);
  const double n = static_cast<double>(pairs.size());
  std::vector<SecondaryEffect> rows;
  for (Cost cost : kReasonsToKeep) {
    const auto of = [&](const Window& pooled) {
      return CostOf(cost, pooled, input.mix);
    };
    const std::vector<double> differences = Differences(pairs, of);
    if (differences.empty()) continue;
    SecondaryEffect row;
    row.cost = cost;
    row.effect.mean = MeanOf(differences);
    if (all || row.effect.mean >= least) {
      row.effect = Interval(differences, input.pair_noise, alpha);
    }
    row.hopeful = ChanceOf({least, alpha, config.max_pairs}, differences) >=
                  kLeastSecondaryChance;
    for (const Pair& pair : pairs) row.before += std::log(of(*pair.incumbent));
    row.before = std::exp(row.before / n);
    row.after = row.before * std::exp(-row.effect.mean);
    rows.push_back(std::move(row));
  }
  return rows;
}

// Against the median pair a single bad block has no veto.
void FindVetoes(const std::vector<Pair>& pairs, const OpMix& mix,
                Evidence* evidence) {
  if (static_cast<int>(pairs.size()) < kLeastPairsToVeto) return;
  PairedSequence p99(1, 0.5);
  double stalls = 0;
  for (const Pair& pair : pairs) {
    const double before = CostOf(Cost::kP99Us, *pair.incumbent, mix);
    const double after = CostOf(Cost::kP99Us, *pair.candidate, mix);
    if (before > 0 && after > 0) p99.Add(std::log(after / before));
    stalls += StallShare(*pair.candidate) - StallShare(*pair.incumbent);
  }
  evidence->can_veto = true;
  evidence->p99_ratio = std::exp(p99.Median());
  evidence->stall_share_added = stalls / static_cast<double>(pairs.size());
}

}  // namespace

Judgement JudgePairs(const PairsInput& input, const VerdictConfig& config,
                     bool last_chance) {
  const Pairs paired = PairUp(input, config);
  const std::vector<Pair>& pairs = paired.complete;
  const int n = static_cast<int>(pairs.size());
  Judgement judgement;
  judgement.windows_dropped = paired.windows_dropped;
  Evidence evidence;
  evidence.last = last_chance || n >= config.max_pairs;
  const auto cost = [&](const Window& pooled) {
    return ObjectiveCost(config.objective, pooled, input.mix, input.saturated);
  };
  const std::vector<double> differences = Differences(pairs, cost);
  const double alpha = config.alpha - config.secondary_alpha;
  evidence.objective = Interval(differences, input.pair_noise, alpha);
  double before = 0;
  std::vector<Window> incumbent, candidate;
  for (const Pair& pair : pairs) {
    before += std::log(cost(*pair.incumbent)) / n;
    incumbent.push_back(*pair.incumbent);
    candidate.push_back(*pair.candidate);
  }
  evidence.incumbent = Pool(incumbent);
  evidence.candidate = Pool(candidate);
  evidence.numbers =
      absl::StrFormat("%s %.2f -> %.2f us: %s over %d pairs of blocks",
                      ObjectiveInWords(config.objective), std::exp(before),
                      std::exp(before - evidence.objective.mean),
                      InPercent(evidence.objective), n);
  if (n > 1) evidence.secondary = SecondaryEffects(pairs, input, config, false);
  if (n >= kLeastPairsToGiveUp) {
    evidence.hopeful =
        ChanceOf({std::log1p(config.min_effect), alpha, config.max_pairs},
                 differences) >= kLeastChance;
  }
  FindVetoes(pairs, input.mix, &evidence);
  Decide(evidence, config, &judgement);
  if (judgement.decided) {
    evidence.secondary = SecondaryEffects(pairs, input, config, true);
    judgement.costs = CostChanges(evidence.secondary, config);
  }
  return judgement;
}

}  // namespace rocktune
