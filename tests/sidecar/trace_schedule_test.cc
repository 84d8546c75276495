#include "sidecar/trace_schedule.h"

#include "gtest/gtest.h"

namespace rocktune {
namespace {

using Step = TraceSchedule::Step;

constexpr TuningMode kMode = TuningMode::kAuto;

absl::Time At(double seconds) {
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

// Ticks from `from` until a step comes; its time, or `until`.
double NextStep(TraceSchedule* schedule, Step wanted, double from, double until,
                TuningState state) {
  for (double s = from; s < until; ++s) {
    const Step step = schedule->Next(At(s), state, kMode);
    if (step == wanted) return s;
    EXPECT_EQ(step, Step::kNothing) << s;
  }
  return until;
}

TEST(TraceSchedule, TracesTwoSecondsOfEveryMinute) {
  TraceSchedule schedule({}, At(0));
  double now = 0;
  for (const double begin : {20, 80, 140}) {
    now =
        NextStep(&schedule, Step::kStart, now, 1000, TuningState::kBaselining);
    EXPECT_EQ(now, begin);
    now = NextStep(&schedule, Step::kFinish, now + 1, 1000,
                   TuningState::kBaselining);
    EXPECT_EQ(now, begin + 2);
  }
}

TEST(TraceSchedule, KeepsOutOfAMeasurement) {
  for (const TuningState state :
       {TuningState::kApplying, TuningState::kSettling, TuningState::kMeasuring,
        TuningState::kRollingBack}) {
    TraceSchedule schedule({}, At(0));
    EXPECT_EQ(NextStep(&schedule, Step::kStart, 0, 599, state), 599);
    EXPECT_EQ(
        NextStep(&schedule, Step::kStart, 599, 1000, TuningState::kCoolingDown),
        599);
  }
}

TEST(TraceSchedule, TracesOnceInTenMinutesEvenWhileMeasuring) {
  TraceSchedule schedule({}, At(0));
  EXPECT_EQ(NextStep(&schedule, Step::kStart, 0, 2000, TuningState::kMeasuring),
            600);
  EXPECT_EQ(
      NextStep(&schedule, Step::kFinish, 601, 2000, TuningState::kMeasuring),
      602);
  EXPECT_EQ(
      NextStep(&schedule, Step::kStart, 603, 2000, TuningState::kMeasuring),
      1202);
}

TEST(TraceSchedule, FinishesWhatRunsWhenAMeasurementBegins) {
  TraceSchedule schedule({}, At(0));
  EXPECT_EQ(schedule.Next(At(20), TuningState::kConsulting, kMode),
            Step::kStart);
  EXPECT_TRUE(schedule.running());
  EXPECT_EQ(schedule.Next(At(22), TuningState::kMeasuring, kMode),
            Step::kFinish);
  EXPECT_FALSE(schedule.running());
}

TEST(TraceSchedule, PaysForALateEndWithALaterBeginning) {
  TraceSchedule schedule({}, At(0));
  EXPECT_EQ(schedule.Next(At(20), TuningState::kBaselining, kMode),
            Step::kStart);
  EXPECT_EQ(schedule.Next(At(30), TuningState::kBaselining, kMode),
            Step::kFinish);
  // 10 s are 5 % of 200 s.
  EXPECT_EQ(
      NextStep(&schedule, Step::kStart, 31, 1000, TuningState::kBaselining),
      220);
}

TEST(TraceSchedule, DoesNothingWhenSwitchedOff) {
  TracePlan plan;
  plan.bursts = false;
  TraceSchedule off(plan, At(0));
  EXPECT_EQ(NextStep(&off, Step::kStart, 0, 2000, TuningState::kBaselining),
            2000);
  TraceSchedule schedule({}, At(0));
  EXPECT_EQ(schedule.Next(At(100), TuningState::kBaselining, TuningMode::kOff),
            Step::kNothing);
}

TEST(TraceSchedule, TriesAgainAfterAMinuteWhenTheHostTraces) {
  TraceSchedule schedule({}, At(0));
  EXPECT_EQ(schedule.Next(At(20), TuningState::kBaselining, kMode),
            Step::kStart);
  schedule.DidNotStart();
  EXPECT_EQ(
      NextStep(&schedule, Step::kStart, 21, 1000, TuningState::kBaselining),
      80);
}

TEST(TraceSchedule, BeginsWhileATrialIsMeasuredThatGoesOneWay) {
  TraceSchedule schedule({}, At(0));
  EXPECT_EQ(schedule.Next(At(20), TuningState::kMeasuring, kMode,
                          TrialDesign::kSwitchback),
            Step::kNothing);
  EXPECT_EQ(schedule.Next(At(21), TuningState::kMeasuring, kMode,
                          TrialDesign::kWarming),
            Step::kStart);
}

}  // namespace
}  // namespace rocktune
