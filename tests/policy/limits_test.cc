#include "policy/limits.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct Good {
  const char* text;
  const char* quantity;
  bool at_most;
  double bound;
};

TEST(Limits, ReadQuantityBoundAndUnit) {
  for (const Good& c : std::initializer_list<Good>{
           {"get_p99 <= 5ms", "get_p99", true, 5000},
           {"seek_p99<=0.5 s", "seek_p99", true, 5e5},
           {"write_mean <= 40", "write_mean", true, 40},
           {"  write_amplification <= 12 ", "write_amplification", true, 12},
           {"stall_share <= 10%", "stall_share", true, 0.1},
           {"throughput >= 2e4 ops/s", "throughput", false, 2e4},
           {"memory <= 1.5 GiB", "memory", true, 1.5 * (1 << 30)},
           {"space <= 2TB", "space", true, 2e12},
       }) {
    SCOPED_TRACE(c.text);
    const auto limit = ParseLimit(c.text);
    ASSERT_TRUE(limit.ok()) << limit.status();
    EXPECT_EQ(limit->quantity, c.quantity);
    EXPECT_EQ(limit->at_most, c.at_most);
    EXPECT_DOUBLE_EQ(limit->bound, c.bound);
    EXPECT_EQ(limit->text, c.text);
  }
}

struct Bad {
  const char* text;
  const char* message;
};

TEST(Limits, SayWhatIsWrongAndWhatIsNear) {
  for (const Bad& c : std::initializer_list<Bad>{
           {"", "expected QUANTITY <= VALUE"},
           {"get_p99 < 5ms", "expected QUANTITY <= VALUE"},
           {"get_p99 5ms", "expected QUANTITY <= VALUE"},
           {"get_p90 <= 5ms", "the nearest is \"get_p99\""},
           {"mem0ry <= 5GiB", "the nearest is \"memory\""},
           {"happiness <= 5", "known are get_p99, multiget_p99"},
           {"get_p99 <= fast", "is not a number with us, ms or s"},
           {"get_p99 <= 5MiB", "is not a number with us, ms or s"},
           {"get_p99 <= ", "is not a number"},
           {"get_p99 <= -1", "is not a number"},
           {"get_p99 <= inf", "is not a number"},
           {"get_p99 <= 5ms <= 6ms", "is not a number"},
           {"memory <= 5 %", "B, KiB, MiB, GiB or TiB"},
       }) {
    SCOPED_TRACE(c.text);
    const auto limit = ParseLimit(c.text);
    EXPECT_EQ(limit.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(limit.status().message()), HasSubstr(c.message));
  }
}

Window Full() {
  Window window = ReadMostlyWindow(100);
  for (OpKind kind : {OpKind::kGet, OpKind::kMultiGet, OpKind::kSeek}) {
    SetOp(kind, 10000, 100, &window);
  }
  window.process = {.cpu_us = 1000, .resident_bytes = 1, .read_bytes = 9};
  window.ticker(Ticker::kBytesWritten) = 10;
  window.ticker(Ticker::kWalBytes) = 10;
  window.stalls.stall_micros = 1;
  window.column_families = {{.levels = {{.files = 1, .bytes = 7}}}};
  return window;
}

TEST(Limits, EveryQuantityCanBeMeasuredOrIsUnknown) {
  for (const std::string& name : LimitQuantities()) {
    SCOPED_TRACE(name);
    const auto limit = ParseLimit(name + " <= 1");
    ASSERT_TRUE(limit.ok());
    const auto value = Measure(*limit, Full());
    ASSERT_TRUE(value);
    EXPECT_GT(*value, 0);
    EXPECT_FALSE(Measure(*limit, Window()));
  }
}

Window WithP99(double p99_us) {
  Window window = ReadMostlyWindow(100);
  window.op(OpKind::kGet).latency_us_p99 = p99_us;
  return window;
}

TEST(Limits, BlameTheCandidateForWhatItBreaksOrMakesWorse) {
  const std::vector<Limit> limits = {*ParseLimit("seek_p99 <= 1us"),
                                     *ParseLimit("get_p99 <= 600us")};
  EXPECT_FALSE(BrokenLimit(limits, WithP99(500), WithP99(600)));
  EXPECT_FALSE(BrokenLimit(limits, WithP99(700), WithP99(500)));
  EXPECT_FALSE(BrokenLimit(limits, WithP99(700), WithP99(720)));
  EXPECT_THAT(*BrokenLimit(limits, WithP99(500), WithP99(610)),
              AllOf(HasSubstr("get_p99 is 610 us, before 500 us"),
                    HasSubstr("get_p99 <= 600us")));
  EXPECT_TRUE(BrokenLimit(limits, WithP99(700), WithP99(740)));
  const std::vector<Limit> floor = {*ParseLimit("throughput >= 50000")};
  EXPECT_TRUE(BrokenLimit(floor, ReadMostlyWindow(50), ReadMostlyWindow(100)));
  EXPECT_FALSE(BrokenLimit(floor, ReadMostlyWindow(100), ReadMostlyWindow(50)));
}

}  // namespace
}  // namespace rocktune
