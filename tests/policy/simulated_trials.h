// Trials of a change whose effect is known, over a noisy load.
#ifndef ROCKTUNE_TESTS_POLICY_SIMULATED_TRIALS_H_
#define ROCKTUNE_TESTS_POLICY_SIMULATED_TRIALS_H_

#include <algorithm>
#include <cmath>
#include <vector>

#include "policy/verdict.h"
#include "tests/policy/noise_kinds.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {

struct TrialSetting {
  double speedup = 1;  // of the candidate: 1.05 = 5 % better
  NoiseKind noise = kWhite;
  double spread = 0.05;  // of one window
  int block_windows = 3;
  int history_windows = 600;
};

struct TrialOutcome {
  Verdict verdict = Verdict::kOpen;
  int pairs = 0;  // or windows of the candidate
};

// Costs move with the get's latency alone; quick to make.
inline Window WindowOf(double log_cost) {
  Window window;
  window.length = absl::Seconds(1);
  window.has_latencies = true;
  SetOp(OpKind::kGet, 10000, 100 * std::exp(log_cost), &window);
  return window;
}

inline TrialOutcome SimulateSwitchback(const TrialSetting& setting,
                                       const VerdictConfig& config,
                                       uint32_t seed) {
  NoiseOf noise(setting.noise, setting.spread, seed);
  std::vector<Block> blocks;
  PairsInput input;
  input.mix.share[0] = 1;
  input.pair_noise = setting.spread * std::sqrt(2.0 / setting.block_windows);
  Judgement judgement;
  TrialOutcome outcome;
  while (!judgement.decided) {
    const bool candidate_first = noise.Coin();
    for (bool second : {false, true}) {
      Block block;
      block.candidate = candidate_first != second;
      block.pair = outcome.pairs;
      const double shift = block.candidate ? -std::log(setting.speedup) : 0;
      for (int i = 0; i < setting.block_windows; ++i) {
        block.windows.push_back(WindowOf(shift + noise.Next()));
      }
      blocks.push_back(std::move(block));
    }
    ++outcome.pairs;
    input.blocks = blocks;
    judgement = JudgePairs(input, config, false);
  }
  outcome.verdict = judgement.verdict;
  return outcome;
}

inline TrialOutcome SimulateBeforeAfter(const TrialSetting& setting,
                                        const VerdictConfig& config,
                                        uint32_t seed) {
  constexpr int kBaseline = 60;
  NoiseOf noise(setting.noise, setting.spread, seed);
  CostHistory history;
  std::vector<Window> baseline, candidate;
  for (int i = 0; i < setting.history_windows; ++i) {
    const double x = noise.Next();
    history.Add(absl::UnixEpoch() + absl::Seconds(i), 100 * std::exp(x));
    if (i >= setting.history_windows - kBaseline) {
      baseline.push_back(WindowOf(x));
    }
  }
  BeforeAfterInput input;
  input.baseline = baseline;
  input.gap = 20;
  input.mix.share[0] = 1;
  input.history = &history;
  for (int i = 0; i < input.gap; ++i) noise.Next();
  Judgement judgement;
  TrialOutcome outcome;
  while (!judgement.decided) {
    candidate.push_back(WindowOf(noise.Next() - std::log(setting.speedup)));
    ++outcome.pairs;
    if (outcome.pairs % (input.planned / 4) != 0) continue;
    input.candidate = candidate;
    judgement = JudgeBeforeAfter(input, config, false);
  }
  outcome.verdict = judgement.verdict;
  return outcome;
}

struct Rates {
  double kept = 0;
  double regressed = 0;
  double no_gain = 0;
  double median = 0;  // pairs, or windows of the candidate
};

template <typename Simulate>
Rates RatesOf(const Simulate& simulate, const TrialSetting& setting,
              int trials) {
  Rates rates;
  std::vector<int> lengths;
  for (int seed = 0; seed < trials; ++seed) {
    const TrialOutcome outcome =
        simulate(setting, VerdictConfig(), static_cast<uint32_t>(seed));
    rates.kept += outcome.verdict == Verdict::kKept;
    rates.regressed += outcome.verdict == Verdict::kRegressed;
    rates.no_gain += outcome.verdict == Verdict::kNoGain;
    lengths.push_back(outcome.pairs);
  }
  rates.kept /= trials;
  rates.regressed /= trials;
  rates.no_gain /= trials;
  std::nth_element(lengths.begin(), lengths.begin() + trials / 2,
                   lengths.end());
  rates.median = lengths[static_cast<size_t>(trials) / 2];
  return rates;
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_SIMULATED_TRIALS_H_
