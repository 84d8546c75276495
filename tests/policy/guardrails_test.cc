#include "policy/guardrails.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/objective.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

ArmSummary BaselineOf(const Window& window) {
  const std::vector<Window> windows = Repeat(window, 5);
  return Summarise(windows, MixOf(windows));
}

// Checks `window` over and over; how many windows until the guard trips, or 0.
int WindowsUntilTrip(Guardrails guard, const Window& window,
                     std::string* reason) {
  for (int i = 1; i <= 10; ++i) {
    if (std::optional<std::string> trip = guard.Check(window)) {
      *reason = *trip;
      return i;
    }
  }
  return 0;
}

struct GuardCase {
  const char* name;
  void (*harm)(Window*);
  int windows_until_trip;  // 0: never
  const char* reason_part;
};

const GuardCase kCases[] = {
    {"nothing happened", [](Window*) {}, 0, ""},
    {"twice as slow is for the verdict",
     [](Window* w) { *w = ReadMostlyWindow(180); }, 0, ""},
    {"get p99 four times as long",
     [](Window* w) { w->op(OpKind::kGet).latency_us_p99 = 2000; }, 3,
     "get p99 2000 us over the limit of 1500 us (baseline 500 us), 3 windows"},
    {"p99 of too few samples",
     [](Window* w) {
       w->op(OpKind::kWrite).latency_us_p99 = 90000;
       w->op(OpKind::kWrite).samples = 20;
     },
     0, ""},
    {"a p99 that grows by less than the floor",
     [](Window* w) { w->op(OpKind::kWrite).latency_us_p99 = 299; }, 0, ""},
    {"throughput gone with slow service",
     [](Window* w) {
       *w = ReadMostlyWindow(260);
       for (OpStats& stats : w->ops) stats.latency_us_p99 = 100;
     },
     3, "ops/s under the limit"},
    {"throughput gone because the load went quiet",
     [](Window* w) {
       for (OpStats& stats : w->ops) {
         stats.count /= 10;
         stats.samples /= 10;
       }
     },
     0, ""},
    {"no operations at all",
     [](Window* w) {
       for (OpStats& stats : w->ops) stats = OpStats();
     },
     0, ""},
    {"a background error", [](Window* w) { w->events.background_errors = 1; },
     1, "1 background errors"},
    {"stopped writes", [](Window* w) { w->stalls.writes_stopped = true; }, 1,
     "writes are stopped"},
    {"stalls most of the time",
     [](Window* w) { w->stalls.stall_micros = 600000; }, 3,
     "stalled 60 % of the time over the limit of 50 %"},
    {"more memory than the host may use",
     [](Window* w) { w->process.resident_bytes = 960ull << 20; }, 3,
     "960 MiB resident over the limit of 922 MiB"},
};

TEST(Guardrails, TripOnHarmAndOnNothingElse) {
  const Window good = ReadMostlyWindow(100);
  for (const GuardCase& c : kCases) {
    SCOPED_TRACE(c.name);
    Window window = good;
    c.harm(&window);
    std::string reason;
    const Guardrails guard({}, BaselineOf(good), 1024ull << 20);
    EXPECT_EQ(WindowsUntilTrip(guard, window, &reason), c.windows_until_trip);
    EXPECT_THAT(reason, HasSubstr(c.reason_part));
  }
}

TEST(Guardrails, ForgiveASpellThatEndsInTime) {
  const Window good = ReadMostlyWindow(100);
  Window bad = good;
  bad.op(OpKind::kGet).latency_us_p99 = 5000;
  Guardrails guard({}, BaselineOf(good), 0);
  for (int round = 0; round < 5; ++round) {
    EXPECT_FALSE(guard.Check(bad));
    EXPECT_FALSE(guard.Check(bad));
    EXPECT_FALSE(guard.Check(good));
  }
}

TEST(Guardrails, LetADatabaseStallThatStalledBefore) {
  Window stalling = ReadMostlyWindow(100);
  stalling.stalls.stall_micros = 600000;
  stalling.stalls.writes_stopped = true;
  std::string reason;
  EXPECT_EQ(WindowsUntilTrip(Guardrails({}, BaselineOf(stalling), 0), stalling,
                             &reason),
            0);
  Window worse = stalling;
  worse.stalls.stall_micros = 900000;
  EXPECT_EQ(
      WindowsUntilTrip(Guardrails({}, BaselineOf(stalling), 0), worse, &reason),
      3);
}

TEST(Guardrails, TripWhenStoppedWritesNeverGoOn) {
  Window stalling = ReadMostlyWindow(100);
  stalling.stalls.stall_micros = 600000;
  Window stuck = stalling;
  stuck.stalls.stall_micros = 0;
  stuck.stalls.writes_stopped = true;
  stuck.op(OpKind::kWrite) = OpStats();
  std::string reason;
  EXPECT_EQ(
      WindowsUntilTrip(Guardrails({}, BaselineOf(stalling), 0), stuck, &reason),
      3);
  EXPECT_THAT(reason, HasSubstr("writers are stopped"));
}

TEST(Guardrails, DoNotGuardMemoryWithoutALimitOrBelowTheBaseline) {
  Window large = ReadMostlyWindow(100);
  large.process.resident_bytes = 2048ull << 20;
  std::string reason;
  EXPECT_EQ(WindowsUntilTrip(Guardrails({}, ArmSummary(), 0), large, &reason),
            0);
  EXPECT_EQ(WindowsUntilTrip(Guardrails({}, BaselineOf(large), 1024ull << 20),
                             large, &reason),
            0);
}

// Reads whose p99 is `often` times in a hundred windows four times as long.
std::vector<Window> SpikyBaseline(int windows, int often, bool in_a_row) {
  std::vector<Window> baseline = Repeat(ReadMostlyWindow(100), windows);
  for (int i = 0; i < windows; ++i) {
    const int at = in_a_row ? i / 10 * 7 % 100 : i * 37 % 100;
    if (at < often) baseline[i].op(OpKind::kGet).latency_us_p99 = 2000;
  }
  return baseline;
}

TEST(Guardrails, WantMoreWindowsInARowWhereTheBaselineBreaksLimitsItself) {
  const ArmSummary good = BaselineOf(ReadMostlyWindow(100));
  Window bad = ReadMostlyWindow(100);
  bad.op(OpKind::kGet).latency_us_p99 = 4000;
  int before = 0;
  for (int often : {0, 5, 12}) {
    SCOPED_TRACE(often);
    std::string reason;
    const int wanted = WindowsUntilTrip(
        Guardrails({}, good, 0, SpikyBaseline(100, often, false)), bad,
        &reason);
    EXPECT_GT(wanted, before);
    EXPECT_LE(wanted, 8);
    before = wanted;
  }
}

TEST(Guardrails, RaiseALimitThatTheBaselineBreaksForLong) {
  const ArmSummary good = BaselineOf(ReadMostlyWindow(100));
  const std::vector<Window> baseline = SpikyBaseline(200, 30, true);
  Window as_before = ReadMostlyWindow(100);
  as_before.op(OpKind::kGet).latency_us_p99 = 2000;
  std::string reason;
  EXPECT_EQ(
      WindowsUntilTrip(Guardrails({}, good, 0, baseline), as_before, &reason),
      0);
  Window worse = as_before;
  worse.op(OpKind::kGet).latency_us_p99 = 4000;
  EXPECT_GT(WindowsUntilTrip(Guardrails({}, good, 0, baseline), worse, &reason),
            0);
  EXPECT_THAT(reason, HasSubstr("get p99 4000 us over the limit of 3000 us"));
}

TEST(Guardrails, HardlyEverTripOnNoiseTheBaselineShowed) {
  constexpr int kTrials = 200;
  int tripped = 0;
  for (uint32_t trial = 0; trial < kTrials; ++trial) {
    // A p99 that is now and then, and then for a while, far over its middle.
    Noise noise(0.7, 0.5, trial);
    const auto next = [&noise] {
      Window window = ReadMostlyWindow(100);
      window.op(OpKind::kGet).latency_us_p99 *= noise.Factor();
      return window;
    };
    std::vector<Window> baseline;
    for (int i = 0; i < 60; ++i) baseline.push_back(next());
    Guardrails guard({}, Summarise(baseline, MixOf(baseline)), 0, baseline);
    for (int i = 0; i < 300; ++i) {
      if (!guard.Check(next())) continue;
      ++tripped;
      break;
    }
  }
  EXPECT_LE(tripped, 6) << "of " << kTrials;
}

TEST(Guardrails, NoticeHarmThatGoesOnAtHalfItsSize) {
  Guardrails guard({}, BaselineOf(ReadMostlyWindow(100)), 0);
  Window window = ReadMostlyWindow(100);
  window.op(OpKind::kGet).latency_us_p99 = 1000;  // 500 before, 1500 the limit
  std::string reason;
  EXPECT_EQ(WindowsUntilTrip(guard, window, &reason), 0);
  guard.HalveLimits();
  EXPECT_EQ(WindowsUntilTrip(guard, window, &reason), 3);
  EXPECT_THAT(reason, HasSubstr("get p99 1000 us over the limit of 866 us"));
  EXPECT_EQ(WindowsUntilTrip(guard, ReadMostlyWindow(100), &reason), 0);
}

TEST(Guardrails, LetARareKindTripOnlyWhenItTakesMuchOfTheTime) {
  Window good = ReadMostlyWindow(100);
  SetOp(OpKind::kWrite, 4000, 20, &good);
  SetOp(OpKind::kGet, 160000, 20, &good);
  Window tail = good;
  tail.op(OpKind::kWrite).latency_us_p99 = 9000;
  std::string reason;
  const Guardrails guard({}, BaselineOf(good), 0);
  EXPECT_EQ(WindowsUntilTrip(guard, tail, &reason), 0);
  tail.op(OpKind::kWrite).latency_us_mean = 2000;
  EXPECT_EQ(WindowsUntilTrip(guard, tail, &reason), 3);
  EXPECT_THAT(reason, HasSubstr("write p99 9000 us"));
}

TEST(Guardrails, HoldTheOperatorsUpperLimits) {
  const Window good = ReadMostlyWindow(100);
  const std::vector<Window> baseline = Repeat(good, 60);
  const Guardrails guard(
      {}, BaselineOf(good), 0, baseline,
      {*ParseLimit("get_p99 <= 600us"), *ParseLimit("throughput >= 40000")});
  Window window = good;
  window.op(OpKind::kGet).latency_us_p99 = 700;
  std::string reason;
  EXPECT_EQ(WindowsUntilTrip(guard, window, &reason), 3);
  EXPECT_THAT(reason, HasSubstr("get_p99 is 700 us, before 500 us, and the "
                                "operator's limit is \"get_p99 <= 600us\""));
  Window quiet = good;
  for (OpStats& stats : quiet.ops) stats.count /= 2;
  EXPECT_EQ(WindowsUntilTrip(guard, quiet, &reason), 0);
}

}  // namespace
}  // namespace rocktune
