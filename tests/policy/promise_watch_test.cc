#include "policy/promise_watch.h"

#include <cmath>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

// Blocks until the first alarm when the cost is `factor` times the promised.
double MeanRunLength(PromiseConfig config, double noise, double factor,
                     int runs) {
  std::mt19937 random(7);
  std::normal_distribution<double> normal(std::log(factor), noise);
  double blocks = 0;
  for (int run = 0; run < runs; ++run) {
    PromiseWatch watch(config, 1, noise);
    do {
      ++blocks;
    } while (!watch.Add(std::exp(normal(random))));
  }
  return blocks / runs;
}

TEST(PromiseWatch, AlarmsByChanceAboutAsOftenAsConfigured) {
  for (double noise : {0.02, 0.05, 0.1}) {
    const double length = MeanRunLength(
        {.decay = 0.05, .false_alarm_blocks = 500}, noise, 1, 200);
    EXPECT_GT(length, 300) << noise;
    EXPECT_LT(length, 1500) << noise;
  }
}

TEST(PromiseWatch, NoticesTheDecayItIsSetTo) {
  EXPECT_LT(MeanRunLength({}, 0.02, 1.05, 200), 6);
  EXPECT_LT(MeanRunLength({}, 0.05, 1.05, 200), 25);
  EXPECT_LT(MeanRunLength({}, 0.05, 1.20, 200), 5);
}

TEST(PromiseWatch, SaysWhatWasPromisedAndWhatCame) {
  PromiseWatch watch({}, 10, 0.02);
  EXPECT_EQ(watch.Add(10), std::nullopt);
  std::optional<std::string> why;
  for (int i = 0; i < 10 && !why; ++i) why = watch.Add(11);
  ASSERT_TRUE(why);
  EXPECT_THAT(*why, HasSubstr("promised 10: 10 % worse"));
  EXPECT_EQ(watch.Add(11), std::nullopt);  // anew
}

TEST(PromiseWatch, IsNotAlarmedByASingleBlock) {
  for (double noise : {0.0, 0.02, 0.2}) {
    PromiseWatch watch({}, 10, noise);
    EXPECT_EQ(watch.Add(10000), std::nullopt) << noise;
    for (int i = 0; i < 200; ++i) EXPECT_EQ(watch.Add(10), std::nullopt);
  }
}

TEST(PromiseWatch, IsSilentWhenThingsGetBetterOrCannotBeSaid) {
  PromiseWatch watch({}, 10, 0.02);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(watch.Add(i % 2 == 0 ? 9 : 0), std::nullopt);
  }
}

}  // namespace
}  // namespace rocktune
