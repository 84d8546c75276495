#include "policy/cost_history.h"

#include <cmath>

#include "gtest/gtest.h"
#include "tests/policy/noise_kinds.h"

namespace rocktune {
namespace {

absl::Time Second(int n) { return absl::UnixEpoch() + absl::Seconds(n); }

CostHistory HistoryOf(const NoiseKind& kind, double spread, int windows,
                      uint32_t seed = 1) {
  NoiseOf noise(kind, spread, seed);
  CostHistory history;
  for (int i = 0; i < windows; ++i) {
    history.Add(Second(i), 100 * std::exp(noise.Next()));
  }
  return history;
}

TEST(CostHistory, MeasuresTheNoiseOfAWindow) {
  EXPECT_NEAR(*HistoryOf(kWhite, 0.05, 1000).WindowNoise(), 0.05, 0.005);
}

TEST(CostHistory, TakesNeitherDriftNorOutliersForNoise) {
  CostHistory history;
  NoiseOf noise(kWhite, 0.05, 2);
  for (int i = 0; i < 1000; ++i) {
    const double outlier = i % 20 == 0 ? 2 : 0;
    history.Add(Second(i), std::exp(noise.Next() + 0.002 * i + outlier));
  }
  EXPECT_NEAR(*history.WindowNoise(), 0.05, 0.01);
}

TEST(CostHistory, SaysNothingFromTooFewWindows) {
  EXPECT_FALSE(HistoryOf(kWhite, 0.05, 6).WindowNoise());
  EXPECT_FALSE(HistoryOf(kWhite, 0.05, 6).PlaceboSpread(60, 10, 60));
  EXPECT_FALSE(CostHistory().PlaceboSpread(1, 0, 1));
}

TEST(CostHistory, IgnoresWhatIsNoCost) {
  CostHistory history;
  for (double cost : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    history.Add(Second(1), cost);
  }
  EXPECT_EQ(history.windows(), 0u);
}

TEST(CostHistory, WantsLongerBlocksForNoiseThatRemembers) {
  EXPECT_EQ(HistoryOf(kWhite, 0.05, 600).BlockWindows(3, 12), 3);
  const int longer = HistoryOf(kCorrelated, 0.05, 600).BlockWindows(3, 12);
  EXPECT_GE(longer, 5);
  EXPECT_LE(longer, 12);
  EXPECT_EQ(HistoryOf(kCorrelated, 0.05, 600).BlockWindows(3, 4), 4);
}

TEST(CostHistory, PlaceboSpreadOfWhiteNoiseIsThatOfTwoMeans) {
  const auto placebo = HistoryOf(kWhite, 0.05, 3600).PlaceboSpread(60, 20, 40);
  EXPECT_NEAR(placebo->spread, 0.05 * std::sqrt(1.0 / 60 + 1.0 / 40), 0.002);
  // 3 600 windows have room for 30 such spans; overlapping ones tell more.
  EXPECT_GT(placebo->independent, 30);
  EXPECT_LT(placebo->independent, 90);
}

TEST(CostHistory, PlaceboSpreadSeesDriftThatOneArmCannot) {
  const double white =
      HistoryOf(kWhite, 0.05, 3600).PlaceboSpread(60, 20, 60)->spread;
  EXPECT_GT(HistoryOf(kWandering, 0.05, 3600).PlaceboSpread(60, 20, 60)->spread,
            5 * white);
  EXPECT_GT(
      HistoryOf(kCorrelated, 0.05, 3600).PlaceboSpread(60, 20, 60)->spread,
      2 * white);
}

TEST(CostHistory, ScalesAShortHistoryUpNoLessThanARandomWalkGrows) {
  double squares = 0;
  for (uint32_t seed = 0; seed < 100; ++seed) {
    const auto placebo =
        HistoryOf({"walk", 0, 0, 1}, 0.05, 200, seed).PlaceboSpread(60, 30, 60);
    ASSERT_TRUE(placebo);
    EXPECT_GE(placebo->independent, 4);
    squares += placebo->spread * placebo->spread;
  }
  // A walk of steps s: s^2 (before / 3 + gap + after / 3), and some noise.
  const double truth = 0.05 * std::sqrt(60 / 3.0 + 30 + 60 / 3.0);
  EXPECT_GT(std::sqrt(squares / 100), 0.9 * truth);
  EXPECT_LT(std::sqrt(squares / 100), 2 * truth);
}

TEST(CostHistory, NeverComparesAcrossABreak) {
  CostHistory history;
  NoiseOf noise(kWhite, 0.01, 3);
  for (int i = 0; i < 600; ++i) {
    if (i == 300) history.Break();
    history.Add(Second(i), std::exp(noise.Next() + (i < 300 ? 0 : 5)));
  }
  EXPECT_LT(history.PlaceboSpread(20, 5, 20)->spread, 0.01);
  EXPECT_NEAR(*history.WindowNoise(), 0.01, 0.002);
}

// 600 noisy windows of other values, then `quiet` windows of the present ones.
CostHistory AfterOtherValues(int quiet) {
  CostHistory history;
  NoiseOf noise(kWhite, 1, 3);
  for (int i = 0; i < 600 + quiet; ++i) {
    if (i == 600) history.StartOver();
    history.Add(Second(i), std::exp((i < 600 ? 0.2 : 0.01) * noise.Next()));
  }
  return history;
}

TEST(CostHistory, ForgetsTheNoiseOfOtherValuesOnceEnoughIsKnownOfThese) {
  EXPECT_GT(AfterOtherValues(10).PlaceboSpread(60, 5, 60)->spread, 0.02);
  EXPECT_LT(AfterOtherValues(300).PlaceboSpread(60, 5, 60)->spread, 0.005);
  EXPECT_LT(AfterOtherValues(300).PlaceboSpread(200, 5, 200)->spread, 0.005);
  // 300 windows say too little of spans twenty times as long.
  EXPECT_GT(AfterOtherValues(300).PlaceboSpread(3000, 0, 3000)->spread, 0.004);
}

TEST(CostHistory, TakesALongHoleForABreak) {
  CostHistory history;
  NoiseOf noise(kWhite, 0.01, 3);
  for (int i = 0; i < 600; ++i) {
    history.Add(Second(i < 300 ? i : i + 3600),
                std::exp(noise.Next() + (i < 300 ? 0 : 5)));
  }
  EXPECT_LT(history.PlaceboSpread(20, 5, 20)->spread, 0.01);
}

TEST(CostHistory, ForgetsTheOldest) {
  EXPECT_EQ(HistoryOf(kWhite, 0.05, 5000).windows(), CostHistory::kMaxWindows);
}

}  // namespace
}  // namespace rocktune
