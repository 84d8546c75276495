// What runs in turn say about two configurations.
#include "bench/offline/paired_runs.h"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

std::vector<ComparedRun> Runs(const std::vector<double>& scores) {
  std::vector<ComparedRun> runs;
  for (double score : scores) {
    ComparedRun run;
    run.candidate = NextIsCandidate(runs);
    run.figures.score = run.figures.throughput_ops_per_s = score;
    run.figures.p99_us = 100;
    runs.push_back(run);
  }
  return runs;
}

TEST(PairedRuns, TakeTurnsSoThatADriftHitsBoth) {
  std::string order;
  std::vector<ComparedRun> runs;
  for (int i = 0; i < 8; ++i) {
    order += NextIsCandidate(runs) ? 'B' : 'A';
    runs.emplace_back();
  }
  EXPECT_EQ(order, "ABBAABBA");
}

TEST(PairedRuns, AreJudgedByTheirInterval) {
  struct Row {
    std::vector<double> scores;  // A B B A A B ...
    Verdict verdict;
    const char* what;
  };
  for (const Row& row : std::vector<Row>{
           {{}, Verdict::kOpen, "nothing"},
           {{100, 150}, Verdict::kOpen, "one pair"},
           {{100, 150, 150, 100}, Verdict::kOpen, "two pairs"},
           {{100, 150, 151, 100, 100, 149}, Verdict::kKept, "a gain"},
           {{100, 80, 81, 100, 100, 79}, Verdict::kRegressed, "a loss"},
           {{100, 100.2, 100.1, 100, 100, 100.3},
            Verdict::kNoGain,
            "less than is worth keeping"},
           {{100, 130, 90, 100, 100, 125}, Verdict::kOpen, "noise"},
           {{100, 130, 90, 100, 100, 125, 80, 100, 100, 120},
            Verdict::kInconclusive,
            "noise to the end"},
       }) {
    EXPECT_EQ(JudgeRuns(Runs(row.scores), {}, false).verdict, row.verdict)
        << row.what;
  }
  EXPECT_EQ(JudgeRuns(Runs({100, 150}), {}, true).verdict,
            Verdict::kInconclusive);
  EXPECT_EQ(JudgeRuns({}, {}, true).verdict, Verdict::kInconclusive);
}

TEST(PairedRuns, HaveTheIntervalOfTheirLogRatios) {
  const auto verdict =
      JudgeRuns(Runs({100, 110, 121, 100, 100, 133.1}), {}, false);
  // Ratios 1.1, 1.21, 1.331: mean log 2 log 1.1, sd log 1.1; t(2, 1 - 0.05/3).
  EXPECT_NEAR(verdict.effect.mean, 0.21, 1e-9);
  EXPECT_NEAR(verdict.effect.confidence, 1 - 0.05 / 3, 1e-12);
  const double half =
      std::log1p(verdict.effect.high) - std::log1p(verdict.effect.mean);
  EXPECT_NEAR(half, 7.6488 * std::log(1.1) / std::sqrt(3.0), 1e-4);
  EXPECT_NEAR(std::log1p(verdict.effect.mean) - std::log1p(verdict.effect.low),
              half, 1e-9);
}

TEST(PairedRuns, EndWithACandidateThatFailsOrFallsFarBehind) {
  auto runs = Runs({100, 150});
  runs[1].figures.error = "signal 6 (Aborted)";
  EXPECT_EQ(JudgeRuns(runs, {}, false).verdict, Verdict::kAborted);
  EXPECT_EQ(JudgeRuns(runs, {}, false).why, "signal 6 (Aborted)");
  runs = Runs({100, 150});
  runs[1].figures.gave_up = true;
  EXPECT_EQ(JudgeRuns(runs, {}, false).verdict, Verdict::kRegressed);
}

TEST(PairedRuns, RefuseAGainThatDoublesP99) {
  auto runs = Runs({100, 150, 151, 100, 100, 149});
  for (ComparedRun& run : runs) {
    if (run.candidate) run.figures.p99_us = 201;
  }
  const auto verdict = JudgeRuns(runs, {}, false);
  EXPECT_EQ(verdict.verdict, Verdict::kRegressed);
  EXPECT_THAT(verdict.why, HasSubstr("p99 grew from 100 to 201 us"));
}

TEST(PairedRuns, KeepATakingBackThatLosesNothing) {
  PairRules rules;
  rules.simplifies = true;
  EXPECT_EQ(
      JudgeRuns(Runs({100, 100, 100.1, 100, 100, 99.9}), rules, false).verdict,
      Verdict::kKept);
  EXPECT_EQ(
      JudgeRuns(Runs({100, 90, 90.1, 100, 100, 89.9}), rules, false).verdict,
      Verdict::kRegressed);
}

// All looks together: no more than the 5 % that are promised, and a margin of
// four standard errors.
TEST(PairedRuns, SeldomKeepWhatIsNoBetter) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise(0, 0.05);
  constexpr int kTrials = 2000;
  int kept = 0;
  for (int i = 0; i < kTrials; ++i) {
    std::vector<double> scores;
    Verdict verdict = Verdict::kOpen;
    while (verdict == Verdict::kOpen) {
      scores.push_back(100 * std::exp(noise(random)));
      verdict = JudgeRuns(Runs(scores), {}, false).verdict;
    }
    kept += verdict == Verdict::kKept ? 1 : 0;
  }
  EXPECT_LE(kept, kTrials * (0.025 + 4 * std::sqrt(0.025 / kTrials)));
}

}  // namespace
}  // namespace rocktune
