#include "sidecar/machine_config.h"

#include "gtest/gtest.h"

namespace rocktune {
namespace {

TEST(MachineConfig, TakesTheModeThatHoldsNowAndTheRestFromTheConfiguration) {
  Config config;
  config.mode = Mode::kOff;
  config.baseline = std::chrono::seconds(33);
  config.one_way_baseline = std::chrono::seconds(44);
  config.measure_max = std::chrono::seconds(300);
  config.max_changes_per_trial = 2;
  config.min_effect = 0.05;
  config.guard_windows = 9;
  config.objective = Objective::kP99;
  config.limits = {"get_p99 <= 5ms"};
  config.option_writes_per_hour = 60;
  const MachineConfig machine = MachineConfigOf(config, TuningMode::kApprove);
  EXPECT_EQ(machine.mode, TuningMode::kApprove);
  EXPECT_EQ(machine.baseline, absl::Seconds(33));
  EXPECT_EQ(machine.one_way_baseline, absl::Seconds(44));
  EXPECT_EQ(machine.measure_max, absl::Minutes(5));
  EXPECT_EQ(machine.max_changes, 2);
  EXPECT_EQ(machine.verdict.min_effect, 0.05);
  EXPECT_EQ(machine.guardrails.windows, 9);
  EXPECT_EQ(machine.verdict.objective, ObjectiveKind::kP99);
  ASSERT_EQ(machine.verdict.limits.size(), 1u);
  EXPECT_EQ(machine.verdict.limits[0].quantity, "get_p99");
  EXPECT_EQ(machine.verdict.limits[0].bound, 5000);
  EXPECT_EQ(machine.option_writes_per_hour, 60);
}

TEST(TracePlan, TakesTheBurstsFromTheConfiguration) {
  Config config;
  config.trace_bursts = false;
  config.trace_every = std::chrono::seconds(100);
  config.trace_length = std::chrono::seconds(5);
  const TracePlan plan = TracePlanOf(config);
  EXPECT_FALSE(plan.bursts);
  EXPECT_FALSE(plan.writes);
  EXPECT_EQ(plan.every, absl::Seconds(100));
  EXPECT_EQ(plan.length, absl::Seconds(5));
  config.query_trace = true;
  EXPECT_TRUE(TracePlanOf(config).writes);
}

TEST(MachineConfig, KnowsEveryModeAndObjective) {
  EXPECT_EQ(ModeOf(Mode::kOff), TuningMode::kOff);
  EXPECT_EQ(ModeOf(Mode::kObserve), TuningMode::kObserve);
  EXPECT_EQ(ModeOf(Mode::kSuggest), TuningMode::kSuggest);
  EXPECT_EQ(ModeOf(Mode::kApprove), TuningMode::kApprove);
  EXPECT_EQ(ModeOf(Mode::kAuto), TuningMode::kAuto);
  EXPECT_EQ(ObjectiveOf(Objective::kBalanced), ObjectiveKind::kBalanced);
  EXPECT_EQ(ObjectiveOf(Objective::kThroughput), ObjectiveKind::kThroughput);
  EXPECT_EQ(ObjectiveOf(Objective::kP99), ObjectiveKind::kP99);
  EXPECT_EQ(ObjectiveOf(Objective::kEfficiency), ObjectiveKind::kEfficiency);
}

}  // namespace
}  // namespace rocktune
