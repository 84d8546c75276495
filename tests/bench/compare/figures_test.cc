#include "bench/compare/figures.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rocktune {
namespace {

CellResult Cell(const char* contestant, const char* workload, double ops,
                double p99_us = 100) {
  CellResult result;
  result.spec.contestant = contestant;
  result.spec.workload = workload;
  result.spec.device = "nvme";
  result.tail.ops_per_s = ops;
  result.tail.kinds[0] = {1000, p99_us / 2, p99_us, p99_us * 2};
  return result;
}

TEST(Figures, PairResultsOfTheSamePlaceOnly) {
  const std::vector<CellResult> results = {
      Cell("defaults", "a", 100), Cell("rocktune", "a", 200),
      Cell("defaults", "b", 100), Cell("rocktune", "c", 900)};
  const auto ratios =
      RatiosOf(results, EndThroughput(), "rocktune", "defaults");
  ASSERT_EQ(ratios.size(), 1u);
  EXPECT_EQ(ratios[0].workload, "a");
  EXPECT_DOUBLE_EQ(ratios[0].ratio, 2);
}

// db_bench's readwhilewriting: 10 000 writes a second beside the readers.
TEST(Figures, DoNotCountWhatComesAtAFixedRate) {
  std::vector<CellResult> results = {Cell("defaults", "readwhilewriting", 0),
                                     Cell("rocktune", "readwhilewriting", 0)};
  for (CellResult& result : results) {
    result.tail.seconds = 10;
    result.tail.kinds[static_cast<size_t>(Operation::kUpdate)].count = 100'000;
  }
  results[0].tail.kinds[static_cast<size_t>(Operation::kRead)].count = 5'000;
  results[1].tail.kinds[static_cast<size_t>(Operation::kRead)].count = 9'000;
  const auto ratios =
      RatiosOf(results, EndThroughput(), "rocktune", "defaults");
  ASSERT_EQ(ratios.size(), 1u);
  EXPECT_DOUBLE_EQ(ratios[0].ratio, 1.8);
  // With a rate for every client there is nothing else to count.
  for (CellResult& result : results) {
    result.spec.workload = "mixgraph";
    result.tail.ops_per_s = 4500;
  }
  EXPECT_DOUBLE_EQ(
      RatiosOf(results, EndThroughput(), "rocktune", "defaults")[0].ratio, 1);
}

TEST(Figures, TurnAMetricOfWhichLessIsBetter) {
  const std::vector<CellResult> results = {Cell("defaults", "a", 100, 300),
                                           Cell("rocktune", "a", 100, 100)};
  const auto ratios = RatiosOf(results, P99(), "rocktune", "defaults");
  ASSERT_EQ(ratios.size(), 1u);
  EXPECT_NEAR(ratios[0].ratio, 3, 1e-9);
}

TEST(Figures, AFailedCellIsNoRatio) {
  const std::vector<CellResult> results = {Cell("defaults", "a", 100),
                                           Cell("rocktune", "a", 0)};
  EXPECT_TRUE(
      RatiosOf(results, EndThroughput(), "rocktune", "defaults").empty());
  std::vector<CellResult> halfway = {Cell("defaults", "a", 100),
                                     Cell("rocktune", "a", 120)};
  halfway[1].error = "operations failed";
  EXPECT_TRUE(
      RatiosOf(halfway, EndThroughput(), "rocktune", "defaults").empty());
}

// Logarithms of 1, 2, 4: mean log 2, standard deviation log 2, t(2) = 4.3027.
TEST(Figures, SummariseByTheGeometricMeanAndStudentsT) {
  const RatioFigure figure = Summarise(
      {{"a", "nvme", 1, 1.0}, {"b", "nvme", 1, 2.0}, {"c", "nvme", 1, 4.0}});
  EXPECT_NEAR(figure.mean, 2, 1e-9);
  const double half = 4.302653 * 0.693147 / 1.7320508;
  EXPECT_NEAR(figure.low, 2 * std::exp(-half), 1e-4);
  EXPECT_NEAR(figure.high, 2 * std::exp(half), 1e-3);
  EXPECT_DOUBLE_EQ(figure.worst, 1);
  EXPECT_EQ(figure.worst_cell, "a on nvme");
}

TEST(Figures, GiveTheShareOfTheOraclesGain) {
  const std::vector<CellResult> results = {
      Cell("defaults", "a", 100), Cell("values", "a", 300),
      Cell("rocktune", "a", 250), Cell("defaults", "b", 100),
      Cell("values", "b", 100.5), Cell("rocktune", "b", 90)};
  const auto shares = GainShares(results, "rocktune");
  ASSERT_EQ(shares.size(), 1u);  // there is nothing to gain in the other place
  EXPECT_DOUBLE_EQ(shares[0].ratio, 0.75);
}

TEST(Figures, ACellHasSettledWhenNothingWasKeptLater) {
  CellResult result;
  for (const char* verdict : {"no_gain", "kept", "open", "regressed", "kept"}) {
    result.trials.push_back({0, 1, verdict, "", 0});
  }
  EXPECT_FALSE(SettledWithin(result, 3));
  EXPECT_TRUE(SettledWithin(result, 4));  // the open one has no verdict
  EXPECT_TRUE(SettledWithin({}, 0));
}

TEST(Figures, TheMedianOfAnEvenNumberLiesBetween) {
  EXPECT_DOUBLE_EQ(Median({3, 1, 2, 10}), 2.5);
  EXPECT_DOUBLE_EQ(Median({}), 0);
}

}  // namespace
}  // namespace rocktune
