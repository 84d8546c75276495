#include "hooks/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace rocktune {
namespace {

double ExactQuantile(std::vector<uint64_t> values, double share) {
  std::sort(values.begin(), values.end());
  auto rank = static_cast<size_t>(
      std::ceil(share * static_cast<double>(values.size())));
  return static_cast<double>(values[std::max<size_t>(rank, 1) - 1]);
}

TEST(LatencyHistogram, KeepsEveryQuantileWithinThreePercent) {
  std::mt19937_64 random(7);
  // Shapes of latencies: tight, wide, and with a far second hump.
  std::lognormal_distribution<double> tight(2, 0.3);
  std::lognormal_distribution<double> wide(6, 2);
  for (int shape = 0; shape < 3; ++shape) {
    auto histogram = std::make_unique<LatencyHistogram>();
    std::vector<uint64_t> values;
    for (int i = 0; i < 20000; ++i) {
      double value = shape == 0    ? tight(random)
                     : shape == 1  ? wide(random)
                     : i % 50 == 0 ? 250000 + wide(random)
                                   : tight(random);
      values.push_back(static_cast<uint64_t>(value));
      histogram->Record(values.back());
    }
    LatencySnapshot snapshot;
    histogram->Read(&snapshot);
    ASSERT_EQ(snapshot.Samples(), values.size());
    for (double share : {0.01, 0.5, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0}) {
      double exact = ExactQuantile(values, share);
      EXPECT_NEAR(snapshot.Quantile(share), exact, 0.03 * exact)
          << "shape " << shape << ", share " << share;
    }
  }
}

TEST(LatencyHistogram, GivesEveryValueABucketWhoseMiddleIsNear) {
  for (int bit = 0; bit < LatencyBuckets::kMaxBits; ++bit) {
    for (int64_t off : {-1, 0, 1, 3}) {
      int64_t signed_value = (int64_t{1} << bit) + off;
      if (signed_value < 0 || signed_value >= int64_t{1} << 36) continue;
      auto value = static_cast<uint64_t>(signed_value);
      size_t index = LatencyBuckets::IndexOf(value);
      ASSERT_LT(index, LatencyBuckets::kCount);
      auto real = static_cast<double>(value);
      EXPECT_NEAR(LatencyBuckets::Middle(index), real, 0.016 * real) << value;
    }
  }
  EXPECT_EQ(LatencyBuckets::IndexOf(~uint64_t{0}), LatencyBuckets::kCount - 1);
}

TEST(LatencyHistogram, IsEmptyWithoutSamples) {
  LatencySnapshot snapshot;
  EXPECT_EQ(snapshot.Samples(), 0u);
  EXPECT_EQ(snapshot.Mean(), 0);
  EXPECT_EQ(snapshot.Quantile(0.99), 0);
  EXPECT_EQ(snapshot.StandardDeviation(), 0);
}

TEST(LatencyHistogram, AWindowForgetsWhatCameBefore) {
  LatencyHistogram histogram;
  LatencySnapshot last;
  LatencySnapshot window;
  for (int i = 0; i < 100; ++i) histogram.Record(10);
  histogram.Cut(&last, &window);
  EXPECT_EQ(window.Quantile(0.99), 10);
  for (int i = 0; i < 10; ++i) histogram.Record(50);
  histogram.Cut(&last, &window);
  EXPECT_EQ(window.Samples(), 10u);
  EXPECT_EQ(window.Quantile(0.5), 50);
  EXPECT_EQ(window.Mean(), 50);
  histogram.Cut(&last, &window);
  EXPECT_EQ(window.Samples(), 0u);
}

TEST(LatencyHistogram, LosesNothingWhileThreadsRecord) {
  constexpr int kThreads = 3;
  constexpr int kEach = 50000;
  LatencyHistogram histogram;
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) histogram.Record(7);
      running.fetch_sub(1);
    });
  }
  LatencySnapshot last;
  LatencySnapshot window;
  uint64_t samples = 0;
  uint64_t sum = 0;
  bool more = true;
  while (more) {
    more = running.load() > 0;
    histogram.Cut(&last, &window);
    samples += window.Samples();
    sum += window.sum;
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(samples, uint64_t{kThreads} * kEach);
  EXPECT_EQ(sum, uint64_t{kThreads} * kEach * 7);
}

}  // namespace
}  // namespace rocktune
