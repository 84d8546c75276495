#include "bench/demo/latency_recorder.h"

#include <gtest/gtest.h>

namespace rocktune {
namespace {

TEST(LatencyRecorder, IsWithinItsErrorBoundOverSevenDecades) {
  for (double us = 0.1; us < 1e6; us *= 1.37) {
    LatencyRecorder recorder;
    recorder.Add(static_cast<uint64_t>(us * 1000));
    EXPECT_NEAR(recorder.QuantileUs(0.5), us, 0.016 * us + 0.001);
  }
}

TEST(LatencyRecorder, FindsTheQuantilesOfEvenlySpreadValues) {
  LatencyRecorder recorder;
  for (uint64_t us = 1; us <= 10'000; ++us) recorder.Add(us * 1000);
  EXPECT_EQ(recorder.count(), 10'000u);
  EXPECT_NEAR(recorder.QuantileUs(0.5), 5000, 0.02 * 5000);
  EXPECT_NEAR(recorder.QuantileUs(0.99), 9900, 0.02 * 9900);
  EXPECT_NEAR(recorder.MeanUs(), 5000.5, 0.1);
}

TEST(LatencyRecorder, MergesAsIfAllWereRecordedInOne) {
  LatencyRecorder all, odd, even;
  for (uint64_t i = 0; i < 5000; ++i) {
    all.Add(i * i);
    (i % 2 == 0 ? even : odd).Add(i * i);
  }
  odd.Merge(even);
  EXPECT_EQ(odd.count(), all.count());
  for (const double q : {0.0, 0.1, 0.5, 0.99, 1.0}) {
    EXPECT_DOUBLE_EQ(odd.QuantileUs(q), all.QuantileUs(q));
  }
}

TEST(LatencyRecorder, SaysZeroWithoutValues) {
  EXPECT_EQ(LatencyRecorder().QuantileUs(0.99), 0);
  EXPECT_EQ(LatencyRecorder().MeanUs(), 0);
}

TEST(LatencyRecorder, TakesWhatIsBeyondItsRange) {
  LatencyRecorder recorder;
  recorder.Add(~uint64_t{0});
  EXPECT_EQ(recorder.count(), 1u);
  EXPECT_GT(recorder.QuantileUs(1), 3.6e9);
}

}  // namespace
}  // namespace rocktune
