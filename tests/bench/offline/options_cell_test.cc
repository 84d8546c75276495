// A cell whose database is opened with an OPTIONS file, and its windows.
#include <atomic>
#include <string>
#include <vector>

#include "bench/cell/cell_run.h"
#include "bench/cell/window_json.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/options_file.h"
#include "tests/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

class OptionsCell : public ::testing::Test {
 protected:
  // Of a database that starts with a 3 MiB memtable, as its options say.
  CellSpec Spec() {
    OptionSet options = DefaultOptionSet();
    EXPECT_OK(SetOptionValues(&options,
                              {{{"write_buffer_size", "default"}, "3145728"},
                               {{"block_cache.capacity", ""}, "5000000"}}));
    EXPECT_OK(WriteOptionsFile(options, dir_ / "OPTIONS"));
    CellSpec spec;
    spec.contestant = "options";
    spec.workload = "fillrandom";
    spec.device = "none";
    spec.data_bytes = 2 << 20;
    spec.warm_s = 1;
    spec.run_s = 3;
    spec.tail_s = 1;
    spec.work_dir = dir_ / "cell";
    spec.options_file = dir_ / "OPTIONS";
    spec.windows_file = dir_ / "windows.json";
    return spec;
  }

  TempDir dir_;
  const std::atomic<bool> stop_{false};
};

TEST_F(OptionsCell, OpensWithTheFileAndLeavesItsWindows) {
  const CellResult result = RunCell(Spec(), &stop_);
  EXPECT_EQ(result.error, "");
  EXPECT_GT(result.whole.ops_per_s, 0);
  EXPECT_FALSE(result.gave_up);
  const auto windows = ReadWindowsFile(dir_ / "windows.json");
  ASSERT_OK(windows);
  ASSERT_FALSE(windows->empty());
  EXPECT_GT(windows->back().op(OpKind::kWrite).count, 0u);
  EXPECT_TRUE(windows->back().has_latencies);
  ASSERT_EQ(windows->back().caches.size(), 1u);
  EXPECT_EQ(windows->back().caches[0].capacity_bytes, 5'000'000u);
}

TEST_F(OptionsCell, GivesUpAfterAThirdWhenItIsTooSlow) {
  CellSpec spec = Spec();
  spec.run_s = 15;
  spec.give_up_below_ops_per_s = 1e12;
  const CellResult result = RunCell(spec, &stop_);
  EXPECT_EQ(result.error, "");
  EXPECT_TRUE(result.gave_up);
  EXPECT_LT(result.points.size(), 12u);
  EXPECT_GT(result.whole.ops_per_s, 0);
}

TEST_F(OptionsCell, SaysWhatIsWrongWithTheFile) {
  CellSpec spec = Spec();
  spec.options_file = dir_ / "none";
  EXPECT_THAT(RunCell(spec, &stop_).error, HasSubstr("no such file"));
}

TEST(WindowJson, GivesBackWhatWasWritten) {
  Window window;
  window.number = 7;
  window.start = absl::UnixEpoch() + absl::Milliseconds(1500);
  window.length = absl::Milliseconds(250);
  window.op(OpKind::kSeek) = {1, 2, 3.5, 4.5, 5.5};
  window.ticker(Ticker::kWalBytes) = 1ull << 60;
  window.column_families.push_back({3, "f", {{1, 2}, {3, 4}}, 5, 6, 7, 8, 9});
  window.caches.push_back({"f", 1, 2, 3});
  window.stalls = {1, true, 2, 3, 4, 5};
  window.events.compactions = 4;
  window.process = {1, 2, 3, 4};
  window.running_flushes = 1;
  window.running_compactions = 2;
  window.has_tickers = window.has_latencies = true;
  const boost::json::value json = ToJson({window, Window()});
  const auto windows = WindowsFromJson(json);
  ASSERT_OK(windows);
  ASSERT_EQ(windows->size(), 2u);
  EXPECT_EQ(boost::json::value(ToJson(*windows)), json);
  EXPECT_EQ((*windows)[0].start, window.start);
  EXPECT_EQ((*windows)[0].length, window.length);
  EXPECT_EQ((*windows)[0].ticker(Ticker::kWalBytes), 1ull << 60);
  EXPECT_EQ((*windows)[0].column_families[0].levels[1].bytes, 4u);
}

TEST(WindowJson, RefusesOtherCounters) {
  boost::json::array json = ToJson({Window()});
  json[0].as_object()["tickers"].as_array().pop_back();
  EXPECT_THAT(WindowsFromJson(json),
              IsError(absl::StatusCode::kInvalidArgument, "tickers"));
}

}  // namespace
}  // namespace rocktune
