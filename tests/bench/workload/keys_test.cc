// Key numbers, their bytes, and which are chosen.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>

#include "bench/workload/key_choice.h"
#include "bench/workload/key_space.h"

namespace rocktune {
namespace {

using Mix = std::array<double, kOperations>;
constexpr Mix kReads = {1, 0, 0, 0, 0};
constexpr Mix kInserts = {0.5, 0, 0.5, 0, 0};
constexpr uint64_t kKeys = 30'000;

Workload TwoGroups(bool starts_empty) {
  Workload workload;
  workload.data.keys = kKeys;
  workload.data.key_bytes = 20;
  workload.starts_empty = starts_empty;
  workload.phases = {{"one",
                      absl::Seconds(1),
                      {{.name = "readers", .threads = 2, .mix = kReads},
                       {.name = "writers", .threads = 3, .mix = kInserts}}}};
  return workload;
}

std::string KeyOf(const KeySpace& space, uint64_t number) {
  std::string key(space.key_bytes(), '\0');
  space.Write(number, key.data());
  return key;
}

// How often each key was chosen of `draws`.
std::map<uint64_t, int> Choose(KeyChooser chooser, const LiveKeys& live,
                               int draws) {
  std::mt19937_64 random(1);
  std::map<uint64_t, int> counts;
  for (int i = 0; i < draws; ++i) ++counts[chooser.Next(live, random)];
  return counts;
}

class KeyChoiceTest : public ::testing::Test {
 protected:
  KeyChoiceTest() {
    for (KeyChoice keys :
         {KeyChoice::kZipf, KeyChoice::kLatest, KeyChoice::kHotRanges}) {
      ClientGroup group{.name = "x", .mix = kReads, .keys = keys};
      workload_.phases[0].clients.push_back(group);
    }
    distributions_.emplace(workload_, 5);
  }
  KeyChooser Chooser(KeyChoice keys, int part = 0, int parts = 1) const {
    return KeyChooser({keys, 0.99, part, parts}, space_, *distributions_);
  }
  Workload workload_ = TwoGroups(false);
  const KeySpace space_{workload_};
  std::optional<KeyDistributions> distributions_;
  const LiveKeys live_{kKeys, kNoLane, 0};
};

TEST(KeySpace, GivesEveryNumberAKeyOfItsOwn) {
  for (bool starts_empty : {false, true}) {
    const KeySpace space(TwoGroups(starts_empty));
    std::set<std::string> keys;
    for (uint64_t i = 0; i < 3 * kKeys; ++i) {
      const std::string key = KeyOf(space, i);
      ASSERT_EQ(key.size(), 20u);
      ASSERT_TRUE(keys.insert(key).second) << i;
    }
  }
}

TEST(KeySpace, OrdersInitialKeysByNumberAndPutsNewOnesAnywhereBetween) {
  const KeySpace space(TwoGroups(false));
  for (uint64_t i : {0, 1, 255, 256, 29'998}) {
    EXPECT_LT(KeyOf(space, i), KeyOf(space, i + 1)) << i;
  }
  int low = 0;
  for (uint64_t i = kKeys; i < kKeys + 1000; ++i) {
    EXPECT_LT(KeyOf(space, i), KeyOf(space, kKeys - 1) + "z");
    if (KeyOf(space, i) < KeyOf(space, kKeys / 2)) ++low;
  }
  EXPECT_NEAR(low, 500, 100);
}

TEST(KeySpace, DealsNewKeysToTheClientsThatInsert) {
  const Workload workload = TwoGroups(false);
  const KeySpace space(workload);
  EXPECT_EQ(space.lanes(), 3);
  EXPECT_EQ(KeySpace::LaneOf(workload.phases[0], 1), kNoLane);
  EXPECT_EQ(KeySpace::LaneOf(workload.phases[0], 2), 0);
  EXPECT_EQ(KeySpace::LaneOf(workload.phases[0], 4), 2);
  EXPECT_EQ(KeySpace::LaneOf(workload.phases[0], 5), kNoLane);
  std::set<uint64_t> numbers;
  for (int lane = 0; lane < 3; ++lane) {
    for (uint64_t i = 0; i < 100; ++i) {
      numbers.insert(space.Inserted(lane, i));
      EXPECT_EQ(space.IndexOf(space.Inserted(lane, i)), i);
    }
  }
  EXPECT_EQ(numbers.size(), 300u);
  EXPECT_EQ(*numbers.begin(), kKeys);
  EXPECT_EQ(*numbers.rbegin(), kKeys + 299);
}

TEST_F(KeyChoiceTest, NeverLeavesTheKeysThatExist) {
  for (KeyChoice keys :
       {KeyChoice::kUniform, KeyChoice::kZipf, KeyChoice::kLatest,
        KeyChoice::kSequential, KeyChoice::kHotRanges}) {
    EXPECT_LT(Choose(Chooser(keys), live_, 20'000).rbegin()->first, kKeys);
    EXPECT_LT(Choose(Chooser(keys), {7, kNoLane, 0}, 20'000).rbegin()->first,
              7u);
    EXPECT_EQ(Choose(Chooser(keys), {}, 100).rbegin()->first, 0u);
  }
}

TEST_F(KeyChoiceTest, TakesUniformKeysEvenly) {
  int low = 0;
  for (const auto& [key, count] :
       Choose(Chooser(KeyChoice::kUniform), live_, 30'000)) {
    if (key < kKeys / 3) low += count;
    EXPECT_LT(count, 15);
  }
  EXPECT_NEAR(low, 10'000, 500);
}

TEST_F(KeyChoiceTest, TakesSequentialKeysInOrderFromTheClientsPart) {
  KeyChooser chooser = Chooser(KeyChoice::kSequential, 1, 3);
  std::mt19937_64 random(1);
  for (uint64_t i = 0; i < 2 * kKeys; ++i) {
    ASSERT_EQ(chooser.Next(live_, random), (kKeys / 3 + i) % kKeys);
  }
}

TEST_F(KeyChoiceTest, TakesNewerKeysMoreOften) {
  int tenth_newest = 0, newest = 0;
  for (const auto& [key, count] :
       Choose(Chooser(KeyChoice::kLatest), live_, 30'000)) {
    if (key == kKeys - 1) newest = count;
    if (key == kKeys - 10) tenth_newest = count;
  }
  // Zipf's share of the first of 30 000 is 9 %, of the tenth a tenth of it.
  EXPECT_NEAR(newest, 2700, 400);
  EXPECT_NEAR(tenth_newest, 270, 100);
}

TEST_F(KeyChoiceTest, ReadsItsOwnNewKeysAndNoneOfOthers) {
  const LiveKeys live{kKeys + 6, 1, 1000};  // others have inserted 2 each
  int new_keys = 0;
  for (const auto& [key, count] :
       Choose(Chooser(KeyChoice::kLatest), live, 30'000)) {
    if (key < live.complete) continue;
    new_keys += count;
    EXPECT_EQ((key - kKeys) % 3, 1u);
    EXPECT_LT(space_.IndexOf(key), 1000u);
  }
  EXPECT_GT(new_keys, 15'000);
}

TEST_F(KeyChoiceTest, HeatsOneRangeOfThirtyMost) {
  std::map<uint64_t, int> ranges;
  int hottest_key = 0;
  for (const auto& [key, count] :
       Choose(Chooser(KeyChoice::kHotRanges), live_, 100'000)) {
    ranges[key / (kKeys / 30)] += count;
    hottest_key = std::max(hottest_key, count);
  }
  EXPECT_EQ(ranges.size(), 30u);
  std::multiset<int> heat;
  for (const auto& [range, count] : ranges) heat.insert(count);
  EXPECT_NEAR(*heat.rbegin(), 79'000, 2000);
  EXPECT_NEAR(*std::next(heat.rbegin()), 5600, 1000);
  // Inside: of 1000 keys the hottest gets 1000^-0.3467 = 9 % and more.
  EXPECT_NEAR(hottest_key, 7200, 1500);
}

TEST_F(KeyChoiceTest, PutsHotRangesWhereTheSeedSays) {
  std::set<uint64_t> places;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const HotRanges ranges(kKeys, seed);
    std::mt19937_64 random(1);
    std::map<uint64_t, int> counts;
    for (int i = 0; i < 1000; ++i) ++counts[ranges.Pick(random) / 1000];
    for (const auto& [range, count] : counts) {
      if (count > 500) places.insert(range);
    }
  }
  EXPECT_GT(places.size(), 4u);
}

}  // namespace
}  // namespace rocktune
