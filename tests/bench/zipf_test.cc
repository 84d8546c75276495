#include "bench/demo/zipf.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace rocktune {
namespace {

constexpr uint64_t kItems = 1000;
constexpr int kDraws = 200'000;

std::vector<int> CountRanks(double theta) {
  const Zipf zipf(kItems, theta);
  std::mt19937_64 random(7);
  std::vector<int> counts(kItems);
  for (int i = 0; i < kDraws; ++i) ++counts[zipf.Rank(random)];
  return counts;
}

TEST(Zipf, GivesTheFirstRanksTheirExactShares) {
  const double theta = 0.99;
  double zeta = 0;
  for (uint64_t i = 1; i <= kItems; ++i) {
    zeta += std::pow(static_cast<double>(i), -theta);
  }
  const std::vector<int> counts = CountRanks(theta);
  EXPECT_NEAR(counts[0], kDraws / zeta, 0.03 * kDraws / zeta);
  EXPECT_NEAR(counts[1], kDraws / zeta / std::pow(2, theta),
              0.05 * kDraws / zeta);
}

TEST(Zipf, GivesLowerRanksMore) {
  const std::vector<int> counts = CountRanks(0.99);
  int first = 0, middle = 0, last = 0;
  for (size_t i = 0; i < 100; ++i) {
    first += counts[i];
    middle += counts[450 + i];
    last += counts[900 + i];
  }
  EXPECT_GT(first, 10 * middle);
  EXPECT_GT(middle, last);
}

TEST(Zipf, IsFlatterWithASmallerTheta) {
  EXPECT_GT(CountRanks(0.99)[0], 2 * CountRanks(0.5)[0]);
}

TEST(Zipf, ScattersNeighbouringRanks) {
  const Zipf zipf(kItems, 0.99);
  std::mt19937_64 ranks(3), places(3);
  int neighbours = 0;
  for (int i = 0; i < 1000; ++i) {
    const uint64_t place = zipf.Scattered(places);
    ASSERT_LT(place, kItems);
    if (place == zipf.Rank(ranks)) ++neighbours;
  }
  EXPECT_LT(neighbours, 500);
}

TEST(Zipf, RepeatsItselfWithTheSameSeed) {
  const Zipf zipf(kItems, 0.9);
  std::mt19937_64 one(5), two(5);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(zipf.Scattered(one), zipf.Scattered(two));
  }
}

}  // namespace
}  // namespace rocktune
