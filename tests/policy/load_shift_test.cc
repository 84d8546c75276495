#include "policy/load_shift.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/noisy_load.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

std::optional<LoadShift> Watch(NoisyLoad* load, LoadShiftDetector* detector,
                               int windows) {
  for (int i = 0; i < windows; ++i) {
    if (auto shift = detector->Add(load->Next(), false)) return shift;
  }
  return std::nullopt;
}

TEST(LoadShift, FiresWithinTwoWindowsOnADoubledShareOfWrites) {
  const struct {
    double before, after, noise;
    int least_caught;  // of 100
  } kCases[] = {{0.05, 0.10, 0.05, 97}, {0.10, 0.20, 0.05, 97},
                {0.30, 0.60, 0.05, 97}, {0.20, 0.10, 0.05, 97},
                {0.10, 0.20, 0.10, 90}, {0.30, 0.60, 0.10, 95}};
  for (const auto& test : kCases) {
    int caught = 0;
    for (uint32_t seed = 1; seed <= 100; ++seed) {
      NoisyLoadShape shape;
      shape.noise = test.noise;
      shape.share = {1 - test.before, 0, test.before, 0};
      NoisyLoad load(shape, seed);
      LoadShiftDetector detector;
      Watch(&load, &detector, 40);
      load.shape.share = {1 - test.after, 0, test.after, 0};
      if (Watch(&load, &detector, 2)) ++caught;
    }
    EXPECT_GE(caught, test.least_caught) << test.before << " " << test.noise;
  }
}

TEST(LoadShift, SaysWhatMovedByHowMuchAndSinceWhen) {
  NoisyLoad load({.noise = 0.03}, 1);
  LoadShiftDetector detector;
  ASSERT_FALSE(Watch(&load, &detector, 60));
  load.shape.share = {0.7, 0, 0.3, 0};
  ASSERT_FALSE(Watch(&load, &detector, 1));
  EXPECT_TRUE(detector.suspects());
  const std::optional<LoadShift> shift = Watch(&load, &detector, 1);
  ASSERT_TRUE(shift);
  EXPECT_EQ(shift->dimension, ProfileDimension::kWriteShare);
  EXPECT_NEAR(shift->before, 0.1, 0.02);
  EXPECT_NEAR(shift->after, 0.3, 0.03);
  EXPECT_EQ(shift->since, absl::FromUnixSeconds(61));
  EXPECT_THAT(shift->text, HasSubstr("write share 0.10 -> 0."));
  EXPECT_THAT(shift->text, HasSubstr(" since 2s"));
  EXPECT_FALSE(detector.suspects());
}

TEST(LoadShift, TakesTheNewLoadForItsReference) {
  NoisyLoad load({.noise = 0.05}, 2);
  LoadShiftDetector detector;
  Watch(&load, &detector, 60);
  load.shape.share = {0.5, 0, 0.5, 0};
  ASSERT_TRUE(Watch(&load, &detector, 2));
  EXPECT_FALSE(Watch(&load, &detector, 600));
  load.shape.share = {0.9, 0, 0.1, 0};
  EXPECT_TRUE(Watch(&load, &detector, 2));
}

TEST(LoadShift, StaysSilentForAnHourOfNoiseAndBursts) {
  for (uint32_t seed = 1; seed <= 6; ++seed) {
    NoisyLoadShape shape;
    shape.noise = seed % 2 == 0 ? 0.05 : 0.1;
    shape.memory = seed % 3 == 0 ? 0.95 : 0.5;
    shape.share = {0.6, 0.05, 0.25, 0.1};
    shape.ops_per_s = 2000;
    NoisyLoad load(shape, seed);
    LoadShiftDetector detector;
    int suspicions = 0;
    for (int i = 0; i < 3600; ++i) {
      const std::optional<LoadShift> shift = detector.Add(load.Next(), false);
      EXPECT_FALSE(shift) << "seed " << seed << ": " << shift->text;
      suspicions += detector.suspects() ? 1 : 0;
    }
    EXPECT_LT(suspicions, 100) << seed;
  }
}

TEST(LoadShift, IsNotDisturbedByAMoveTooSmallToMatter) {
  NoisyLoad load({.noise = 0.01, .burst_every = 1 << 30}, 9);
  LoadShiftDetector detector;
  ASSERT_FALSE(Watch(&load, &detector, 120));
  load.shape.share = {0.875, 0, 0.125, 0};
  EXPECT_FALSE(Watch(&load, &detector, 300));
}

TEST(LoadShift, SeesWhatIsNotTheMix) {
  const struct {
    ProfileDimension dimension;
    void (*shift)(NoisyLoadShape*);
  } kCases[] = {
      {ProfileDimension::kFoundShare,
       [](NoisyLoadShape* shape) { shape->found = 0.4; }},
      {ProfileDimension::kScanLength,
       [](NoisyLoadShape* shape) { shape->scan_length = 60; }},
      {ProfileDimension::kValueBytes,
       [](NoisyLoadShape* shape) { shape->entry_bytes = 1000; }},
  };
  for (const auto& test : kCases) {
    NoisyLoad load({.share = {0.5, 0, 0.3, 0.2}, .noise = 0.05}, 3);
    LoadShiftDetector detector;
    ASSERT_FALSE(Watch(&load, &detector, 60));
    test.shift(&load.shape);
    const std::optional<LoadShift> shift = Watch(&load, &detector, 2);
    ASSERT_TRUE(shift) << ToString(test.dimension);
    EXPECT_EQ(shift->dimension, test.dimension);
  }
}

TEST(LoadShift, NoticesASlowDriftToo) {
  NoisyLoad load({.noise = 0.05, .memory = 0.3}, 4);
  LoadShiftDetector detector;
  ASSERT_FALSE(Watch(&load, &detector, 300));
  std::optional<LoadShift> shift;
  for (int i = 1; i <= 60 && !shift; ++i) {
    const double writes = 0.1 + 0.3 * i / 60;
    load.shape.share = {1 - writes, 0, writes, 0};
    shift = Watch(&load, &detector, 1);
  }
  ASSERT_TRUE(shift);
  EXPECT_GT(shift->after, shift->before);
}

TEST(LoadShift, BelievesAChangeOfTheRateOnlyWhenItStays) {
  NoisyLoad load({.noise = 0.05, .burst_every = 1 << 30}, 5);
  LoadShiftDetector detector;
  ASSERT_FALSE(Watch(&load, &detector, 120));
  load.shape.ops_per_s *= 4;
  EXPECT_FALSE(Watch(&load, &detector, 20));  // a burst
  load.shape.ops_per_s /= 4;
  EXPECT_FALSE(Watch(&load, &detector, 120));
  load.shape.ops_per_s *= 4;
  EXPECT_FALSE(Watch(&load, &detector, LoadShiftDetector::kRateWindows - 1));
  const std::optional<LoadShift> shift = Watch(&load, &detector, 1);
  ASSERT_TRUE(shift);
  EXPECT_EQ(shift->dimension, ProfileDimension::kArrivalRate);
  EXPECT_NEAR(shift->after / shift->before, 4, 1);
}

TEST(LoadShift, DoesNotBlameTheLoadForARateThatIsOurs) {
  NoisyLoad load({.noise = 0.05}, 6);
  LoadShiftDetector detector;
  ASSERT_FALSE(Watch(&load, &detector, 120));
  load.shape.ops_per_s *= 4;
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(detector.Add(load.Next(), /*rate_is_ours=*/true));
  }
  // What it is afterwards is no shift either.
  EXPECT_FALSE(Watch(&load, &detector, 100));
}

TEST(LoadShift, SkipsIdleWindowsAndKeepsItsSuspicion) {
  NoisyLoad load({.noise = 0.03}, 7);
  LoadShiftDetector detector;
  ASSERT_FALSE(Watch(&load, &detector, 60));
  load.shape.share = {0.6, 0, 0.4, 0};
  ASSERT_FALSE(Watch(&load, &detector, 1));
  Window idle;
  idle.has_tickers = true;
  idle.length = absl::Seconds(1);
  idle.op(OpKind::kWrite).count = 3;
  EXPECT_FALSE(detector.Add(idle, false));
  EXPECT_TRUE(detector.suspects());
  EXPECT_TRUE(Watch(&load, &detector, 1));
}

TEST(LoadShift, KnowsNothingAfterAReset) {
  NoisyLoad load({.noise = 0.05}, 8);
  LoadShiftDetector detector;
  Watch(&load, &detector, 60);
  detector.Reset();
  load.shape.share = {0.3, 0, 0.7, 0};
  EXPECT_FALSE(Watch(&load, &detector, 60));
}

}  // namespace
}  // namespace rocktune
