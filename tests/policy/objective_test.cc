#include "policy/objective.h"

#include "gtest/gtest.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {
namespace {

TEST(Objective, MixIsEachKindsPartOfAllOperations) {
  Window window;
  SetOp(OpKind::kGet, 900, 10, &window);
  SetOp(OpKind::kWrite, 100, 10, &window);
  const OpMix mix = MixOf(Repeat(window, 3));
  EXPECT_DOUBLE_EQ(mix.share[0], 0.9);
  EXPECT_DOUBLE_EQ(mix.share[2], 0.1);
}

TEST(Objective, MixDistanceGoesFromSameToNothingInCommon) {
  const OpMix reads{{1, 0, 0, 0}}, writes{{0, 0, 1, 0}}, nothing;
  EXPECT_EQ(MixDistance(reads, reads), 0);
  EXPECT_EQ(MixDistance(reads, writes), 1);
  EXPECT_EQ(MixDistance(nothing, nothing), 0);
  EXPECT_EQ(MixDistance(reads, nothing), 1);
  EXPECT_NEAR(MixDistance(reads, OpMix{{0.8, 0, 0.2, 0}}), 0.2, 1e-12);
}

TEST(Objective, ServiceTimeKeepsTheBaselinesMixWhenTheMixMoves) {
  const OpMix mix{{0.5, 0, 0.5, 0}};
  Window window;
  window.has_latencies = true;
  SetOp(OpKind::kGet, 10000, 100, &window);
  SetOp(OpKind::kWrite, 10000, 20, &window);
  EXPECT_DOUBLE_EQ(ServiceTimeUs(window, mix), 60);
  SetOp(OpKind::kGet, 90000, 100, &window);
  EXPECT_DOUBLE_EQ(ServiceTimeUs(window, mix), 60);
}

TEST(Objective, ServiceTimeLeavesOutARareKindWithoutSamples) {
  Window window;
  window.has_latencies = true;
  SetOp(OpKind::kGet, 10000, 100, &window);
  EXPECT_DOUBLE_EQ(ServiceTimeUs(window, {{0.96, 0, 0, 0.04}}), 100);
}

TEST(Objective, ServiceTimeIsNotSaidWhenACommonKindHasNoSamples) {
  Window window;
  window.has_latencies = true;
  SetOp(OpKind::kGet, 10000, 100, &window);
  EXPECT_EQ(ServiceTimeUs(window, {{0.8, 0, 0.2, 0}}), 0);
  EXPECT_EQ(ServiceTimeUs(window, {}), 0);
}

TEST(Objective, ServiceTimeFallsBackToThroughputWithoutLatencies) {
  Window window = ReadMostlyWindow(100);
  window.has_latencies = false;
  EXPECT_NEAR(ServiceTimeUs(window, {}), 1e6 / window.OperationsPerSecond(),
              1e-9);
  EXPECT_EQ(ServiceTimeUs(Window(), {}), 0);
}

TEST(Objective, PoolWeighsLatenciesByOperationsHoweverManyWereTimed) {
  Window busy, quiet;
  busy.length = quiet.length = absl::Seconds(1);
  SetOp(OpKind::kGet, 3200, 10, &busy);
  SetOp(OpKind::kGet, 320, 120, &quiet);
  busy.sampled_one_in = 32;
  quiet.sampled_one_in = 1;  // a slow load is timed entirely
  quiet.op(OpKind::kGet).samples = 320;
  busy.stalls.stall_micros = 7;
  quiet.process.resident_bytes = 9;
  const Window pooled = Pool({busy, quiet});
  EXPECT_NEAR(pooled.op(OpKind::kGet).latency_us_mean, 20, 1e-9);
  EXPECT_EQ(pooled.op(OpKind::kGet).count, 3520u);
  EXPECT_NEAR(pooled.sampled_one_in, 3520.0 / 420, 1e-9);
  EXPECT_EQ(pooled.length, absl::Seconds(2));
  EXPECT_EQ(pooled.stalls.stall_micros, 7u);
  EXPECT_EQ(pooled.process.resident_bytes, 9u);
}

TEST(Objective, SummaryHoldsWhatTheArmMeasured) {
  Window window = ReadMostlyWindow(100);
  window.stalls.stall_micros = 250000;
  window.process.cpu_us = window.Operations() * 12;
  window.process.resident_bytes = 1000;
  window.ticker(Ticker::kBytesWritten) = 100;
  window.ticker(Ticker::kFlushWriteBytes) = 100;
  window.ticker(Ticker::kCompactWriteBytes) = 400;
  const std::vector<Window> windows = Repeat(window, 4);
  const ArmSummary summary = Summarise(windows, MixOf(windows));
  EXPECT_EQ(summary.windows, 4);
  EXPECT_NEAR(summary.service_time_us, 96, 0.01);
  EXPECT_NEAR(summary.throughput_ops_per_s, 4e6 / 96, 2);
  EXPECT_NEAR(summary.latency_us_p99[0], 500, 1e-6);
  EXPECT_DOUBLE_EQ(summary.stall_share, 0.25);
  EXPECT_DOUBLE_EQ(summary.cpu_us_per_op, 12);
  EXPECT_DOUBLE_EQ(summary.write_bytes_per_user_byte, 5);
  EXPECT_EQ(summary.resident_bytes, 1000u);
}

TEST(Objective, StallShareOfManyWritersIsAtMostTheWholeTime) {
  Window window;
  window.length = absl::Seconds(1);
  window.stalls.stall_micros = 8000000;
  EXPECT_EQ(StallShare(window), 1);
  EXPECT_EQ(StallShare(Window()), 0);
}

}  // namespace
}  // namespace rocktune
