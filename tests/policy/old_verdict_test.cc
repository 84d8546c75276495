#include "policy/old_verdict.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/student_t.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

// `times` windows whose gets take `get_us`, give or take one per cent.
std::vector<Window> Arm(double get_us, int times) {
  Noise noise(0.01, 0, 7);
  std::vector<Window> windows;
  for (int i = 0; i < times; ++i) {
    windows.push_back(ReadMostlyWindow(get_us * noise.Factor()));
  }
  return windows;
}

TEST(StudentT, QuantilesMatchTheTables) {
  EXPECT_NEAR(StudentT{1}.Quantile(0.95), 12.706, 1e-3);
  EXPECT_NEAR(StudentT{4}.Quantile(0.95), 2.776, 1e-3);
  EXPECT_NEAR(StudentT{4}.Quantile(0.99), 4.604, 1e-3);
  EXPECT_NEAR(StudentT{10.5}.Quantile(0.95), 2.2137, 1e-3);
  EXPECT_NEAR(StudentT{1000}.Quantile(0.95), 1.9623, 1e-3);
}

struct VerdictCase {
  const char* name;
  double candidate_us;
  void (*change)(Window*);
  Verdict verdict;
  const char* why_part;
};

const VerdictCase kCases[] = {
    {"a third faster", 66, [](Window*) {}, Verdict::kKept, "service time"},
    {"a third slower", 133, [](Window*) {}, Verdict::kRegressed,
     "service time"},
    {"the same", 100, [](Window*) {}, Verdict::kNoGain, "service time"},
    {"faster, but a writer waits", 66,
     [](Window* w) { w->op(OpKind::kWrite).latency_us_p99 = 900; },
     Verdict::kRegressed, "write p99 went from 100 to 900 us in spite of"},
    {"faster, but stalling", 66,
     [](Window* w) { w->stalls.stall_micros = 300000; }, Verdict::kRegressed,
     "writers are stalled 30 % of the time, before 0 %"},
    {"another mix", 100, [](Window* w) { w->op(OpKind::kWrite).count = 20000; },
     Verdict::kInconclusive, "the mix of operations moved"},
    {"the load went quiet", 80,
     [](Window* w) {
       for (OpStats& stats : w->ops) stats.count /= 5;
     },
     Verdict::kInconclusive, "the load moved from"},
    {"the load went up and service down", 140,
     [](Window* w) {
       for (OpStats& stats : w->ops) stats.count *= 4;
     },
     Verdict::kInconclusive, "the load moved from"},
    {"an idle database", 100,
     [](Window* w) {
       for (OpStats& stats : w->ops) stats = OpStats();
     },
     Verdict::kInconclusive, "too little was measured"},
};

TEST(Verdict, FollowsTheNumbers) {
  for (const VerdictCase& c : kCases) {
    SCOPED_TRACE(c.name);
    std::vector<Window> candidate = Arm(c.candidate_us, 36);
    for (Window& window : candidate) c.change(&window);
    const OldJudgement judgement = OldJudge(Arm(100, 36), candidate, {}, false);
    EXPECT_TRUE(judgement.decided);
    EXPECT_EQ(ToString(judgement.verdict), ToString(c.verdict));
    EXPECT_THAT(judgement.why, HasSubstr(c.why_part));
  }
}

TEST(Verdict, MeasuresTheEffectOnTheScaleOfThroughput) {
  const OldJudgement judgement = OldJudge(Arm(100, 36), Arm(50, 36), {}, false);
  EXPECT_NEAR(judgement.effect.mean, 96 / 48.5 - 1, 0.02);
  EXPECT_LT(judgement.effect.low, judgement.effect.mean);
  EXPECT_GT(judgement.effect.high, judgement.effect.mean);
  EXPECT_EQ(judgement.effect.confidence, 0.95);
}

TEST(Verdict, WaitsForTheFirstLook) {
  const std::vector<Window> baseline = Arm(100, 36);
  EXPECT_FALSE(OldJudge(baseline, Arm(50, 8), {}, false).decided);
  EXPECT_TRUE(OldJudge(baseline, Arm(50, 9), {}, false).decided);
}

TEST(Verdict, DoesNotLookMoreOftenWhenAskedMoreOften) {
  const std::vector<Window> baseline = Arm(100, 18);
  Noise noise(0.2, 0, 3);
  std::vector<Window> candidate;
  for (int i = 0; i < 14; ++i) {
    candidate.push_back(ReadMostlyWindow(95 * noise.Factor()));
  }
  const auto first = absl::MakeConstSpan(candidate).subspan(0, 9);
  const OldJudgement at_look = OldJudge(baseline, first, {}, false);
  const OldJudgement later = OldJudge(baseline, candidate, {}, false);
  EXPECT_EQ(at_look.effect.low, later.effect.low);
}

TEST(Verdict, DecidesAtTheLastChance) {
  const OldJudgement none = OldJudge(Arm(100, 18), {}, {}, true);
  EXPECT_TRUE(none.decided);
  EXPECT_EQ(none.verdict, Verdict::kInconclusive);
  const OldJudgement some = OldJudge(Arm(100, 18), Arm(50, 6), {}, true);
  EXPECT_TRUE(some.decided);
}

TEST(Verdict, TakesAMixThatFollowsFromFasterReadsForNoLoadShift) {
  // Readers and writers have loops of their own; reads get four times as fast.
  std::vector<Window> before = Arm(100, 18), after = Arm(25, 36);
  for (Window& window : before) {
    SetOp(OpKind::kGet, 20000, window.op(OpKind::kGet).latency_us_mean,
          &window);
    SetOp(OpKind::kWrite, 20000, 20, &window);
  }
  for (Window& window : after) {
    SetOp(OpKind::kGet, 80000, window.op(OpKind::kGet).latency_us_mean,
          &window);
    SetOp(OpKind::kWrite, 20000, 20, &window);
  }
  const OldJudgement judgement = OldJudge(before, after, {}, false);
  EXPECT_EQ(judgement.verdict, Verdict::kKept) << judgement.why;
}

TEST(Verdict, CountsTheWindowsItDropped) {
  const OldJudgement judgement = OldJudge(Arm(100, 19), Arm(50, 10), {}, true);
  EXPECT_EQ(judgement.windows_dropped, 1);
}

struct Rates {
  double kept = 0;
  double windows = 0;  // of the candidate, until decided
};

// Trials of a change that makes service `speedup` times as fast, with 5 %
// noise whose neighbours correlate by `memory`, judged after every window.
Rates SimulateTrials(double speedup, double memory) {
  constexpr int kTrials = 400;
  Rates rates;
  for (int trial = 0; trial < kTrials; ++trial) {
    Noise noise(0.05, memory, static_cast<uint32_t>(1000 + trial));
    std::vector<Window> baseline, candidate;
    for (int i = 0; i < 30; ++i) {
      baseline.push_back(ReadMostlyWindow(100 * noise.Factor()));
    }
    OldJudgement judgement;
    while (!judgement.decided) {
      candidate.push_back(ReadMostlyWindow(100 / speedup * noise.Factor()));
      if (candidate.size() % 3 != 0) continue;
      judgement = OldJudge(baseline, candidate, {}, false);
    }
    rates.kept += judgement.verdict == Verdict::kKept;
    rates.windows += static_cast<double>(candidate.size());
  }
  rates.kept /= kTrials;
  rates.windows /= kTrials;
  return rates;
}

// Loose bounds around what was seen, with defaults, a baseline of 30 windows
// and 400 seeded trials a row:
//   speedup  memory   kept  regressed  windows until decided
//     1.00     0.0   0.013      0.005   33
//     1.00     0.5   0.035      0.020   34
//     1.00     0.8   0.070      0.025   33   beyond what the price pays for
//     1.05     0.0   0.855      0       21
//     1.05     0.5   0.525      0       28
//     1.10     0.0   1.000      0       12
//     1.10     0.5   0.938      0       16
//     1.10     0.8   0.775      0       20
//     1.50     0.5   1.000      0        9
//     0.90     0.5   0          0.767   13   (the others: no gain)
struct OperatingPoint {
  double speedup;
  double memory;
  double least_kept;
  double most_kept;
};

const OperatingPoint kOperatingPoints[] = {
    {1.00, 0.0, 0.00, 0.04}, {1.00, 0.5, 0.00, 0.07}, {1.00, 0.8, 0.00, 0.12},
    {1.10, 0.0, 0.95, 1.00}, {1.10, 0.5, 0.85, 1.00}, {0.90, 0.5, 0.00, 0.01},
};

TEST(Verdict, KeepsGainsAndHardlyEverNoiseInSimulatedTrials) {
  for (const OperatingPoint& point : kOperatingPoints) {
    SCOPED_TRACE(point.speedup);
    SCOPED_TRACE(point.memory);
    const Rates rates = SimulateTrials(point.speedup, point.memory);
    EXPECT_GE(rates.kept, point.least_kept) << rates.windows << " windows";
    EXPECT_LE(rates.kept, point.most_kept) << rates.windows << " windows";
  }
}

}  // namespace
}  // namespace rocktune
