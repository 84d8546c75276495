#include "bench/compare/compare.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/bench/report/canned_cells.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Table, ComparesWithTheDefaultsAndRocktuneWithEachOther) {
  const std::string table = TableMarkdown(CannedPlan(), CannedResults());
  EXPECT_THAT(table, HasSubstr("| guide | 1.40 [1.40, 1.40]"));
  EXPECT_THAT(table, HasSubstr("| rocktune | 2.00 [2.00, 2.00]"));
  EXPECT_THAT(table, HasSubstr("| rocktune / guide | 1.43 [1.43, 1.43]"));
  EXPECT_THAT(table, Not(HasSubstr("rocktune / rocktune")));
  EXPECT_THAT(table, Not(HasSubstr("share of the oracle")));
  EXPECT_THAT(table,
              HasSubstr("| ycsb-a | nvme | 1 | defaults | read | 100 | 1667 | "
                        "9000 |"));
}

TEST(Table, TellsWhatWasFoundEarlyFromWhatWasFoundLater) {
  ComparePlan plan = CannedPlan();
  plan.oracle_dir = "oracles";
  std::vector<CellResult> results = CannedResults();
  for (const CellResult& result : CannedResults()) {
    if (result.spec.contestant != "defaults") continue;
    results.push_back(CannedCell("values", result.spec.workload,
                                 result.spec.device,
                                 3 * result.tail.ops_per_s));
    results.back().spec.values = {{{"max_background_jobs", ""}, "6"},
                                  {{"write_buffer_size", "default"}, "1"}};
  }
  // One cell goes on to keep something in its sixth trial.
  for (CellResult& result : results) {
    if (result.spec.contestant != "rocktune") continue;
    result.tail.ops_per_s *= 1.25;
    const CellTrial kept = result.trials[1];
    result.trials.insert(result.trials.end(), 3, kept);
    break;
  }
  const std::string table = TableMarkdown(plan, results);
  EXPECT_THAT(table,
              HasSubstr("| rocktune | 50 % | 50 % | 4 | 50 % | 50 % | 3 |"));
  EXPECT_THAT(table, HasSubstr("| the oracle | 3.00 [3.00, 3.00]"));
  EXPECT_THAT(table, HasSubstr("- fillrandom on hdd, 3.00 times the defaults: "
                               "max_background_jobs=6, write_buffer_size=1\n"));
}

}  // namespace
}  // namespace rocktune
