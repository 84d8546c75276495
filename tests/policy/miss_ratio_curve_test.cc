#include "policy/miss_ratio_curve.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <list>
#include <map>
#include <random>
#include <unordered_map>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/reuse_distances.h"

namespace rocktune {
namespace {

constexpr uint32_t kBlockBytes = 4096;

uint64_t HashOf(uint64_t number) {
  uint64_t x = number + 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// An exact cache, least recently used first out.
class Lru {
 public:
  explicit Lru(size_t blocks) : blocks_(blocks) {}
  bool Use(uint64_t block) {
    const auto found = places_.find(block);
    const bool hit = found != places_.end();
    if (hit) order_.erase(found->second);
    order_.push_front(block);
    places_[block] = order_.begin();
    if (order_.size() > blocks_) {
      places_.erase(order_.back());
      order_.pop_back();
    }
    ++uses_;
    if (hit) ++hits_;
    return hit;
  }
  void Forget() { uses_ = hits_ = 0; }
  double HitRatio() const { return hits_ / uses_; }
  double hits() const { return hits_; }
  double misses() const { return uses_ - hits_; }

 private:
  const size_t blocks_;
  double uses_ = 0;
  double hits_ = 0;
  std::list<uint64_t> order_;
  std::unordered_map<uint64_t, std::list<uint64_t>::iterator> places_;
};

std::discrete_distribution<uint64_t> Zipf(size_t items, double exponent) {
  std::vector<double> weights(items);
  for (size_t i = 0; i < items; ++i) {
    weights[i] = std::pow(static_cast<double>(i + 1), -exponent);
  }
  return {weights.begin(), weights.end()};
}

// Uses of one cache in a steady state, of which a burst sees some.
struct Story {
  size_t items = 20'000;
  double exponent = 0.9;
  size_t cache_blocks = 4000;
  int burst = 150'000;  // uses
  uint64_t one_block_in = 16;
  bool counted = true;
  uint64_t seed = 1;
};

struct Outcome {
  MissRatioCurve curve;
  std::map<size_t, double> exact;  // hit ratio by blocks
};

Outcome Play(const Story& story) {
  std::mt19937_64 random(story.seed);
  auto ranks = Zipf(story.items, story.exponent);
  std::map<size_t, Lru> caches;
  for (const size_t factor : {1, 2, 4, 8, 16}) {
    const size_t blocks = story.cache_blocks * factor / 4;
    caches.emplace(blocks, Lru(blocks));
  }
  auto use_all = [&](uint64_t block) {
    bool hit = false;
    for (auto& [blocks, cache] : caches) {
      const bool here = cache.Use(block);
      if (blocks == story.cache_blocks) hit = here;
    }
    return hit;
  };
  for (int i = 0; i < 100'000; ++i) use_all(ranks(random));
  for (auto& [blocks, cache] : caches) cache.Forget();
  ReuseDistances distances(10'000, 1 / static_cast<double>(story.one_block_in));
  for (int i = 0; i < story.burst; ++i) {
    const uint64_t block = ranks(random);
    const bool hit = use_all(block);
    const uint64_t hash = HashOf(block + story.seed * 1'000'000);
    if (hash % story.one_block_in != 0) continue;
    distances.Add({HashOf(hash), kBlockBytes, hit, true});
  }
  Outcome outcome;
  for (const auto& [blocks, cache] : caches) {
    outcome.exact[blocks] = cache.HitRatio();
  }
  const Lru& present = caches.at(story.cache_blocks);
  CacheInBurst cache;
  cache.capacity_bytes = story.cache_blocks * kBlockBytes;
  if (story.counted) {
    cache.hits = present.hits();
    cache.misses = present.misses();
  }
  outcome.curve = EstimateCurve(cache, distances);
  return outcome;
}

void ExpectWithin(const Outcome& outcome, double bound) {
  for (const auto& [blocks, exact] : outcome.exact) {
    const auto predicted = outcome.curve.HitRatioAt(blocks * kBlockBytes);
    ASSERT_TRUE(predicted.has_value()) << blocks;
    EXPECT_NEAR(*predicted, exact, bound) << blocks << " blocks";
  }
}

TEST(ReuseDistances, AreTheBytesOfOtherBlocksAndTheBlockItself) {
  ReuseDistances distances(1000, 1);
  for (const uint64_t block : {1, 2, 3, 2, 2, 1}) {
    distances.Add({HashOf(block), kBlockBytes, true, true});
  }
  const ReuseHistogram& uses = distances.histogram();
  // 2 after 3; 2 at once; 1 after 2 and 3.
  EXPECT_EQ(uses.hits[DistanceBucket(2 * kBlockBytes)], 1);
  EXPECT_EQ(uses.hits[DistanceBucket(kBlockBytes)], 1);
  EXPECT_EQ(uses.hits[DistanceBucket(3 * kBlockBytes)], 1);
  EXPECT_EQ(distances.DistinctBytes(), 3 * kBlockBytes);
}

TEST(ReuseDistances, AgreeWithACountByHand) {
  std::mt19937_64 random(9);
  ReuseDistances distances(200, 1);
  std::vector<uint64_t> order;  // latest last
  std::vector<double> wanted(kDistanceBuckets, 0);
  for (int i = 0; i < 5000; ++i) {
    const uint64_t block = random() % 150;
    const auto found = std::find(order.begin(), order.end(), block);
    if (found != order.end()) {
      const auto bytes =
          static_cast<double>((order.end() - found) * kBlockBytes);
      wanted[static_cast<size_t>(DistanceBucket(bytes))] += 1;
      order.erase(found);
    }
    order.push_back(block);
    distances.Add({HashOf(block), kBlockBytes, true, true});
  }
  EXPECT_THAT(distances.histogram().hits, testing::ElementsAreArray(wanted));
}

TEST(ReuseDistances, OfASampleStandForAllBlocks) {
  ReuseDistances distances(1000, 0.25);
  for (const uint64_t block : {1, 2, 1}) {
    distances.Add({HashOf(block), kBlockBytes, true, true});
  }
  // One block between stands for four.
  EXPECT_EQ(distances.histogram().hits[DistanceBucket(5 * kBlockBytes)], 1);
}

TEST(ReuseDistances, ForgetHalfOfTheBlocksRatherThanGrow) {
  ReuseDistances distances(100, 1);
  for (uint64_t i = 0; i < 3000; ++i) {
    distances.Add({HashOf(i % 1000), kBlockBytes, true, true});
  }
  EXPECT_LE(distances.sample_ratio(), 1.0 / 8);
  EXPECT_GE(distances.sample_ratio(), 1.0 / 32);
  EXPECT_NEAR(distances.DistinctBytes(), 1000 * kBlockBytes, 300 * kBlockBytes);
}

TEST(ReuseDistances, OfABlockThatDidNotStayReachBackToTheLastThatDid) {
  ReuseDistances distances(1000, 1);
  distances.Add({HashOf(1), kBlockBytes, false, false});
  distances.Add({HashOf(1), kBlockBytes, false, true});
  distances.Add({HashOf(2), kBlockBytes, false, true});
  distances.Add({HashOf(1), kBlockBytes, true, false});
  const ReuseHistogram& uses = distances.histogram();
  EXPECT_EQ(uses.first_misses[DistanceBucket(kBlockBytes)], 2);
  EXPECT_EQ(uses.hits[DistanceBucket(2 * kBlockBytes)], 1);
}

TEST(MissRatioCurve, IsExactEnoughFromAllUses) {
  Story story;
  story.one_block_in = 1;
  ExpectWithin(Play(story), 0.02);
}

TEST(MissRatioCurve, IsWithinFiveHundredthsFromASample) {
  for (const double exponent : {0.6, 0.9, 1.1}) {
    for (uint64_t seed = 1; seed <= 2; ++seed) {
      Story story;
      story.exponent = exponent;
      story.seed = seed;
      SCOPED_TRACE(testing::Message() << exponent << " seed " << seed);
      ExpectWithin(Play(story), 0.05);
    }
  }
}

TEST(MissRatioCurve, PassesThroughTheMeasuredHitRatio) {
  const Outcome outcome = Play(Story());
  const MissRatioCurve& curve = outcome.curve;
  EXPECT_NEAR(*curve.HitRatioAt(curve.capacity_bytes), curve.measured_hit_ratio,
              1e-9);
  EXPECT_DOUBLE_EQ(curve.measured_hit_ratio, outcome.exact.at(4000));
}

TEST(MissRatioCurve, NeverFalls) {
  const std::vector<MissRatioCurve::Point> points = Play(Story()).curve.points;
  ASSERT_GT(points.size(), 20);
  for (size_t i = 1; i < points.size(); ++i) {
    EXPECT_GT(points[i].capacity_bytes, points[i - 1].capacity_bytes);
    EXPECT_GE(points[i].hit_ratio, points[i - 1].hit_ratio);
  }
}

// A burst much shorter than the cache is large: most blocks are seen once.
TEST(MissRatioCurve, KnowsWhatAShortBurstCannotSeeFromTheAnswersOfTheCache) {
  Story story;
  story.one_block_in = 1;
  story.burst = 6000;
  const Outcome outcome = Play(story);
  for (const size_t blocks : {1000, 2000, 4000}) {
    EXPECT_NEAR(*outcome.curve.HitRatioAt(blocks * kBlockBytes),
                outcome.exact.at(blocks), 0.05)
        << blocks;
  }
  EXPECT_FALSE(outcome.curve.HitRatioAt(16'000 * kBlockBytes).has_value());
}

TEST(MissRatioCurve, NeedsTheCountersForHotBlocks) {
  Story story;
  story.exponent = 1.1;
  double with = 0;
  double without = 0;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    story.seed = seed;
    story.counted = true;
    const Outcome corrected = Play(story);
    story.counted = false;
    const Outcome naive = Play(story);
    const double exact = corrected.exact.at(2000);
    with += std::abs(*corrected.curve.HitRatioAt(2000 * kBlockBytes) - exact);
    without += std::abs(*naive.curve.HitRatioAt(2000 * kBlockBytes) - exact);
  }
  EXPECT_LT(with / 4, 0.02);
  EXPECT_GT(without, 2 * with);
}

TEST(MissRatioCurve, SaysNothingFromAHandfulOfUses) {
  ReuseDistances distances(1000, 1);
  for (int i = 0; i < 999; ++i) distances.Add({1, kBlockBytes, true, true});
  CacheInBurst cache;
  cache.capacity_bytes = 1 << 20;
  EXPECT_THAT(EstimateCurve(cache, distances).points, testing::IsEmpty());
}

TEST(HitRatioAt, IsLinearInTheLogarithmOfTheCapacity) {
  MissRatioCurve curve;
  EXPECT_EQ(curve.HitRatioAt(1000), std::nullopt);
  curve.points = {{1000, 0.2}, {4000, 0.6}};
  EXPECT_DOUBLE_EQ(*curve.HitRatioAt(1000), 0.2);
  EXPECT_DOUBLE_EQ(*curve.HitRatioAt(2000), 0.4);
  EXPECT_DOUBLE_EQ(*curve.HitRatioAt(500), 0.1);
  EXPECT_DOUBLE_EQ(*curve.HitRatioAt(0), 0);
}

TEST(HitRatioAt, EndsWhereTheTraceDoesUnlessNothingIsLeftToGain) {
  MissRatioCurve curve;
  curve.points = {{1000, 0.2}, {4000, 0.6}};
  EXPECT_DOUBLE_EQ(*curve.HitRatioAt(4400), 0.6);
  EXPECT_EQ(curve.HitRatioAt(4500), std::nullopt);
  curve.points.back().hit_ratio = 0.96;
  EXPECT_DOUBLE_EQ(*curve.HitRatioAt(1'000'000), 0.96);
}

}  // namespace
}  // namespace rocktune
