#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "bench/report/online_run_svg.h"
#include "bench/report/tune_report.h"
#include "tests/bench/report/canned_cells.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(OnlineRunSvg, DrawsEveryTrialAndTheKindsThatRan) {
  const auto svg = OnlineRunSvg(CannedResults()[2]);
  ASSERT_TRUE(svg.ok());
  EXPECT_THAT(*svg, HasSubstr("kept: write_buffer_size 64 MiB"));
  EXPECT_THAT(*svg, HasSubstr("regressed: compaction_readahead_size"));
  EXPECT_THAT(*svg, HasSubstr("<polyline class=\"read\""));
  const auto writes = OnlineRunSvg(CannedCell("rocktune", "fillrandom", "", 9));
  ASSERT_TRUE(writes.ok());
  EXPECT_THAT(*writes, Not(HasSubstr("<polyline class=\"read\"")));
}

TEST(OnlineRunSvg, EscapesWhatACellSays) {
  CellResult cell = CannedResults()[2];
  cell.spec.workload = "<script>\"";
  cell.trials[0].what = "</title><script>";
  const auto svg = OnlineRunSvg(cell);
  ASSERT_TRUE(svg.ok());
  EXPECT_THAT(*svg, Not(HasSubstr("<script")));
}

TEST(OnlineRunSvg, SaysWhyThereIsNothingToDraw) {
  CellResult cell;
  cell.error = "it would not open";
  const auto svg = OnlineRunSvg(cell);
  EXPECT_TRUE(absl::IsInvalidArgument(svg.status()));
  EXPECT_THAT(std::string(svg.status().message()),
              HasSubstr("it would not open"));
}

TuneReport Canned() {
  TuneReport report;
  report.title = "rocktune tune: ycsb-a on nvme";
  report.start_ops_per_s = 1000;
  report.final_ops_per_s = 1500;
  TuneIteration kept;
  kept.number = 1;
  kept.verdict = "kept";
  kept.ops_per_s = 1500;
  kept.effect = 0.5;
  kept.effect_low = 0.4;
  kept.effect_high = 0.6;
  kept.changes = {{"write_buffer_size", "", "67108864", "134217728", "why"}};
  TuneIteration failed;
  failed.number = 2;
  failed.verdict = "failed";
  failed.reason = "the run <b>ended</b> with 1";
  report.iterations = {kept, failed};
  report.differences = kept.changes;
  return report;
}

TEST(TuneReport, TellsEveryIterationAndWhatIsLeft) {
  const std::string html = TuneReportHtml(Canned());
  EXPECT_THAT(html, HasSubstr("1.50 x"));
  EXPECT_THAT(html, HasSubstr("+50.0 %<br>"));
  EXPECT_THAT(html, HasSubstr("[+40.0, +60.0]"));
  EXPECT_THAT(html, HasSubstr("the run &lt;b&gt;ended&lt;/b&gt; with 1"));
  EXPECT_THAT(html, HasSubstr("What the final OPTIONS file changes"));
  EXPECT_THAT(html, Not(HasSubstr("What can be changed online")));
}

TEST(TuneReport, ShowsWhatCanBeChangedOnlineLineByLine) {
  TuneReport report = Canned();
  report.set_options = "// lines\ndb->SetOptions(...);\n";
  EXPECT_THAT(TuneReportHtml(report),
              HasSubstr("// lines\ndb-&gt;SetOptions(...);\n"));
}

}  // namespace
}  // namespace rocktune
