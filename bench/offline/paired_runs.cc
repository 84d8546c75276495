#include "bench/offline/paired_runs.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/objective.h"
#include "policy/student_t.h"

namespace rocktune {
namespace {

constexpr double kAnything = 1e6;

// log(candidate / incumbent) of each whole pair.
std::vector<double> LogRatios(const std::vector<ComparedRun>& runs) {
  std::vector<double> ratios;
  for (size_t i = 0; i + 1 < runs.size(); i += 2) {
    const double first = std::log(runs[i].figures.score);
    const double second = std::log(runs[i + 1].figures.score);
    ratios.push_back(runs[i].candidate ? first - second : second - first);
  }
  return ratios;
}

Effect EffectOf(const std::vector<double>& ratios, double confidence) {
  Effect effect;
  effect.confidence = confidence;
  const double n = static_cast<double>(ratios.size());
  double mean = 0, square = 0;
  for (double ratio : ratios) mean += ratio / n;
  for (double ratio : ratios) square += (ratio - mean) * (ratio - mean);
  effect.mean = std::expm1(mean);
  if (ratios.size() < 2) {
    effect.low = -1;  // anything
    effect.high = kAnything;
    return effect;
  }
  const double half =
      StudentT{n - 1}.Quantile(confidence) * std::sqrt(square / (n - 1) / n);
  effect.low = std::expm1(mean - half);
  effect.high = std::expm1(mean + half);
  return effect;
}

std::string Numbers(const Effect& effect, size_t pairs) {
  return absl::StrFormat("%+.1f %% [%+.1f, %+.1f] of %d pairs",
                         100 * effect.mean, 100 * effect.low, 100 * effect.high,
                         pairs);
}

double MeanP99(const std::vector<ComparedRun>& runs, bool candidate) {
  double sum = 0;
  int count = 0;
  for (const ComparedRun& run : runs) {
    if (run.candidate != candidate || run.figures.p99_us <= 0) continue;
    sum += run.figures.p99_us;
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

struct Ruling {
  Verdict verdict;
  const char* why;
};

Ruling Rule(const Effect& effect, const PairRules& rules, bool last) {
  if (rules.simplifies) {
    if (effect.low > -rules.min_effect) {
      return {Verdict::kKept, "nothing is lost without it"};
    }
    if (effect.high < 0) return {Verdict::kRegressed, "something is lost"};
    if (last && effect.mean > -rules.min_effect) {
      return {Verdict::kNoGain, "it may carry something"};
    }
    return last ? Ruling{Verdict::kInconclusive, "it may carry something"}
                : Ruling{Verdict::kOpen, ""};
  }
  if (effect.low > 0 && effect.mean >= rules.min_effect) {
    return {Verdict::kKept, "better"};
  }
  if (effect.high < 0) return {Verdict::kRegressed, "worse"};
  if (effect.high < rules.min_effect) {
    return {Verdict::kNoGain, "no gain worth keeping"};
  }
  return last ? Ruling{Verdict::kInconclusive, "not told apart from noise"}
              : Ruling{Verdict::kOpen, ""};
}

}  // namespace

bool NextIsCandidate(const std::vector<ComparedRun>& runs) {
  const size_t place = runs.size() % 4;
  return place == 1 || place == 2;
}

PairVerdict JudgeRuns(const std::vector<ComparedRun>& runs,
                      const PairRules& rules, bool last_chance) {
  PairVerdict verdict;
  for (const ComparedRun& run : runs) {
    if (!run.candidate) continue;
    if (!run.figures.error.empty()) {
      verdict.verdict = Verdict::kAborted;
      verdict.why = run.figures.error;
      return verdict;
    }
    if (run.figures.gave_up) {
      verdict.verdict = Verdict::kRegressed;
      verdict.effect = {kFarBehind - 1, -1, kFarBehind - 1, 0};
      verdict.why = absl::StrFormat(
          "stopped early: less than %.1f of the incumbent's", kFarBehind);
      return verdict;
    }
  }
  const std::vector<double> ratios = LogRatios(runs);
  const int pairs = static_cast<int>(ratios.size());
  if (pairs == 0) {
    if (!last_chance) return verdict;
    verdict.verdict = Verdict::kInconclusive;
    verdict.why = "no time was left for a pair of runs";
    return verdict;
  }
  const int looks = std::max(1, rules.max_pairs - rules.min_pairs + 1);
  verdict.effect = EffectOf(ratios, 1 - rules.alpha / looks);
  if (!last_chance && (pairs < rules.min_pairs || runs.size() % 2 != 0)) {
    return verdict;
  }
  const Ruling ruling =
      Rule(verdict.effect, rules, last_chance || pairs >= rules.max_pairs);
  verdict.verdict = ruling.verdict;
  if (ruling.verdict == Verdict::kOpen) return verdict;
  verdict.why =
      absl::StrCat(ruling.why, ": ", Numbers(verdict.effect, ratios.size()));
  const double before = MeanP99(runs, false), after = MeanP99(runs, true);
  if (ruling.verdict == Verdict::kKept && before > 0 &&
      after > rules.max_p99_ratio * before) {
    verdict.verdict = Verdict::kRegressed;
    verdict.why = absl::StrFormat("p99 grew from %.0f to %.0f us, with %s",
                                  before, after, verdict.why);
  }
  return verdict;
}

ArmSummary SummariseRuns(const std::vector<ComparedRun>& runs, bool candidate,
                         const std::vector<Window>& windows) {
  double throughput = 0;
  int count = 0;
  for (const ComparedRun& run : runs) {
    if (run.candidate != candidate || !run.figures.error.empty()) continue;
    throughput += run.figures.throughput_ops_per_s;
    ++count;
  }
  ArmSummary summary = Summarise(windows, MixOf(windows));
  summary.windows = count;
  summary.throughput_ops_per_s = count > 0 ? throughput / count : 0;
  return summary;
}

}  // namespace rocktune
