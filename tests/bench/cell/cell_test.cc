#include "bench/cell/cell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "bench/cell/cell_run.h"
#include "bench/cell/child_process.h"
#include "bench/cell/database_copy.h"
#include "bench/cell/utf8.h"
#include "bench/workload/workload.h"
#include "rocksdb/db.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

CellSpec SmallCell(const std::string& contestant, const TempDir& dir) {
  CellSpec spec;
  spec.contestant = contestant;
  spec.workload = "ycsb-a";
  spec.device = "none";
  spec.data_bytes = 1 << 20;
  spec.budget.memory_bytes = 32 << 20;
  spec.budget.trial_s = 2;
  spec.warm_s = 1;
  spec.run_s = 4;
  spec.tail_s = 2;
  spec.source_dir = dir.path() + "/loaded";
  spec.work_dir = dir.path() + "/cell";
  return spec;
}

absl::Status LoadFor(const CellSpec& spec) {
  static std::atomic<bool> never{false};
  return EnsureLoaded(
      spec.source_dir, Scaled(*WorkloadOf(spec.workload), spec.data_bytes),
      spec.seed, [](double) {}, &never);
}

TEST(CellJson, IsReadBackAsWritten) {
  CellResult result;
  result.spec.contestant = "rocktune";
  result.spec.values[{"write_buffer_size", "default"}] = "1048576";
  result.spec.budget.memory_bytes = 1ull << 40;
  result.error = "\"quoted\"\n";
  result.tail.ops_per_s = 1.25;
  result.tail.kinds[2].p999_us = 17;
  result.points.push_back({1, 2, 3, 4, 0.5, 1});
  result.trials.push_back({1, 2, "kept", "a 1 -> 2", 0.125, "12 % better"});
  result.tail.phase_ops_per_s = {100, 25};
  const std::string text = boost::json::serialize(ToJson(result));
  const auto read = CellResultFromJson(boost::json::parse(text).get_object());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(boost::json::serialize(ToJson(*read)), text);
  EXPECT_EQ(read->spec.values, result.spec.values);
}

TEST(CellJson, NamesTheFieldThatIsWrong) {
  const struct {
    const char* json;
    const char* says;
  } kRows[] = {
      {R"({"contestants": "x"})", "\"contestants\" is not a known field"},
      {R"({"seed": "one"})", "\"seed\" must be a number"},
      {R"({"seed": -1})", "\"seed\" must be a number in its range"},
      {R"({"budget": {"cores": 1.5}})", "\"budget.cores\" must be a number"},
      {R"({"values": {}})", "\"values\" must be an array"},
      {R"({"values": [{"option": 1}]})", "\"values[0].option\" must be text"},
      {R"({"values": [{"name": "x"}]})",
       "\"values[0].name\" is not a known field"},
  };
  for (const auto& row : kRows) {
    const auto spec =
        CellSpecFromJson(boost::json::parse(row.json).get_object());
    EXPECT_THAT(std::string(spec.status().message()), HasSubstr(row.says))
        << row.json;
  }
}

TEST(Cell, MeasuresWhatRan) {
  TempDir dir;
  CellSpec spec = SmallCell("defaults", dir);
  ASSERT_TRUE(LoadFor(spec).ok());
  std::atomic<bool> stop{false};
  const CellResult result = RunCell(spec, &stop);
  EXPECT_EQ(result.error, "");
  EXPECT_GT(result.whole.ops_per_s, 0);
  EXPECT_GT(result.tail.kinds[static_cast<int>(Operation::kRead)].count, 0u);
  EXPECT_GT(result.tail.kinds[static_cast<int>(Operation::kUpdate)].p99_us, 0);
  EXPECT_GE(result.points.size(), 4u);
  EXPECT_GT(result.peak_memory_bytes, 0u);
  EXPECT_GT(result.whole.table_bytes_per_data_byte, 0);
  EXPECT_FALSE(fs::exists(spec.work_dir));
}

// Also of the block cache, which is changed through the object itself.
TEST(Cell, SaysWhatIsInForceAtItsEnd) {
  TempDir dir;
  CellSpec spec = SmallCell("values", dir);
  spec.budget.memory_bytes = 1ull << 30;
  spec.values = {{{"block_cache.capacity", ""}, "16777216"},
                 {{"level0_file_num_compaction_trigger", "default"}, "6"}};
  ASSERT_TRUE(LoadFor(spec).ok());
  std::atomic<bool> stop{false};
  const CellResult result = RunCell(spec, &stop);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.changed, spec.values);
  spec.contestant = "defaults";
  EXPECT_TRUE(RunCell(spec, &stop).changed.empty());
}

TEST(Cell, LeavesTheLoadedDatabaseAsItWas) {
  TempDir dir;
  CellSpec spec = SmallCell("defaults", dir);
  ASSERT_TRUE(LoadFor(spec).ok());
  rocksdb::DB* raw = nullptr;
  std::atomic<bool> stop{false};
  RunCell(spec, &stop);
  ASSERT_TRUE(
      rocksdb::DB::OpenForReadOnly(rocksdb::Options(), spec.source_dir, &raw)
          .ok());
  const std::unique_ptr<rocksdb::DB> db(raw);
  EXPECT_TRUE(db->VerifyChecksum().ok());
  EXPECT_GT(db->GetLatestSequenceNumber(), 0u);
}

TEST(Cell, CountsWhatTheEmulatedDeviceDid) {
  TempDir dir;
  CellSpec spec = SmallCell("defaults", dir);
  spec.device = "nvme";
  spec.workload = "readrandom";
  spec.data_bytes = 96 << 20;  // more than the cache of any RocksDB by default
  ASSERT_TRUE(LoadFor(spec).ok());
  std::atomic<bool> stop{false};
  const CellResult result = RunCell(spec, &stop);
  EXPECT_EQ(result.error, "");
  EXPECT_GT(result.tail.device_read_bytes_per_op, 100);
}

TEST(Cell, SaysWhatIsWrongWithItsSpec) {
  TempDir dir;
  std::atomic<bool> stop{false};
  CellSpec spec = SmallCell("rocktun", dir);
  EXPECT_THAT(RunCell(spec, &stop).error, HasSubstr("did you mean rocktune?"));
  spec = SmallCell("defaults", dir);
  spec.workload = "ycsb-x";
  EXPECT_THAT(RunCell(spec, &stop).error, HasSubstr("ycsb-"));
  spec = SmallCell("defaults", dir);
  spec.device = "floppy";
  EXPECT_FALSE(RunCell(spec, &stop).error.empty());
}

TEST(Cell, SaysHowFastEachPhaseOfAPlanWas) {
  TempDir dir;
  CellSpec spec = SmallCell("defaults", dir);
  spec.workload = "phases-day";  // four phases of a minute
  spec.phase_scale = 3.0 / 60;
  spec.run_s = 13;
  spec.tail_s = 12;
  ASSERT_TRUE(LoadFor(spec).ok());
  static std::atomic<bool> never{false};
  const CellResult result = RunCell(spec, &never);
  ASSERT_EQ(result.error, "");
  ASSERT_EQ(result.tail.phase_ops_per_s.size(), 4u);
  const double scans = result.tail.phase_ops_per_s[2];
  EXPECT_LT(scans, result.tail.phase_ops_per_s[0]);
  EXPECT_GT(FullSpeedOpsPerS(spec, result.tail), scans);
  EXPECT_LT(FullSpeedOpsPerS(spec, result.tail), result.tail.ops_per_s);
}

TEST(Cell, EndsEarlyWhenItIsToldTo) {
  TempDir dir;
  CellSpec spec = SmallCell("defaults", dir);
  spec.run_s = 3600;
  ASSERT_TRUE(LoadFor(spec).ok());
  std::atomic<bool> stop{true};
  EXPECT_THAT(RunCell(spec, &stop).error, HasSubstr("interrupted"));
  EXPECT_FALSE(fs::exists(spec.work_dir));
}

TEST(LoadedDatabase, IsLoadedOnceAndAgainAfterAnInterruption) {
  TempDir dir;
  CellSpec spec = SmallCell("defaults", dir);
  ASSERT_TRUE(LoadFor(spec).ok());
  const auto written = fs::last_write_time(spec.source_dir + "/CURRENT");
  ASSERT_TRUE(LoadFor(spec).ok());
  EXPECT_EQ(fs::last_write_time(spec.source_dir + "/CURRENT"), written);
  fs::remove(spec.source_dir + "/rocktune-loaded");  // it was interrupted
  ASSERT_TRUE(LoadFor(spec).ok());
  EXPECT_NE(fs::last_write_time(spec.source_dir + "/CURRENT"), written);
}

absl::StatusOr<ChildEnd> RunCommand(std::vector<std::string> command) {
  ChildPlan plan;
  plan.command = std::move(command);
  return RunToEnd(plan);
}

TEST(ChildProcess, SaysHowItEnded) {
  const auto end = RunCommand({"sh", "-c", "exit 3"});
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end->how, "exit 3");
  const auto killed = RunCommand({"sh", "-c", "kill -ABRT $$"});
  ASSERT_TRUE(killed.ok());
  EXPECT_EQ(killed->exit_code, 134);
  EXPECT_THAT(killed->how, HasSubstr("signal 6"));
}

TEST(ChildProcess, KeepsWhatWasPrinted) {
  TempDir dir;
  ChildPlan plan;
  plan.command = {"sh", "-c", "echo out; echo err >&2; pwd"};
  plan.output = dir.path() + "/log";
  plan.work_dir = dir.path();
  ASSERT_TRUE(RunToEnd(plan).ok());
  EXPECT_EQ(TailOf(plan.output, 1000), "out\nerr\n" + dir.path() + "\n");
  EXPECT_EQ(TailOf(plan.output, 3),
            dir.path().substr(dir.path().size() - 2) + "\n");
}

TEST(ChildProcess, ThatDoesNotExistIsAnErrorWithItsName) {
  EXPECT_THAT(std::string(RunCommand({"no-such-program"}).status().message()),
              HasSubstr("no-such-program"));
}

TEST(Utf8, KeepsTextAndMarksWhatIsNone) {
  EXPECT_EQ(AsUtf8("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
            "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(AsUtf8("\xff"
                   "a\xe2\x82"),
            "?a??");                              // none, and cut short
  EXPECT_EQ(AsUtf8("\xc0\x80"), "??");            // overlong
  EXPECT_EQ(AsUtf8("\xed\xa0\x80"), "???");       // a surrogate
  EXPECT_EQ(AsUtf8("\xf4\x90\x80\x80"), "????");  // beyond Unicode
}

TEST(CellJson, HoldsNothingThatJsonCannot) {
  CellResult result;
  result.error = "\xff";
  result.tail.ops_per_s = std::nan("");
  const std::string text = boost::json::serialize(ToJson(result));
  boost::system::error_code error;
  const auto json = boost::json::parse(text, error);
  ASSERT_FALSE(error) << text;
  const auto read = CellResultFromJson(json.get_object());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->error, "?");
  EXPECT_EQ(read->tail.ops_per_s, 0);
}

TEST(ChildProcess, ThatEndsBeforeASignalComesToUsWasInterrupted) {
  std::atomic<bool> stop{false};
  ChildPlan plan;
  plan.command = {"sh", "-c", "kill -TERM $$"};
  plan.stop = &stop;
  auto end = RunToEnd(plan);
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end->exit_code, 128 + SIGTERM);
  stop = true;
  EXPECT_TRUE(absl::IsCancelled(RunToEnd(plan).status()));
}

TEST(ChildProcess, IsEndedAtItsLimitWithAllItStarted) {
  TempDir dir;
  ChildPlan plan;
  plan.command = {"sh", "-c", "sleep 1000 & echo $!; wait"};
  plan.output = dir.path() + "/log";
  plan.limit = absl::Seconds(1);
  EXPECT_TRUE(absl::IsDeadlineExceeded(RunToEnd(plan).status()));
  std::ifstream log(plan.output);
  int grandchild = 0;
  log >> grandchild;
  ASSERT_GT(grandchild, 0);
  // A zombie of another parent may stay a moment; it is no running process.
  std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
  std::string id, name, state = "Z";
  stat >> id >> name >> state;
  EXPECT_THAT(state, ::testing::AnyOf("Z", "X"));
}

TEST(ChildProcess, IsEndedWhenItsWatcherHasSeenEnough) {
  ChildPlan plan;
  plan.command = {"sleep", "1000"};
  plan.tick = [] { return false; };
  const auto end = RunToEnd(plan);
  ASSERT_TRUE(end.ok());
  EXPECT_TRUE(end->stopped_early);
}

}  // namespace
}  // namespace rocktune
