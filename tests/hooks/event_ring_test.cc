#include "hooks/event_ring.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace rocktune {
namespace {

Event Numbered(uint64_t number) {
  Event event;
  event.write_bytes = number;
  return event;
}

TEST(EventRing, GivesEventsBackInOrder) {
  EventRing ring(8);
  Event event;
  EXPECT_FALSE(ring.Pop(&event));
  for (uint64_t lap = 0; lap < 5; ++lap) {
    for (uint64_t i = 0; i < 8; ++i) {
      ASSERT_TRUE(ring.Push(Numbered(lap * 8 + i)));
    }
    for (uint64_t i = 0; i < 8; ++i) {
      ASSERT_TRUE(ring.Pop(&event));
      EXPECT_EQ(event.write_bytes, lap * 8 + i);
    }
  }
  EXPECT_FALSE(ring.Pop(&event));
  EXPECT_EQ(ring.TakeDropped(), 0u);
}

TEST(EventRing, CountsWhatItCannotHold) {
  EventRing ring(4);
  for (uint64_t i = 0; i < 7; ++i) ring.Push(Numbered(i));
  EXPECT_EQ(ring.TakeDropped(), 3u);
  EXPECT_EQ(ring.TakeDropped(), 0u);
  Event event;
  ASSERT_TRUE(ring.Pop(&event));
  EXPECT_EQ(event.write_bytes, 0u);
  EXPECT_TRUE(ring.Push(Numbered(9)));
  EXPECT_FALSE(ring.Push(Numbered(10)));
  EXPECT_EQ(ring.TakeDropped(), 1u);
}

TEST(EventRing, RoundsItsCapacityAndLimitsIt) {
  EXPECT_EQ(EventRing(0).capacity(), 2u);
  EXPECT_EQ(EventRing(5).capacity(), 8u);
  EXPECT_EQ(EventRing(~0u).capacity(), 65536u);
}

TEST(EventRing, EveryEventOfManyThreadsIsEitherGivenBackOrCounted) {
  constexpr int kThreads = 4;
  constexpr uint64_t kEach = 20000;
  EventRing ring(64);
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&ring, &running] {
      for (uint64_t i = 0; i < kEach; ++i) ring.Push(Numbered(1));
      running.fetch_sub(1);
    });
  }
  uint64_t given = 0;
  uint64_t sum = 0;
  Event event;
  bool more = true;
  while (more) {
    more = running.load() > 0;
    while (ring.Pop(&event)) {
      ++given;
      sum += event.write_bytes;
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(given, sum);
  EXPECT_EQ(given + ring.TakeDropped(), kThreads * kEach);
}

}  // namespace
}  // namespace rocktune
