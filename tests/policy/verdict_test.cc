#include "policy/verdict.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using Change = void (*)(Window*);

void Nothing(Window*) {}

Window WithCosts(double get_us) {
  Window window = ReadMostlyWindow(get_us);
  window.process.cpu_us = window.Operations() * 10;
  window.process.resident_bytes = 1 << 30;
  return window;
}

// Windows whose gets take `get_us`, give or take one per cent.
std::vector<Window> Windows(double get_us, int times, Change change,
                            Noise* noise) {
  std::vector<Window> windows;
  for (int i = 0; i < times; ++i) {
    windows.push_back(WithCosts(get_us * noise->Factor()));
    change(&windows.back());
  }
  return windows;
}

// Pairs in alternating order; the incumbent's gets take 100 us.
std::vector<Block> Blocks(int pairs, double candidate_us, Change change) {
  Noise noise(0.01, 0, 7);
  std::vector<Block> blocks;
  for (int pair = 0; pair < pairs; ++pair) {
    for (bool second : {false, true}) {
      Block block;
      block.candidate = (pair % 2 == 0) == second;
      block.pair = pair;
      block.windows = Windows(block.candidate ? candidate_us : 100, 3,
                              block.candidate ? change : Nothing, &noise);
      blocks.push_back(std::move(block));
    }
  }
  return blocks;
}

PairsInput InputOf(const std::vector<Block>& blocks) {
  PairsInput input;
  input.blocks = blocks;
  input.mix = {{0.95, 0, 0.05, 0}};
  input.pair_noise = 0.01;
  return input;
}

struct Case {
  const char* name;
  double candidate_us;
  Change change;
  Verdict verdict;
  const char* ended;
  const char* why_part;
};

const Case kCases[] = {
    {"a third faster", 66, Nothing, Verdict::kKept, "proven", "service time"},
    {"5 % faster", 95, Nothing, Verdict::kKept, "proven", "service time"},
    {"a third slower", 133, Nothing, Verdict::kRegressed, "harm", "-2"},
    {"the same", 100, Nothing, Verdict::kNoGain, "futile", "worth keeping"},
    {"half a per cent faster", 99.5, Nothing, Verdict::kNoGain, "futile", ""},
    {"faster, but p99 is three times as long", 66,
     [](Window* w) {
       for (OpStats& stats : w->ops) stats.latency_us_p99 *= 5;
     },
     Verdict::kRegressed, "p99", "times the incumbent's in spite of"},
    {"faster, and a rare kind has a longer p99", 66,
     [](Window* w) { w->op(OpKind::kWrite).latency_us_p99 *= 50; },
     Verdict::kKept, "proven", "service time"},
    {"faster, but stalling", 66,
     [](Window* w) { w->stalls.stall_micros = 300000; }, Verdict::kRegressed,
     "stalls", "writers are stalled 30 % of the time, before 0 %"},
    {"faster, but over the operator's limit", 66,
     [](Window* w) { w->process.resident_bytes = 5ull << 30; },
     Verdict::kRegressed, "limit", "memory <= 2GiB"},
    {"as fast, with less CPU", 100,
     [](Window* w) { w->process.cpu_us = w->process.cpu_us * 8 / 10; },
     Verdict::kKept, "proven", "cpu_us_per_operation"},
    {"as fast, with a little less CPU", 100,
     [](Window* w) { w->process.cpu_us = w->process.cpu_us * 98 / 100; },
     Verdict::kNoGain, "futile", ""},
    {"slower, with less CPU", 110,
     [](Window* w) { w->process.cpu_us = w->process.cpu_us * 8 / 10; },
     Verdict::kRegressed, "harm", ""},
};

VerdictConfig ConfigWithLimit() {
  VerdictConfig config;
  config.limits = {*ParseLimit("memory <= 2GiB")};
  return config;
}

TEST(JudgePairs, FollowsTheNumbers) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Judgement judgement;
    for (int pairs = 1; pairs <= 30 && !judgement.decided; ++pairs) {
      const std::vector<Block> blocks = Blocks(pairs, c.candidate_us, c.change);
      judgement = JudgePairs(InputOf(blocks), ConfigWithLimit(), false);
    }
    EXPECT_TRUE(judgement.decided);
    EXPECT_EQ(ToString(judgement.verdict), ToString(c.verdict));
    EXPECT_EQ(judgement.ended, c.ended);
    EXPECT_THAT(judgement.why, HasSubstr(c.why_part));
  }
}

TEST(JudgePairs, SaysTheEffectOnTheScaleOfThroughputWithItsInterval) {
  const std::vector<Block> blocks = Blocks(12, 50, Nothing);
  const Judgement judgement = JudgePairs(InputOf(blocks), {}, false);
  EXPECT_NEAR(judgement.effect.mean, 96 / 48.5 - 1, 0.02);
  EXPECT_LT(judgement.effect.low, judgement.effect.mean);
  EXPECT_GT(judgement.effect.high, judgement.effect.mean);
  EXPECT_NEAR(judgement.effect.confidence, 1 - 0.006 - 0.05, 1e-9);
  EXPECT_THAT(judgement.why, HasSubstr("over 12 pairs of blocks"));
}

TEST(JudgePairs, ShowsTheSecondaryCosts) {
  const std::vector<Block> blocks =
      Blocks(12, 66, [](Window* w) { w->process.resident_bytes = 2ull << 30; });
  const Judgement judgement = JudgePairs(InputOf(blocks), {}, false);
  bool seen = false;
  for (const CostChange& cost : judgement.costs) {
    if (cost.name != "memory_bytes") continue;
    seen = true;
    EXPECT_NEAR(cost.before, 1 << 30, 1e4);
    EXPECT_NEAR(cost.after, 2ull << 30, 1e4);
    EXPECT_NEAR(cost.effect.mean, -0.5, 1e-6);
    EXPECT_LT(cost.effect.high, 0);
  }
  EXPECT_TRUE(seen);
}

TEST(JudgePairs, CountsOnlyPairsThatAreComplete) {
  std::vector<Block> blocks = Blocks(12, 66, Nothing);
  blocks.pop_back();
  blocks[0].dropped = 2;
  for (Window& window : blocks[2].windows) {
    for (OpStats& stats : window.ops) stats = OpStats();
  }
  const Judgement judgement = JudgePairs(InputOf(blocks), {}, false);
  EXPECT_THAT(judgement.why, HasSubstr("over 10 pairs"));
  EXPECT_EQ(judgement.windows_dropped, 2 + 3);
}

TEST(JudgePairs, HasNoVerdictBeforeTheCoinsAllowOne) {
  for (int pairs = 0; pairs < 7; ++pairs) {
    const std::vector<Block> blocks = Blocks(pairs, 50, Nothing);
    EXPECT_FALSE(JudgePairs(InputOf(blocks), {}, false).decided) << pairs;
  }
}

TEST(JudgePairs, DecidesAtTheLastChance) {
  const Judgement none = JudgePairs(InputOf({}), {}, true);
  EXPECT_TRUE(none.decided);
  EXPECT_EQ(none.verdict, Verdict::kInconclusive);
  const std::vector<Block> blocks = Blocks(4, 50, Nothing);
  const Judgement some = JudgePairs(InputOf(blocks), {}, true);
  EXPECT_EQ(some.verdict, Verdict::kInconclusive);
  EXPECT_EQ(some.ended, "deadline");
}

TEST(JudgePairs, TakesThroughputForTheObjectiveOfASaturatedHost) {
  // Twice the operations at the same service time.
  const std::vector<Block> blocks = Blocks(12, 100, [](Window* w) {
    for (OpStats& stats : w->ops) stats.count *= 2;
    w->process.cpu_us *= 2;
  });
  PairsInput input = InputOf(blocks);
  EXPECT_NE(JudgePairs(input, {}, false).ended, "proven");
  input.saturated = true;
  EXPECT_EQ(JudgePairs(input, {}, false).verdict, Verdict::kKept);
}

CostHistory HistoryOf(int windows) {
  Noise noise(0.01, 0, 5);
  CostHistory history;
  for (int i = 0; i < windows; ++i) {
    history.Add(
        absl::UnixEpoch() + absl::Seconds(i),
        ServiceTimeUs(WithCosts(100 * noise.Factor()), {{0.95, 0, 0.05, 0}}));
  }
  return history;
}

Judgement BeforeAfter(int windows, double candidate_us, Change change,
                      const CostHistory* history, bool last_chance = false) {
  Noise noise(0.01, 0, 8);
  const std::vector<Window> baseline = Windows(100, 60, Nothing, &noise);
  const std::vector<Window> candidate =
      Windows(candidate_us, windows, change, &noise);
  BeforeAfterInput input;
  input.baseline = baseline;
  input.candidate = candidate;
  input.gap = 20;
  input.mix = {{0.95, 0, 0.05, 0}};
  input.history = history;
  return JudgeBeforeAfter(input, ConfigWithLimit(), last_chance);
}

TEST(JudgeBeforeAfter, FollowsTheNumbers) {
  const CostHistory history = HistoryOf(1200);
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Judgement judgement;
    for (int n = 1; n <= 60 && !judgement.decided; ++n) {
      judgement = BeforeAfter(n, c.candidate_us, c.change, &history);
    }
    EXPECT_TRUE(judgement.decided);
    EXPECT_EQ(ToString(judgement.verdict), ToString(c.verdict));
    EXPECT_EQ(judgement.ended, c.ended);
    EXPECT_THAT(judgement.why, HasSubstr(c.why_part));
  }
}

TEST(JudgeBeforeAfter, LooksFourTimesHoweverOftenItIsAsked) {
  const CostHistory history = HistoryOf(1200);
  EXPECT_FALSE(BeforeAfter(14, 50, Nothing, &history).decided);
  EXPECT_TRUE(BeforeAfter(15, 50, Nothing, &history).decided);
  EXPECT_EQ(BeforeAfter(15, 98, Nothing, &history).effect.low,
            BeforeAfter(29, 98, Nothing, &history).effect.low);
}

TEST(JudgeBeforeAfter, IsWideWithAShortHistoryAndUnsureWithoutAny) {
  const CostHistory longer = HistoryOf(1200), shorter = HistoryOf(90);
  const Judgement sure = BeforeAfter(60, 95, Nothing, &longer);
  const Judgement unsure = BeforeAfter(60, 95, Nothing, &shorter);
  EXPECT_LT(unsure.effect.low, sure.effect.low - 0.005);
  EXPECT_EQ(BeforeAfter(60, 50, Nothing, nullptr).verdict,
            Verdict::kInconclusive);
}

TEST(JudgeBeforeAfter, DecidesAtTheLastChance) {
  const CostHistory history = HistoryOf(1200);
  EXPECT_EQ(BeforeAfter(0, 50, Nothing, &history, true).verdict,
            Verdict::kInconclusive);
  EXPECT_EQ(BeforeAfter(20, 50, Nothing, &history, true).verdict,
            Verdict::kKept);
}

// A candidate whose cost falls by 15 % half way through its arm.
Judgement WithAStepInside(double first_us) {
  Noise noise(0.01, 0, 8);
  const std::vector<Window> baseline = Windows(100, 60, Nothing, &noise);
  std::vector<Window> candidate = Windows(first_us, 30, Nothing, &noise);
  for (Window& window : Windows(0.85 * first_us, 30, Nothing, &noise)) {
    candidate.push_back(std::move(window));
  }
  const CostHistory history = HistoryOf(1200);
  BeforeAfterInput input;
  input.baseline = baseline;
  input.candidate = candidate;
  input.gap = 20;
  input.mix = {{0.95, 0, 0.05, 0}};
  input.history = &history;
  return JudgeBeforeAfter(input, {}, /*last_chance=*/true);
}

TEST(JudgeBeforeAfter, CreditsNothingThatAStepWithinAnArmMayHaveMade) {
  const Judgement judgement = WithAStepInside(100);
  EXPECT_GT(judgement.effect.low, 0);
  EXPECT_GT(judgement.effect.mean, 0.02);
  EXPECT_EQ(ToString(judgement.verdict), ToString(Verdict::kInconclusive));
  EXPECT_EQ(judgement.ended, "unsteady");
}

TEST(JudgeBeforeAfter, KeepsAnEffectLargerThanTheStepWithinAnArm) {
  EXPECT_EQ(ToString(WithAStepInside(60).verdict), ToString(Verdict::kKept));
  EXPECT_EQ(ToString(WithAStepInside(180).verdict),
            ToString(Verdict::kRegressed));
}

// Blocks of 8 windows after every switch; `echo` is added to the log cost of
// the first two windows, for the candidate and for the incumbent.
std::vector<Block> EchoingBlocks(double candidate_echo, double incumbent_echo) {
  Noise noise(0.02, 0, 3);
  std::vector<Block> blocks(20);
  for (size_t i = 0; i < blocks.size(); ++i) {
    blocks[i].candidate = i % 2 == 1;
    const double echo = blocks[i].candidate ? candidate_echo : incumbent_echo;
    for (int at = 0; at < 8; ++at) {
      const double shift = at < 2 ? std::exp(echo) : 1;
      blocks[i].windows.push_back(
          ReadMostlyWindow(100 * shift * noise.Factor()));
    }
  }
  return blocks;
}

TEST(CarryOver, CutsWhatEchoesAfterASwitchAndNoMore) {
  const OpMix mix = {{0.95, 0, 0.05, 0}};
  EXPECT_EQ(CarryOverWindows(EchoingBlocks(0, 0), mix, 1, 5), 1);
  EXPECT_EQ(CarryOverWindows(EchoingBlocks(0.1, 0.1), mix, 1, 5), 2);
  EXPECT_EQ(CarryOverWindows(EchoingBlocks(0.1, -0.1), mix, 0, 5), 2);
  EXPECT_EQ(CarryOverWindows(EchoingBlocks(0.1, -0.1), mix, 0, 1), 1);
  EXPECT_EQ(CarryOverWindows({}, mix, 1, 5), 1);
}

}  // namespace
}  // namespace rocktune
