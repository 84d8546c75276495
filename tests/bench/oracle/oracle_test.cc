#include "bench/oracle/oracle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "policy/value_parser.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

int SumOf(const std::vector<Rung>& rungs) {
  int sum = 0;
  for (const Rung& rung : rungs) sum += rung.candidates;
  return sum;
}

TEST(OracleRungs, HaveAtLeastTheEvaluationsAskedFor) {
  for (int evaluations : {1, 3, 10, 50, 200, 201, 350, 1000}) {
    const std::vector<Rung> rungs = RungsFor(evaluations, {3, 24});
    EXPECT_GE(SumOf(rungs), evaluations);
    EXPECT_LE(rungs.back().candidates, 3) << evaluations;
  }
}

TEST(OracleRungs, GiveAThirdOfTheCandidatesThreeTimesTheTimeUpToALimit) {
  const std::vector<Rung> rungs = RungsFor(200, {3, 24});
  for (size_t i = 2; i < rungs.size(); ++i) {
    EXPECT_NEAR(rungs[i].candidates, rungs[i - 1].candidates / 3.0, 1);
    EXPECT_DOUBLE_EQ(rungs[i].seconds,
                     std::min(3 * rungs[i - 1].seconds, 24.0));
  }
}

class Oracle : public ::testing::Test {
 protected:
  void SetUp() override {
    place_.workload = "ycsb-b";
    place_.device = "nvme";
    place_.budget.memory_bytes = 64 << 20;
    auto space = SpaceOfDefaults(dir_.path() + "/db", place_.budget);
    ASSERT_TRUE(space.ok()) << space.status();
    space_ = std::make_unique<DefaultSpace>(*std::move(space));
  }

  // A made-up store: more block cache is better, and nothing else matters.
  absl::StatusOr<CellResult> MadeUp(const CellSpec& cell) {
    ++measured_;
    CellResult result;
    result.spec = cell;
    double cache = 8 << 20;
    for (const auto& [key, value] : cell.values) {
      if (key.name == "block_cache.capacity") cache = *NumberOf(value);
    }
    result.tail.ops_per_s = 1000 * std::log2(cache / (1 << 20));
    return result;
  }

  TempDir dir_;
  CellSpec place_;
  std::unique_ptr<DefaultSpace> space_;
  int measured_ = 0;
};

TEST_F(Oracle, SpansExactlyWhatMayBeChangedOnline) {
  EXPECT_GT(space_->space.size(), 20u);
  for (size_t i = 0; i < space_->space.size(); ++i) {
    EXPECT_NE(space_->space.name(i), "avoid_flush_during_shutdown");
    EXPECT_NE(space_->space.name(i), "disable_auto_compactions");
  }
}

TEST_F(Oracle, APointStandsForTheValuesItWasMadeOf) {
  const Point point = space_->space.PointOf(space_->found);
  const OptionValues again = space_->space.ValuesAt(point);
  // Values outside of the cube (0 and -1) move to its edge; the others stay.
  EXPECT_EQ(again.at({"write_buffer_size", "default"}), "67108864");
  EXPECT_EQ(again.at({"level0_file_num_compaction_trigger", "default"}), "4");
}

TEST_F(Oracle, FindsWhatIsBest) {
  const auto result =
      SearchOracle(place_, space_->space, space_->found, 60, {3, 24},
                   [this](const CellSpec& cell) { return MadeUp(cell); });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_GE(result->evaluations, 60);
  EXPECT_EQ(result->evaluations, measured_);
  EXPECT_DOUBLE_EQ(result->defaults_ops_per_s, 3000);
  EXPECT_GT(result->best_ops_per_s, 5400);  // over 42 MiB of 64
  bool has_cache = false;
  for (const auto& [key, value] : result->values) {
    has_cache |= key.name == "block_cache.capacity";
  }
  EXPECT_TRUE(has_cache);
}

TEST_F(Oracle, TakesACandidateThatFailsForWorthNothing) {
  const auto result =
      SearchOracle(place_, space_->space, space_->found, 20, {3, 24},
                   [this](const CellSpec& cell) -> absl::StatusOr<CellResult> {
                     absl::StatusOr<CellResult> made = MadeUp(cell);
                     if (!cell.values.empty()) made->error = "crashed";
                     return made;
                   });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->values.empty());  // the defaults are the best
}

TEST_F(Oracle, MeasuresWholeCyclesOfAPlanWithPhases) {
  place_.workload = "phases-day";  // four minutes
  const auto result =
      SearchOracle(place_, space_->space, space_->found, 60, {3, 24},
                   [this](const CellSpec& cell) {
                     EXPECT_LE(cell.phase_scale, 1);
                     EXPECT_NEAR(cell.tail_s, 240 * cell.phase_scale, 1e-6);
                     return MadeUp(cell);
                   });
  ASSERT_TRUE(result.ok()) << result.status();
}

TEST_F(Oracle, EndsWithTheErrorOfAMeasurement) {
  const auto result =
      SearchOracle(place_, space_->space, space_->found, 20, {3, 24},
                   [](const CellSpec&) -> absl::StatusOr<CellResult> {
                     return absl::CancelledError("interrupted");
                   });
  EXPECT_TRUE(absl::IsCancelled(result.status()));
}

TEST_F(Oracle, IsReadBackAsWritten) {
  OracleResult result;
  result.workload = place_.workload;
  result.device = place_.device;
  result.evaluations = 208;
  result.best_ops_per_s = 1234.5;
  result.values[{"write_buffer_size", "default"}] = "33554432";
  result.command = "rocktune-bench oracle";
  ASSERT_TRUE(
      WriteJsonFile(OraclePath(dir_.path(), place_), ToJson(result)).ok());
  const auto read = ReadOracle(dir_.path(), place_);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->values, result.values);
  EXPECT_EQ(read->evaluations, 208);
}

TEST_F(Oracle, ThatIsMissingComesWithTheCommandThatMakesIt) {
  const auto read = ReadOracle(dir_.path(), place_);
  EXPECT_TRUE(absl::IsNotFound(read.status()));
  EXPECT_THAT(std::string(read.status().message()),
              HasSubstr("rocktune-bench oracle --workloads ycsb-b"));
}

TEST_F(Oracle, OfOtherMemoryIsAnotherOne) {
  CellSpec other = place_;
  other.budget.memory_bytes *= 2;
  EXPECT_NE(OraclePath("d", place_), OraclePath("d", other));
}

}  // namespace
}  // namespace rocktune
