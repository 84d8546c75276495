#include "policy/arms_load.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

// Clients that wait for their answers and then do something else.
struct ClosedLoop {
  double clients = 4;
  double get_us = 100;     // inside RocksDB
  double outside_us = 20;  // between two operations
};

// Forty seconds in which the speed goes up and down by a fifth.
std::vector<Window> Served(const ClosedLoop& loop) {
  std::vector<Window> windows;
  for (int second = 0; second < 40; ++second) {
    const double get_us = loop.get_us * (second % 2 == 0 ? 0.8 : 1.2);
    Window window;
    window.length = absl::Seconds(1);
    window.has_latencies = true;
    window.has_tickers = true;
    const double rate = loop.clients * 1e6 / (get_us + loop.outside_us);
    SetOp(OpKind::kGet, static_cast<uint64_t>(rate), get_us, &window);
    windows.push_back(window);
  }
  return windows;
}

TraceFacts WithWorkingSet(uint64_t bytes) {
  TraceFacts trace;
  trace.read_keys = KeySkew{.distinct_keys = 10'000,
                            .zipf_exponent = 0.99,
                            .working_set_bytes = bytes};
  return trace;
}

TEST(ArmsLoad, IsTheSameWhenTheSameClientsAreServedFaster) {
  const std::vector<Window> before = Served({.get_us = 100});
  const std::vector<Window> after = Served({.get_us = 40});
  EXPECT_EQ(LoadMoved({before, {}}, {after, {}}), std::nullopt);
}

TEST(ArmsLoad, MovedWhenThereAreHalfTheClients) {
  const std::vector<Window> before = Served({.clients = 4, .get_us = 100});
  const std::vector<Window> after = Served({.clients = 2, .get_us = 60});
  const auto moved = LoadMoved({before, {}}, {after, {}});
  ASSERT_TRUE(moved.has_value());
  EXPECT_THAT(*moved, HasSubstr("another number of clients"));
}

// Fewer are inside at once then, and they are as many as before.
TEST(ArmsLoad, IsTheSameForClientsThatSpendMuchTimeOutside) {
  const ClosedLoop slow{.clients = 2, .get_us = 180, .outside_us = 60};
  const ClosedLoop fast{.clients = 2, .get_us = 60, .outside_us = 60};
  const std::vector<Window> before = Served(slow), after = Served(fast);
  EXPECT_EQ(LoadMoved({before, {}}, {after, {}}), std::nullopt);
}

TEST(ArmsLoad, IsTheSameWhenAFasterLoopTouchesMoreBlocksInABurst) {
  const std::vector<Window> before = Served({.get_us = 900});
  const std::vector<Window> after = Served({.get_us = 260});
  EXPECT_EQ(LoadMoved({before, WithWorkingSet(9 << 20)},
                      {after, WithWorkingSet(25 << 20)}),
            std::nullopt);
}

TEST(ArmsLoad, MovedWhenTheWorkingSetGrewAndTheRateDidNot) {
  const std::vector<Window> windows = Served({});
  const auto moved = LoadMoved({windows, WithWorkingSet(9 << 20)},
                               {windows, WithWorkingSet(25 << 20)});
  ASSERT_TRUE(moved.has_value());
  EXPECT_THAT(*moved, HasSubstr("working set"));
}

}  // namespace
}  // namespace rocktune
