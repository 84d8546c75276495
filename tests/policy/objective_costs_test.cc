#include <cmath>

#include "gtest/gtest.h"
#include "policy/objective.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {
namespace {

const OpMix kMix = {{0.95, 0, 0.05, 0}};

Window Full() {
  Window window = ReadMostlyWindow(100);
  window.process = {.cpu_us = 20 * window.Operations(),
                    .resident_bytes = 1000,
                    .read_bytes = 64 * window.Operations(),
                    .write_bytes = 128 * window.Operations()};
  window.ticker(Ticker::kBytesWritten) = 100;
  window.ticker(Ticker::kFlushWriteBytes) = 100;
  window.ticker(Ticker::kCompactWriteBytes) = 300;
  window.ticker(Ticker::kWalBytes) = 100;
  window.stalls.stall_micros = 50000;
  window.column_families = {{.levels = {{1, 70}, {1, 30}}},
                            {.levels = {{1, 5}}}};
  return window;
}

struct Row {
  Cost cost;
  double value;
};

TEST(Costs, AreWhatTheirNamesSay) {
  const Window window = Full();
  const double p99 = std::exp(0.95 * std::log(500) + 0.05 * std::log(100));
  for (const Row& row : std::initializer_list<Row>{
           {Cost::kServiceUs, 96},
           {Cost::kUsPerOperation, 1e6 / window.OperationsPerSecond()},
           {Cost::kP99Us, p99},
           {Cost::kStalls, 1.05},
           {Cost::kCpuUsPerOperation, 20},
           {Cost::kWriteBytesPerUserByte, 5},
           {Cost::kReadBytesPerOperation, 64},
           {Cost::kMemoryBytes, 1000},
           {Cost::kSpaceBytes, 105},
       }) {
    SCOPED_TRACE(std::string(ToString(row.cost)));
    EXPECT_NEAR(CostOf(row.cost, window, kMix), row.value, 1e-9 * row.value);
    EXPECT_EQ(CostOf(row.cost, Window(), kMix), 0);
  }
}

TEST(Costs, OfWorkDoNotMoveWithTheOfferedLoad) {
  Window quiet = Full();
  for (OpStats& stats : quiet.ops) stats.count /= 2;
  quiet.process.cpu_us /= 2;
  quiet.process.read_bytes /= 2;
  for (Cost cost : {Cost::kServiceUs, Cost::kCpuUsPerOperation,
                    Cost::kReadBytesPerOperation, Cost::kP99Us}) {
    EXPECT_NEAR(CostOf(cost, quiet, kMix), CostOf(cost, Full(), kMix), 0.02);
  }
}

TEST(Costs, P99OfARareKindHardlyCounts) {
  Window window = Full();
  const double before = CostOf(Cost::kP99Us, window, kMix);
  window.op(OpKind::kWrite).latency_us_p99 *= 10;
  EXPECT_LT(CostOf(Cost::kP99Us, window, kMix), 1.13 * before);
  window.op(OpKind::kGet).latency_us_p99 *= 10;
  EXPECT_NEAR(CostOf(Cost::kP99Us, window, kMix), 10 * before, 1e-6);
}

TEST(Objectives, AreMadeOfTheCostsTheyPromise) {
  const Window window = Full();
  const double us = CostOf(Cost::kUsPerOperation, window, kMix);
  const auto cost = [&](ObjectiveKind kind, bool saturated) {
    return ObjectiveCost(kind, window, kMix, saturated);
  };
  EXPECT_DOUBLE_EQ(cost(ObjectiveKind::kBalanced, false),
                   ServiceTimeUs(window, kMix));
  EXPECT_DOUBLE_EQ(cost(ObjectiveKind::kBalanced, true),
                   std::sqrt(ServiceTimeUs(window, kMix) * us));
  EXPECT_DOUBLE_EQ(cost(ObjectiveKind::kThroughput, false), us);
  EXPECT_DOUBLE_EQ(cost(ObjectiveKind::kP99, false),
                   CostOf(Cost::kP99Us, window, kMix));
  // 20 us of CPU; 192 bytes of device and the floor of 64.
  EXPECT_NEAR(cost(ObjectiveKind::kEfficiency, false), std::sqrt(20.0 * 256),
              1e-6);
}

TEST(Objectives, CannotBeSaidOfAnIdleWindow) {
  for (ObjectiveKind kind :
       {ObjectiveKind::kBalanced, ObjectiveKind::kThroughput,
        ObjectiveKind::kP99, ObjectiveKind::kEfficiency}) {
    EXPECT_EQ(ObjectiveCost(kind, Window(), kMix, true), 0);
  }
}

TEST(Saturated, MeansThatCpuOrWritersAreAtTheirLimit) {
  Window window = ReadMostlyWindow(100);
  window.process.cpu_us = 1800000;
  EXPECT_TRUE(Saturated(window, 2));
  EXPECT_FALSE(Saturated(window, 4));
  window.stalls.stall_micros = 200000;
  EXPECT_TRUE(Saturated(window, 4));
  EXPECT_FALSE(Saturated(Window(), 1));
}

}  // namespace
}  // namespace rocktune
