// When an open loop's operations are due, and which phase it is.
#include "bench/workload/due_times.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "bench/workload/phase_clock.h"

namespace rocktune {
namespace {

ClientGroup Group(double rate_ops_per_s, int threads) {
  return {.name = "open", .threads = threads, .rate_ops_per_s = rate_ops_per_s};
}

TEST(DueTimes, AreEvenlySpacedOverTheThreadsOfAGroup) {
  const ClientGroup group = Group(1000, 4);
  std::vector<double> due_s;
  for (int thread = 0; thread < 4; ++thread) {
    DueTimes times({&group, thread, 9});
    for (int i = 0; i < 250; ++i) due_s.push_back(times.Next());
  }
  std::sort(due_s.begin(), due_s.end());
  EXPECT_GE(due_s.front(), 0);
  EXPECT_LT(due_s.front(), 0.001);
  for (size_t i = 1; i < due_s.size(); ++i) {
    EXPECT_NEAR(due_s[i] - due_s[i - 1], 0.001, 1e-9) << i;
  }
}

TEST(DueTimes, MoveWithTheSeedOnly) {
  const ClientGroup group = Group(10, 1);
  EXPECT_EQ(DueTimes({&group, 0, 1}).Next(), DueTimes({&group, 0, 1}).Next());
  EXPECT_NE(DueTimes({&group, 0, 1}).Next(), DueTimes({&group, 0, 2}).Next());
}

TEST(DueTimes, FollowASineOfTheRate) {
  ClientGroup group = Group(1000, 1);
  group.sine_amplitude = 0.9;
  group.sine_period = absl::Seconds(10);
  DueTimes times({&group, 0, 1});
  std::vector<int> in_second(20);
  double last_s = 0;
  for (double at = times.Next(); at < 20; at = times.Next()) {
    ASSERT_GE(at, last_s);
    last_s = at;
    ++in_second[static_cast<size_t>(at)];
  }
  for (size_t s = 0; s < in_second.size(); ++s) {
    const double radians = 2 * M_PI * (static_cast<double>(s) + 0.5) / 10;
    EXPECT_NEAR(in_second[s], 1000 * (1 + 0.9 * std::sin(radians)), 20) << s;
  }
}

TEST(DueTimes, CountWhatIsDue) {
  for (double amplitude : {0.0, 0.5}) {
    ClientGroup group = Group(300, 3);
    group.sine_amplitude = amplitude;
    group.sine_period = absl::Seconds(3);
    DueTimes times({&group, 1, 4});
    const DueTimes counts = times;
    for (uint64_t i = 0; i < 1000; ++i) {
      const double due_s = times.Next();
      ASSERT_EQ(counts.CountBy(due_s - 1e-6), i);
      ASSERT_EQ(counts.CountBy(due_s + 1e-6), i + 1);
    }
  }
}

class PhaseClockTest : public ::testing::Test {
 protected:
  PhaseClockTest() {
    for (int seconds : {10, 20, 30}) {
      workload_.phases.push_back({"x", absl::Seconds(seconds), {}});
    }
  }
  PhaseClock::Time After(int seconds) const {
    return begin_ + std::chrono::seconds(seconds);
  }
  Workload workload_;
  const PhaseClock::Time begin_{std::chrono::hours(5)};
};

TEST_F(PhaseClockTest, GoesFromPhaseToPhaseAndStaysInTheLast) {
  PhaseClock clock(workload_, begin_);
  EXPECT_EQ(clock.At(After(9)).phase, 0);
  EXPECT_EQ(clock.At(After(10)).phase, 1);
  EXPECT_EQ(clock.number(), 1u);
  EXPECT_EQ(clock.At(After(29)).end, After(30));
  EXPECT_FALSE(clock.Finished(After(59)));
  EXPECT_TRUE(clock.Finished(After(60)));
  const auto visit = clock.At(After(1000));
  EXPECT_EQ(visit.phase, 2);
  EXPECT_EQ(visit.begin, After(30));
  EXPECT_EQ(visit.end, PhaseClock::Time::max());
}

TEST_F(PhaseClockTest, BeginsAgainWhenItCycles) {
  workload_.cycles = true;
  PhaseClock clock(workload_, begin_);
  const auto visit = clock.At(After(60 * 100 + 15));
  EXPECT_EQ(visit.phase, 1);
  EXPECT_EQ(visit.number, 301u);
  EXPECT_EQ(visit.begin, After(60 * 100 + 10));
  EXPECT_FALSE(clock.Finished(After(100'000)));
}

TEST_F(PhaseClockTest, EndsAPhaseEarlyOnce) {
  PhaseClock clock(workload_, begin_);
  clock.EndEarly(0, After(4));
  clock.EndEarly(0, After(5));  // a second client that saw the same
  const auto visit = clock.At(After(5));
  EXPECT_EQ(visit.phase, 1);
  EXPECT_EQ(visit.begin, After(4));
  EXPECT_EQ(visit.end, After(24));
}

TEST_F(PhaseClockTest, NeverFinishesAnEndlessPhase) {
  workload_.phases = {{"x", absl::InfiniteDuration(), {}}};
  PhaseClock clock(workload_, begin_);
  EXPECT_FALSE(clock.Finished(After(1'000'000)));
  EXPECT_EQ(clock.At(After(1'000'000)).end, PhaseClock::Time::max());
}

}  // namespace
}  // namespace rocktune
