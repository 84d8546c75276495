#include "hooks/write_fold.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rocktune {
namespace {

using testing::DoubleNear;
using testing::Optional;

uint64_t Mixed(uint64_t number) {
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
  number = (number ^ number >> 27) * 0x94d049bb133111eb;
  return number ^ number >> 31;
}

TracedWrite Put(uint64_t key, uint32_t value_bytes = 100) {
  return {Mixed(key + 1), value_bytes, 16, WriteKind::kPut};
}

TraceFacts Fold(const std::vector<TracedWrite>& writes, double ratio = 1,
                uint64_t dropped = 0, uint64_t unknown = 0) {
  TraceFacts facts;
  FoldWrites({writes, dropped, unknown, ratio}, &facts);
  return facts;
}

// A random part of `writes`.
std::vector<TracedWrite> Sample(const std::vector<TracedWrite>& writes,
                                double ratio) {
  std::mt19937_64 random(7);
  std::bernoulli_distribution taken(ratio);
  std::vector<TracedWrite> sample;
  for (const TracedWrite& write : writes) {
    if (taken(random)) sample.push_back(write);
  }
  return sample;
}

TEST(FoldWrites, CountsUpdatesAndDeletesOfTheWholeBurst) {
  std::vector<TracedWrite> writes;
  for (uint64_t i = 0; i < 600; ++i) writes.push_back(Put(i % 200));
  for (uint64_t i = 0; i < 150; ++i) {
    writes.push_back({Mixed(i + 1), 0, 16, WriteKind::kDelete});
  }
  for (int i = 0; i < 50; ++i) {
    writes.push_back({0, 0, 0, WriteKind::kDeleteRange});
  }
  for (uint64_t i = 0; i < 200; ++i) {
    writes.push_back({Mixed(i + 1), 40, 16, WriteKind::kMerge});
  }
  const TraceFacts facts = Fold(writes);
  EXPECT_EQ(facts.delete_share, 0.2);
  EXPECT_EQ(facts.update_share, 0.6);  // 800 puts and merges of 200 keys
  EXPECT_EQ(facts.key_bytes_mean, 16);
  EXPECT_EQ(facts.value_bytes_mean, 85);
  ASSERT_TRUE(facts.written_keys);
  EXPECT_EQ(facts.written_keys->distinct_keys, 200);
  EXPECT_EQ(facts.written_keys->working_set_bytes, 200 * (16 + 85));
}

TEST(FoldWrites, SaysNothingOfTooFewOrOfWhatItCouldNotRead) {
  std::vector<TracedWrite> writes(99, Put(1));
  EXPECT_FALSE(Fold(writes).delete_share);
  EXPECT_FALSE(Fold(writes).written_keys);
  writes.push_back(Put(1));
  EXPECT_THAT(Fold(writes).delete_share, Optional(0));
  EXPECT_TRUE(Fold(writes).written_keys);
  const TraceFacts unknown = Fold(writes, 1, 0, /*unknown=*/1);
  EXPECT_FALSE(unknown.delete_share);
  EXPECT_FALSE(unknown.update_share);
  EXPECT_FALSE(unknown.written_keys);
}

TEST(FoldWrites, KnowsNoKeysWhereAllIsDeleted) {
  const TraceFacts facts =
      Fold(std::vector<TracedWrite>(100, {0, 0, 0, WriteKind::kDeleteRange}));
  EXPECT_EQ(facts.delete_share, 1);
  EXPECT_EQ(facts.update_share, 0);
  EXPECT_FALSE(facts.key_bytes_mean);
  EXPECT_FALSE(facts.written_keys);
}

TEST(FoldWrites, LeavesTheSizesThatReadsGave) {
  TraceFacts facts;
  facts.key_bytes_mean = 5;
  facts.value_bytes_mean = 6;
  const std::vector<TracedWrite> writes(100, Put(1));
  FoldWrites({writes, 0, 0, 1}, &facts);
  EXPECT_EQ(facts.key_bytes_mean, 5);
  EXPECT_EQ(facts.value_bytes_mean, 6);
}

TEST(DistinctAmong, IsTheCountWhereTheSampleIsTheWhole) {
  EXPECT_EQ(DistinctAmong(1000, {1000, 700, 500, 100}), 700);
}

TEST(DistinctAmong, GrowsWithTheUsesWhereEveryKeyIsNew) {
  EXPECT_NEAR(DistinctAmong(10'000, {1000, 1000, 1000, 0}), 10'000, 300);
}

TEST(DistinctAmong, StaysWhereAllKeysWereSeen) {
  EXPECT_EQ(DistinctAmong(1e6, {1000, 30, 0, 0}), 30);
}

struct Load {
  const char* name;
  double zipf;      // exponent over the known keys
  double new_ones;  // share of puts to a key that never was
};

std::vector<TracedWrite> PutsOf(const Load& load) {
  constexpr uint64_t kKeys = 20'000;
  constexpr uint64_t kWrites = 200'000;
  std::vector<double> weights;
  for (uint64_t i = 1; i <= kKeys; ++i) {
    weights.push_back(std::pow(static_cast<double>(i), -load.zipf));
  }
  std::mt19937_64 random(11);
  std::discrete_distribution<uint64_t> known(weights.begin(), weights.end());
  std::bernoulli_distribution is_new(load.new_ones);
  std::vector<TracedWrite> writes;
  for (uint64_t i = 0; i < kWrites; ++i) {
    writes.push_back(Put(is_new(random) ? kKeys + i : known(random)));
  }
  return writes;
}

// Against the exact shares of the whole burst.
TEST(FoldWrites, TellsTheShareOfUpdatesFromASampleToo) {
  for (const Load& load :
       {Load{"uniform", 0, 0}, Load{"skewed", 0.99, 0},
        Load{"half new", 0.99, 0.5}, Load{"all new", 0, 1}}) {
    SCOPED_TRACE(load.name);
    const std::vector<TracedWrite> writes = PutsOf(load);
    const TraceFacts whole = Fold(writes);
    const TraceFacts half = Fold(Sample(writes, 0.5), 0.5);
    EXPECT_THAT(half.update_share,
                Optional(DoubleNear(*whole.update_share, 0.01)));
    EXPECT_NEAR(half.written_keys->distinct_keys,
                whole.written_keys->distinct_keys,
                0.02 * whole.written_keys->distinct_keys);
    const TraceFacts tenth = Fold(Sample(writes, 0.1), 0.1);
    EXPECT_GT(*tenth.update_share, *whole.update_share - 0.01);
    EXPECT_LT(*tenth.update_share, *whole.update_share + 0.1);
    EXPECT_NEAR(tenth.written_keys->zipf_exponent,
                whole.written_keys->zipf_exponent, 0.1);
    // What did not fit is missing as what was not sampled is.
    const std::vector<TracedWrite> quarter = Sample(writes, 0.25);
    EXPECT_NEAR(*Fold(quarter, 0.5, /*dropped=*/quarter.size()).update_share,
                *Fold(quarter, 0.25).update_share, 1e-9);
  }
}

TEST(FoldWrites, SaysNothingOfKeysFromASparseSample) {
  const std::vector<TracedWrite> writes(1000, Put(1));
  EXPECT_TRUE(Fold(writes, 0.1).update_share);
  const TraceFacts sparse = Fold(writes, 0.09);
  EXPECT_FALSE(sparse.update_share);
  EXPECT_FALSE(sparse.written_keys);
  EXPECT_THAT(sparse.delete_share, Optional(0));
  EXPECT_EQ(sparse.value_bytes_mean, 100);
  EXPECT_FALSE(Fold(writes, 1, /*dropped=*/9001).update_share);
}

}  // namespace
}  // namespace rocktune
