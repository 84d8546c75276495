#include "policy/old_verdict.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_format.h"
#include "policy/objective.h"
#include "policy/student_t.h"

namespace rocktune {
namespace {

// A kind with fewer samples than this has no p99
// worth comparing, and one with a smaller share is not what the host does.
constexpr uint64_t kMinP99Samples = 200;
constexpr double kMinP99Share = 0.01;
// Blocks of one arm must not agree better than this by luck: the spread of a
// few blocks is itself a rough guess.
constexpr double kLeastSpread = 0.01;
constexpr double kMostCorrelation = 0.6;

struct Arm {
  std::vector<double> log_times;  // one per block that counts
  Window pooled;                  // of those blocks
  OpMix mix;
  int windows_dropped = 0;

  int blocks() const { return static_cast<int>(log_times.size()); }
  double Mean() const {
    double sum = 0;
    for (double x : log_times) sum += x;
    return sum / blocks();
  }
  double Variance() const {
    const double mean = Mean();
    double sum = 0;
    for (double x : log_times) sum += (x - mean) * (x - mean);
    return std::max(sum / (blocks() - 1), kLeastSpread * kLeastSpread);
  }
};

uint64_t Evidence(const Window& block) {
  if (!block.has_latencies) return block.Operations();
  uint64_t samples = 0;
  for (const OpStats& stats : block.ops) samples += stats.samples;
  return samples;
}

// Cuts `windows` into blocks, from the first window on, and keeps those that
// say something.
Arm CutIntoBlocks(absl::Span<const Window> windows, const OpMix& mix,
                  const OldVerdictConfig& config) {
  const size_t size = static_cast<size_t>(std::max(1, config.block_windows));
  Arm arm;
  std::vector<Window> counted;
  for (size_t at = 0; at + size <= windows.size(); at += size) {
    Window block = Pool(windows.subspan(at, size));
    const double time_us = ServiceTimeUs(block, mix);
    if (time_us <= 0 ||
        Evidence(block) < static_cast<uint64_t>(config.min_block_samples)) {
      arm.windows_dropped += static_cast<int>(size);
      continue;
    }
    arm.log_times.push_back(std::log(time_us));
    counted.push_back(std::move(block));
  }
  arm.windows_dropped += static_cast<int>(windows.size() % size);
  arm.pooled = Pool(counted);
  arm.mix = MixOf(absl::MakeConstSpan(&arm.pooled, 1));
  return arm;
}

// Looks happen at min_blocks, then at half as many again, up to max_blocks:
// few looks cost little confidence. With 3 and 12: 3, 5, 8, 12.
std::vector<int> Looks(const OldVerdictConfig& config) {
  std::vector<int> looks;
  for (int at = std::max(2, config.min_blocks); at < config.max_blocks;
       at += (at + 1) / 2) {
    looks.push_back(at);
  }
  looks.push_back(std::max(2, config.max_blocks));
  return looks;
}

// How much the blocks of both arms follow their predecessor, 0 (not at all) to
// kMostCorrelation. 1/n is added because residuals around an estimated mean
// look less correlated than they are.
double Correlation(const Arm& a, const Arm& b) {
  double product = 0, square = 0;
  for (const Arm* arm : {&a, &b}) {
    const double mean = arm->Mean();
    for (int i = 0; i < arm->blocks(); ++i) {
      const double here = arm->log_times[i] - mean;
      square += here * here;
      if (i > 0) product += here * (arm->log_times[i - 1] - mean);
    }
  }
  const double bias = 2.0 / (a.blocks() + b.blocks());
  const double seen = square > 0 ? product / square : 0;
  return std::clamp(seen + bias, 0.0, kMostCorrelation);
}

// Welch's interval on the difference of mean log service times. Looking
// several times is paid for by sharing the error among the looks
// (Bonferroni), correlated blocks by a wider standard error, as for AR(1).
Effect EffectOf(const Arm& baseline, const Arm& candidate,
                const OldVerdictConfig& config) {
  const double gain = baseline.Mean() - candidate.Mean();
  const double var_b = baseline.Variance() / baseline.blocks();
  const double var_c = candidate.Variance() / candidate.blocks();
  const double variance = var_b + var_c;
  StudentT t;
  t.degrees = variance * variance /
              (var_b * var_b / (baseline.blocks() - 1) +
               var_c * var_c / (candidate.blocks() - 1));
  const double error =
      (1 - config.confidence) / static_cast<double>(Looks(config).size());
  const double r = Correlation(baseline, candidate);
  const double half = t.Quantile(1 - error) * std::sqrt(variance) *
                      std::sqrt((1 + r) / (1 - r));
  // On the scale of throughput: half the service time is +100 %.
  Effect effect;
  effect.mean = std::expm1(gain);
  effect.low = std::expm1(gain - half);
  effect.high = std::expm1(std::min(gain + half, 20.0));
  effect.confidence = config.confidence;
  return effect;
}

// Where the mix goes when every kind has its own closed loop: a kind that is
// served twice as fast comes twice as often.
OpMix MixExplainedBySpeed(const Arm& baseline, const Arm& candidate) {
  OpMix mix = baseline.mix;
  double sum = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const double before = baseline.pooled.ops[kind].latency_us_mean;
    const double after = candidate.pooled.ops[kind].latency_us_mean;
    if (before > 0 && after > 0) mix.share[kind] *= before / after;
    sum += mix.share[kind];
  }
  if (sum > 0) {
    for (double& share : mix.share) share /= sum;
  }
  return mix;
}

// Why the load is not what it was, or empty.
std::string LoadShift(const Arm& baseline, const Arm& candidate,
                      const Effect& effect, const OldVerdictConfig& config) {
  const double distance = std::min(
      MixDistance(candidate.mix, baseline.mix),
      MixDistance(candidate.mix, MixExplainedBySpeed(baseline, candidate)));
  if (distance > config.max_mix_distance) {
    return absl::StrFormat(
        "the mix of operations moved by %.0f %% of the operations",
        100 * distance);
  }
  const double rate_before = baseline.pooled.OperationsPerSecond();
  const double rate_after = candidate.pooled.OperationsPerSecond();
  if (!baseline.pooled.has_latencies || rate_before <= 0) return "";
  // Faster service explains more operations as far as it is faster.
  double fastest = std::max(1.0, 1 + effect.mean);
  double slowest = std::min(1.0, 1 + effect.mean);
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const double before = baseline.pooled.ops[kind].latency_us_mean;
    const double after = candidate.pooled.ops[kind].latency_us_mean;
    if (before <= 0 || after <= 0) continue;
    if (baseline.mix.share[kind] < kMinP99Share) continue;
    fastest = std::max(fastest, before / after);
    slowest = std::min(slowest, before / after);
  }
  const double ratio = rate_after / rate_before;
  if (ratio <= fastest * config.max_load_ratio &&
      ratio >= slowest / config.max_load_ratio) {
    return "";
  }
  return absl::StrFormat(
      "the load moved from %.0f to %.0f ops/s while service got %.2f times "
      "as fast",
      rate_before, rate_after, 1 + effect.mean);
}

// A cost that a gain in the mean does not pay for, or empty.
std::string SecondaryCost(const Arm& baseline, const Arm& candidate,
                          const OldVerdictConfig& config) {
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const OpStats& before = baseline.pooled.ops[kind];
    const OpStats& after = candidate.pooled.ops[kind];
    if (before.samples < kMinP99Samples || after.samples < kMinP99Samples ||
        baseline.mix.share[kind] < kMinP99Share) {
      continue;
    }
    if (after.latency_us_p99 > before.latency_us_p99 * config.max_p99_ratio &&
        after.latency_us_p99 > before.latency_us_p99 + config.p99_floor_us) {
      return absl::StrFormat("the %s p99 went from %.0f to %.0f us",
                             ToString(static_cast<OpKind>(kind)),
                             before.latency_us_p99, after.latency_us_p99);
    }
  }
  const double before = StallShare(baseline.pooled);
  const double after = StallShare(candidate.pooled);
  if (after > before + config.max_stall_share_added) {
    return absl::StrFormat(
        "writers are stalled %.0f %% of the time, before %.0f %%", 100 * after,
        100 * before);
  }
  return "";
}

std::string Numbers(const Arm& baseline, const Arm& candidate,
                    const Effect& effect) {
  return absl::StrFormat(
      "service time %.2f -> %.2f us/op: %+.1f %% [%+.1f, %+.1f] over %d and "
      "%d blocks",
      std::exp(baseline.Mean()), std::exp(candidate.Mean()), 100 * effect.mean,
      100 * effect.low, 100 * effect.high, baseline.blocks(),
      candidate.blocks());
}

void Decide(Verdict verdict, std::string why, OldJudgement* judgement) {
  judgement->decided = true;
  judgement->verdict = verdict;
  judgement->why = std::move(why);
}

// The verdict on two arms of at least two blocks each.
void DecideOnEffect(const Arm& baseline, const Arm& candidate,
                    const OldVerdictConfig& config, bool last_look,
                    OldJudgement* judgement) {
  const Effect& effect = judgement->effect;
  const std::string numbers = Numbers(baseline, candidate, effect);
  judgement->why = numbers;
  const std::string shift = LoadShift(baseline, candidate, effect, config);
  if (!shift.empty()) {
    Decide(Verdict::kInconclusive, shift + "; " + numbers, judgement);
  } else if (effect.low > 0 && effect.mean >= config.min_effect) {
    const std::string cost = SecondaryCost(baseline, candidate, config);
    if (cost.empty()) {
      Decide(Verdict::kKept, numbers, judgement);
    } else {
      Decide(Verdict::kRegressed, cost + " in spite of " + numbers, judgement);
    }
  } else if (effect.high < 0) {
    Decide(Verdict::kRegressed, numbers, judgement);
  } else if (effect.high < config.min_effect) {
    Decide(Verdict::kNoGain, numbers, judgement);
  } else if (last_look) {
    Decide(Verdict::kInconclusive, "not told apart from noise: " + numbers,
           judgement);
  }
}

}  // namespace

OldJudgement OldJudge(absl::Span<const Window> baseline,
                      absl::Span<const Window> candidate,
                      const OldVerdictConfig& config, bool last_chance) {
  const size_t size = static_cast<size_t>(std::max(1, config.block_windows));
  const int blocks = static_cast<int>(candidate.size() / size);
  const std::vector<int> looks = Looks(config);
  const bool last_look = last_chance || blocks >= looks.back();
  // Between two looks the older one stands: more calls are not more looks.
  int seen = 0;
  for (int look : looks) {
    if (look <= blocks) seen = look;
  }
  if (last_chance) seen = std::min(blocks, looks.back());
  OldJudgement judgement;
  // The baseline ends where the trial begins, so its oldest windows go.
  const OpMix mix = MixOf(baseline);
  const Arm before =
      CutIntoBlocks(baseline.subspan(baseline.size() % size), mix, config);
  const Arm after =
      CutIntoBlocks(candidate.subspan(0, seen * size), mix, config);
  judgement.windows_dropped = before.windows_dropped + after.windows_dropped +
                              static_cast<int>(baseline.size() % size);
  if (before.blocks() < 2 || after.blocks() < 2) {
    judgement.why = absl::StrFormat(
        "too little was measured: %d baseline and %d candidate blocks count",
        before.blocks(), after.blocks());
    if (last_look) {
      Decide(Verdict::kInconclusive, judgement.why, &judgement);
    }
    return judgement;
  }
  judgement.effect = EffectOf(before, after, config);
  DecideOnEffect(before, after, config, last_look, &judgement);
  return judgement;
}

}  // namespace rocktune
