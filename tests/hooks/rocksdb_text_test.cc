// What RocksDB prints, of versions we are not linked with as well, and the
// rules we follow on it.
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/family_names.h"
#include "hooks/host_statistics.h"
#include "hooks/lsm_sampler.h"
#include "hooks/stall_proximity.h"
#include "hooks/versions.h"

namespace rocktune {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct VersionCase {
  const char* version;
  bool revert;
  bool in_place;
  bool blocks;
  const char* memtable_stop_key;
};

constexpr char kOldKey[] = "io_stalls.memtable_compaction";
constexpr char kNewKey[] = "memtable-limit-stops";

constexpr VersionCase kVersions[] = {
    {"", true, true, true, kOldKey},  // promises least
    {"6.29.5", true, true, true, kOldKey},
    {"7.8.3", true, true, true, kOldKey},
    {"8.0.0", true, true, true, kOldKey},
    {"8.1.1", true, true, true, kNewKey},
    {"8.8.1", true, true, false, kNewKey},
    {"9.7.4", true, true, false, kNewKey},
    {"9.10.0", true, false, false, kNewKey},
    {"9.11.0", true, false, false, kNewKey},
    {"9.11.1-rc1", false, false, false, kNewKey},
    {"10.2.1", false, false, false, kNewKey},
    {"11.4.0", false, false, false, kNewKey},
    {"12.0", false, false, false, kNewKey},
};

TEST(Versions, HaveTheFeaturesOfTheirRow) {
  for (const VersionCase& expected : kVersions) {
    SCOPED_TRACE(expected.version);
    const RocksdbFeatures features = FeaturesOf(expected.version);
    EXPECT_EQ(features.running_jobs_revert_options, expected.revert);
    EXPECT_EQ(features.table_options_in_place, expected.in_place);
    EXPECT_EQ(features.option_write_blocks_writers, expected.blocks);
    EXPECT_STREQ(StallKeysOf(features).memtable[1], expected.memtable_stop_key);
  }
}

TEST(Versions, ReadTheNumbers) {
  const RocksdbFeatures features = FeaturesOf("9.11.2-rc7.1");
  EXPECT_EQ(features.major, 9);
  EXPECT_EQ(features.minor, 11);
  EXPECT_EQ(features.patch, 2);
  EXPECT_EQ(FeaturesOf("unknown").major, 0);
  EXPECT_GE(FeaturesOf(LoadedRocksdbVersion()).major, 7);
}

TEST(CfStats, GiveLevelsAndStallsOfBothSpellings) {
  const std::map<std::string, std::string> old_stats = {
      {"compaction.L0.NumFiles", "3.000000"},
      {"compaction.L0.SizeBytes", "13008.000000"},
      {"compaction.L6.NumFiles", "junk"},
      {"compaction.L6.SizeBytes", "-1"},
      {"compaction.L9.NumFiles", "5.000000"},
      {"io_stalls.memtable_slowdown", "1"},
      {"io_stalls.memtable_compaction", "2"},
      {"io_stalls.level0_numfiles", "4"},
      {"io_stalls.level0_numfiles_with_compaction", "4"},
      {"io_stalls.stop_for_pending_compaction_bytes", "7"}};
  ColumnFamilyShape shape;
  shape.levels.resize(7);
  ParseLevels(old_stats, &shape);
  EXPECT_EQ(shape.levels[0].files, 3u);
  EXPECT_EQ(shape.Bytes(), 13008u);
  EXPECT_EQ(shape.levels[6].files, 0u);
  StallCounts counts =
      ParseStallCounts(old_stats, StallKeysOf(FeaturesOf("7.8.3")));
  EXPECT_EQ(counts.memtable, 3u);
  EXPECT_EQ(counts.l0, 4u);
  EXPECT_EQ(counts.pending_bytes, 7u);

  counts = ParseStallCounts(
      {{"memtable-limit-delays", "1"},
       {"l0-file-count-limit-stops", "2"},
       {"pending-compaction-bytes-delays", "3"},
       {"cf-l0-file-count-limit-stops-with-ongoing-compaction", "2"}},
      StallKeysOf(FeaturesOf("9.10.0")));
  EXPECT_EQ(counts.memtable, 1u);
  EXPECT_EQ(counts.l0, 2u);
  EXPECT_EQ(counts.pending_bytes, 3u);
}

constexpr char kHistogram[] =
    "Count: 1000 Average: 4.6110  StdDev: 8.39\n"
    "Min: 3  Median: 3.6205  Max: 267\n"
    "Percentiles: P50: 3.62 P75: 4.17 P99: 9.53 P99.9: 250.00\n"
    "------------------------------------------------------\n"
    "[       0,       1 ]        4   0.400%   0.400% \n"
    "(       2,       3 ]      124  12.400%  12.800% ##\n"
    "(       3,       4 ]      872  87.200% 100.000% ############\n"
    "(       9,       8 ]      872  nonsense\n"
    "(       3 ]\n";

TEST(HostHistogram, IsReadLineByLine) {
  const std::vector<HistogramBucket> buckets = ParseHistogram(kHistogram);
  ASSERT_EQ(buckets.size(), 3u);
  EXPECT_EQ(buckets[0].low, 0);
  EXPECT_EQ(buckets[2].high, 4);
  EXPECT_EQ(buckets[2].count, 872u);
  EXPECT_THAT(ParseHistogram(""), IsEmpty());
}

TEST(HostHistogram, GivesPercentilesOfADifference) {
  const std::vector<HistogramBucket> before = {{1, 2, 100}, {4, 6, 10}};
  const std::vector<HistogramBucket> after = {
      {1, 2, 100}, {2, 3, 50}, {4, 6, 60}};
  const std::vector<HistogramBucket> recent = Difference(before, after);
  ASSERT_EQ(recent.size(), 2u);
  EXPECT_EQ(recent[1].count, 50u);
  EXPECT_DOUBLE_EQ(Percentile(recent, 0.5), 3);
  EXPECT_DOUBLE_EQ(Percentile(recent, 0.75), 5);
  EXPECT_DOUBLE_EQ(Percentile(recent, 1), 6);
  EXPECT_EQ(Percentile({}, 0.5), 0);
}

TEST(HostHistogram, IsNotDifferencedAcrossAReset) {
  const std::vector<HistogramBucket> before = {{1, 2, 100}, {4, 6, 10}};
  EXPECT_THAT(Difference(before, {{1, 2, 50}, {4, 6, 20}}), IsEmpty());
  EXPECT_THAT(Difference(before, {{4, 6, 20}}), IsEmpty());
  EXPECT_THAT(Difference(before, {{1, 2, 100}}), IsEmpty());
}

TEST(FamilyNames, AreReadFromAnOptionsFile) {
  EXPECT_THAT(FamiliesInOptionsText("[Version]\n[DBOptions]\n"
                                    "[CFOptions \"default\"]\n"
                                    "  write_buffer_size=1\n"
                                    "[TableOptions/BlockBasedTable "
                                    "\"default\"]\n"
                                    "[CFOptions \"a \\\"b\"]\n"
                                    "[CFOptions \"torn\n"),
              ElementsAre("a \\\"b", "default"));
  EXPECT_THAT(FamiliesInOptionsText(""), IsEmpty());
}

TEST(FamilyNames, ComeFromTheNewestFile) {
  EXPECT_EQ(NewestOptionsFile({"OPTIONS-000009", "OPTIONS-000012", "CURRENT",
                               "OPTIONS-000013.dbtmp", "000014.sst"}),
            "OPTIONS-000012");
  EXPECT_EQ(NewestOptionsFile({"OPTIONS-", "LOG"}), "");
}

StallPressure Calm() {
  StallPressure pressure;
  pressure.max_write_buffers = 4;
  pressure.l0_stop_trigger = 40;
  pressure.hard_pending_bytes_limit = 1000;
  return pressure;
}

TEST(StallProximity, IsThatOfTheNearestLimit) {
  StallPressure pressure = Calm();
  EXPECT_EQ(NearestStop(pressure).nearness, 0);
  EXPECT_EQ(NearestStop(pressure).cause, "");
  pressure.l0_files = 10;
  EXPECT_DOUBLE_EQ(NearestStop(pressure).nearness, 0.25);
  EXPECT_EQ(NearestStop(pressure).cause, "l0_files");
  pressure.pending_bytes = 900;
  EXPECT_DOUBLE_EQ(NearestStop(pressure).nearness, 0.9);
  EXPECT_EQ(NearestStop(pressure).cause, "pending_bytes");
  pressure.immutable_memtables = 4;
  EXPECT_EQ(NearestStop(pressure).nearness, 1);
  EXPECT_EQ(NearestStop(pressure).cause, "memtables");
}

TEST(StallProximity, CountsTheActiveMemtableOneSwitchBeforeTheStop) {
  StallPressure pressure = Calm();
  pressure.active_memtable_fill = 0.5;
  pressure.immutable_memtables = 2;
  EXPECT_DOUBLE_EQ(NearestStop(pressure).nearness, 0.5);
  pressure.immutable_memtables = 3;
  EXPECT_DOUBLE_EQ(NearestStop(pressure).nearness, 0.875);
}

TEST(StallProximity, KnowsWhatNeverStopsWrites) {
  StallPressure pressure = Calm();
  pressure.pending_bytes = 5000;
  pressure.hard_pending_bytes_limit = 0;
  EXPECT_EQ(NearestStop(pressure).nearness, 0);
  pressure.hard_pending_bytes_limit = 1000;
  pressure.l0_files = 100;
  pressure.auto_compactions_off = true;
  EXPECT_EQ(NearestStop(pressure).nearness, 0);
}

TEST(StallProximity, SaysStoppedForLimitsOfZero) {
  StallPressure pressure = Calm();
  pressure.max_write_buffers = 0;
  EXPECT_EQ(NearestStop(pressure).nearness, 1);
  pressure = Calm();
  pressure.l0_stop_trigger = -1;
  EXPECT_EQ(NearestStop(pressure).nearness, 1);
}

}  // namespace
}  // namespace rocktune
