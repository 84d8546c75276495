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

}  // namespace
}  // namespace rocktune
