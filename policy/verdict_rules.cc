#include "policy/verdict_rules.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

constexpr double kMostLog = 3;  // an interval without an end reads as this

// Half the cost is +100 %: the scale of throughput.
double Improvement(double log_effect) {
  return std::expm1(std::clamp(log_effect, -kMostLog, kMostLog));
}

Effect EffectOf(const LogEffect& effect, double alpha) {
  return {.mean = Improvement(effect.mean),
          .low = Improvement(effect.low),
          .high = Improvement(effect.high),
          .confidence = 1 - alpha - kHarmAlpha};
}

struct Outcome {
  Verdict verdict;
  const char* ended;
  std::string why;
};

void Close(Outcome outcome, Judgement* judgement) {
  judgement->decided = true;
  judgement->verdict = outcome.verdict;
  judgement->ended = outcome.ended;
  judgement->why = std::move(outcome.why);
}

// A keep, unless something speaks against it.
Outcome KeepOrVeto(const Evidence& evidence, const VerdictConfig& config,
                   std::string why) {
  if (auto broken =
          BrokenLimit(config.limits, evidence.incumbent, evidence.candidate)) {
    return {Verdict::kRegressed, "limit",
            absl::StrCat(*broken, " in spite of ", why)};
  }
  if (evidence.can_veto && evidence.p99_ratio > config.max_p99_ratio) {
    return {Verdict::kRegressed, "p99",
            absl::StrFormat("p99, weighted by the shares of the operations, "
                            "is %.1f times the incumbent's in spite of %s",
                            evidence.p99_ratio, why)};
  }
  if (evidence.can_veto &&
      evidence.stall_share_added > config.max_stall_share_added) {
    const double before = StallShare(evidence.incumbent);
    return {Verdict::kRegressed, "stalls",
            absl::StrFormat("writers are stalled %.0f %% of the time, before "
                            "%.0f %%, in spite of %s",
                            100 * (before + evidence.stall_share_added),
                            100 * before, why)};
  }
  return {Verdict::kKept, "proven", std::move(why)};
}

// The secondary cost that fell for certain, or null.
const SecondaryEffect* ReasonToKeep(const Evidence& evidence,
                                    const VerdictConfig& config) {
  if (evidence.objective.lax_low < -std::log1p(config.min_effect)) {
    return nullptr;
  }
  for (const SecondaryEffect& row : evidence.secondary) {
    if (row.effect.low > 0 &&
        row.effect.mean >= std::log1p(config.min_secondary_effect)) {
      return &row;
    }
  }
  return nullptr;
}

bool AnyHopeful(const Evidence& evidence) {
  return std::any_of(evidence.secondary.begin(), evidence.secondary.end(),
                     [](const SecondaryEffect& row) { return row.hopeful; });
}

}  // namespace

void Decide(const Evidence& evidence, const VerdictConfig& config,
            Judgement* judgement) {
  const LogEffect& effect = evidence.objective;
  const double least = std::log1p(config.min_effect);
  judgement->effect = EffectOf(effect, config.alpha - config.secondary_alpha);
  judgement->why = evidence.numbers;
  judgement->costs = CostChanges(evidence.secondary, config);
  if (effect.low > 0 && effect.mean >= least) {
    Close(KeepOrVeto(evidence, config, evidence.numbers), judgement);
  } else if (effect.high < 0) {
    Close({Verdict::kRegressed, "harm", evidence.numbers}, judgement);
  } else if (const SecondaryEffect* row = ReasonToKeep(evidence, config)) {
    Close(KeepOrVeto(
              evidence, config,
              absl::StrFormat("%s %.3g -> %.3g: %s, at an equal objective (%s)",
                              ToString(row->cost), row->before, row->after,
                              InPercent(row->effect), evidence.numbers)),
          judgement);
  } else if (!evidence.last && AnyHopeful(evidence)) {
    return;
  } else if (effect.high < least) {
    Close({Verdict::kNoGain, "futile",
           absl::StrFormat("less than the %.0f %% worth keeping: %s",
                           100 * config.min_effect, evidence.numbers)},
          judgement);
  } else if (!evidence.last && !evidence.hopeful) {
    Close({Verdict::kNoGain, "futile",
           absl::StrCat("going on would hardly prove a gain: ",
                        evidence.numbers)},
          judgement);
  } else if (evidence.last) {
    const bool narrow = effect.high < std::log1p(kNarrow);
    Close({narrow ? Verdict::kNoGain : Verdict::kInconclusive, "deadline",
           absl::StrCat("not told apart from noise: ", evidence.numbers)},
          judgement);
  }
}

std::vector<CostChange> CostChanges(const std::vector<SecondaryEffect>& rows,
                                    const VerdictConfig& config) {
  const double alpha = config.secondary_alpha / kReasonsToKeep.size();
  std::vector<CostChange> changes;
  changes.reserve(rows.size());
  for (const SecondaryEffect& row : rows) {
    changes.push_back({.name = std::string(ToString(row.cost)),
                       .before = row.before,
                       .after = row.after,
                       .effect = EffectOf(row.effect, alpha)});
  }
  return changes;
}

bool SaysEnough(const Window& pooled, int windows,
                const VerdictConfig& config) {
  uint64_t samples = 0;
  for (const OpStats& stats : pooled.ops) {
    samples += pooled.has_latencies ? stats.samples : stats.count;
  }
  // min_block_samples is meant for the shortest block.
  const double wanted =
      static_cast<double>(config.min_block_samples) *
      std::min(1.0, static_cast<double>(windows) / config.min_block_windows);
  return static_cast<double>(samples) >= wanted;
}

std::string ObjectiveInWords(ObjectiveKind kind) {
  switch (kind) {
    case ObjectiveKind::kBalanced:
      return "service time";
    case ObjectiveKind::kThroughput:
      return "time per operation";
    case ObjectiveKind::kP99:
      return "p99";
    case ObjectiveKind::kEfficiency:
      return "CPU and device cost";
  }
  return "cost";
}

std::string InPercent(const LogEffect& effect) {
  return absl::StrFormat(
      "%+.1f %% [%+.1f, %+.1f]", 100 * Improvement(effect.mean),
      100 * Improvement(effect.low), 100 * Improvement(effect.high));
}

}  // namespace rocktune
