#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/hyper_log_log.h"
#include "policy/key_skew.h"
#include "policy/space_saving.h"

namespace rocktune {
namespace {

// As good as a hash: splitmix64's finaliser.
uint64_t HashOf(uint64_t number) {
  uint64_t x = number + 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// Ranks 0, 1, ... with probability proportional to 1 / (rank + 1)^exponent.
class ZipfRanks {
 public:
  ZipfRanks(size_t items, double exponent) {
    std::vector<double> weights(items);
    for (size_t i = 0; i < items; ++i) {
      weights[i] = std::pow(static_cast<double>(i + 1), -exponent);
    }
    ranks_ =
        std::discrete_distribution<uint64_t>(weights.begin(), weights.end());
  }
  uint64_t operator()(std::mt19937_64& random) { return ranks_(random); }

 private:
  std::discrete_distribution<uint64_t> ranks_;
};

TEST(HyperLogLog, CountsNothingAsZero) {
  EXPECT_EQ(HyperLogLog().Estimate(), 0);
}

TEST(HyperLogLog, IsWithinThreeStandardErrorsOfTheExactCount) {
  const double error = 1.04 / std::sqrt(HyperLogLog::kRegisters);
  for (const uint64_t distinct : {10, 1000, 5000, 20'000, 300'000}) {
    HyperLogLog sketch;
    for (uint64_t i = 0; i < distinct; ++i) {
      sketch.Add(HashOf(i));
      sketch.Add(HashOf(i / 2));  // again
    }
    const auto exact = static_cast<double>(distinct);
    EXPECT_NEAR(sketch.Estimate(), exact, 3 * error * exact) << distinct;
  }
}

// Of many sketches, so that a bias would show.
TEST(HyperLogLog, HasTheStandardErrorOfThePaperAndNoBias) {
  constexpr int kSketches = 100;
  constexpr uint64_t kDistinct = 50'000;
  double sum = 0;
  double squares = 0;
  for (uint64_t i = 0; i < kSketches; ++i) {
    HyperLogLog sketch;
    for (uint64_t j = 0; j < kDistinct; ++j) {
      sketch.Add(HashOf(i * kDistinct + j));
    }
    const double error = sketch.Estimate() / kDistinct - 1;
    sum += error;
    squares += error * error;
  }
  const double standard = 1.04 / std::sqrt(HyperLogLog::kRegisters);
  EXPECT_LT(std::abs(sum / kSketches), 3 * standard / std::sqrt(kSketches));
  EXPECT_LT(std::sqrt(squares / kSketches), 1.3 * standard);
  EXPECT_GT(std::sqrt(squares / kSketches), 0.7 * standard);
}

TEST(SpaceSaving, CountsExactlyWhileItHasACounterForEverything) {
  SpaceSaving sketch(10);
  for (uint64_t i = 1; i <= 10; ++i) {
    for (uint64_t j = 0; j < i; ++j) sketch.Add(i);
  }
  const std::vector<SpaceSaving::Counter> top = sketch.Top();
  ASSERT_EQ(top.size(), 10);
  for (uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(top[i].hash, 10 - i);
    EXPECT_EQ(top[i].count, 10 - i);
    EXPECT_EQ(top[i].error, 0);
  }
}

TEST(SpaceSaving, KeepsItsErrorBoundsAgainstExactCounts) {
  constexpr size_t kCounters = 100;
  std::mt19937_64 random(3);
  for (const double exponent : {0.0, 0.6, 1.0, 1.4}) {
    ZipfRanks ranks(5000, exponent);
    SpaceSaving sketch(kCounters);
    std::map<uint64_t, uint64_t> exact;
    for (int i = 0; i < 50'000; ++i) {
      const uint64_t hash = HashOf(ranks(random));
      sketch.Add(hash);
      ++exact[hash];
    }
    const uint64_t bound = sketch.added() / kCounters;
    std::map<uint64_t, uint64_t> kept;
    for (const SpaceSaving::Counter& counter : sketch.Top()) {
      const uint64_t true_count = exact[counter.hash];
      EXPECT_GE(counter.count, true_count);
      EXPECT_LE(counter.Guaranteed(), true_count);
      EXPECT_LE(counter.error, bound);
      kept[counter.hash] = counter.count;
    }
    EXPECT_EQ(kept.size(), kCounters);
    for (const auto& [hash, count] : exact) {
      if (count > bound) {
        EXPECT_TRUE(kept.contains(hash)) << count;
      }
    }
  }
}

TEST(KeySketch, FindsTheExponentOfZipf) {
  for (const double exponent : {0.6, 0.8, 0.99, 1.2}) {
    std::mt19937_64 random(5);
    ZipfRanks ranks(100'000, exponent);
    KeySketch sketch;
    for (int i = 0; i < 100'000; ++i) sketch.Add(HashOf(ranks(random)));
    const auto skew = sketch.Skew(1, 0);
    ASSERT_TRUE(skew.has_value());
    EXPECT_NEAR(skew->zipf_exponent, exponent, 0.1) << exponent;
  }
}

TEST(KeySketch, FindsNoSkewWhereThereIsNone) {
  for (const uint64_t keys : {500, 2000, 100'000}) {
    std::mt19937_64 random(5);
    KeySketch sketch;
    for (int i = 0; i < 100'000; ++i) sketch.Add(HashOf(random() % keys));
    EXPECT_LT(sketch.Skew(1, 0)->zipf_exponent, 0.1) << keys;
  }
}

TEST(KeySketch, FindsTheShareOfTheHottestKeys) {
  std::mt19937_64 random(5);
  ZipfRanks ranks(50'000, 1.0);
  KeySketch sketch;
  std::map<uint64_t, uint64_t> exact;
  for (int i = 0; i < 100'000; ++i) {
    const uint64_t rank = ranks(random);
    sketch.Add(HashOf(rank));
    ++exact[rank];
  }
  std::vector<uint64_t> counts;
  for (const auto& [rank, count] : exact) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  double hot = 0;
  for (size_t i = 0; i < counts.size() / 100; ++i) {
    hot += static_cast<double>(counts[i]);
  }
  const KeySkew skew = *sketch.Skew(1, 0);
  EXPECT_NEAR(skew.top_1pct_share, hot / 100'000, 0.03);
  EXPECT_NEAR(skew.distinct_keys, static_cast<double>(exact.size()),
              0.05 * static_cast<double>(exact.size()));
}

// The hottest key is not in the sample; the number of uses says so.
TEST(KeySketch, GivesWhatIsMissingToTheHottestKeys) {
  KeySketch sketch;
  for (uint64_t i = 0; i < 10'000; ++i) sketch.Add(HashOf(i % 1000));
  const double without = sketch.Skew(0.5, 0)->top_1pct_share;
  const double with = sketch.Skew(0.5, 20'000)->top_1pct_share;
  EXPECT_NEAR(without, 0.01, 0.003);
  EXPECT_NEAR(with, 0.5, 0.01);
  EXPECT_NEAR(sketch.Skew(0.5, 0)->distinct_keys, 2000, 100);
}

TEST(KeySketch, SaysNothingFromAHandfulOfUses) {
  KeySketch sketch;
  for (uint64_t i = 0; i < 99; ++i) sketch.Add(HashOf(i));
  EXPECT_FALSE(sketch.Skew(1, 0).has_value());
}

}  // namespace
}  // namespace rocktune
