// Every value that RocksDB accepts online and should not have: measured on 7.8
// and 9.10, where it aborted, stopped writes for ever, never ended or lost
// data.
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/calibration_fixture.h"
#include "tests/policy/safety_checker.h"

namespace rocktune {
namespace {

using ::testing::IsEmpty;

constexpr ProposalSource kOperator = ProposalSource::kOperator;

struct Trap {
  std::string option;
  std::string value;
  std::string after;  // "" when nothing may change
};

void ExpectSafe(const CalibrationFixture& fixture, const Trap& trap,
                ProposalSource source) {
  const CalibrationResult result = fixture.Run(trap.option, trap.value, source);
  EXPECT_THAT(DangersOf(result.change_set, fixture.Context(), source),
              IsEmpty())
      << trap.option << " = " << trap.value << "\n"
      << Describe(result);
  EXPECT_FALSE(result.notes.empty()) << trap.option << " = " << trap.value;
  if (source != kOperator) return;
  EXPECT_EQ(After(result, trap.option), trap.after)
      << trap.option << " = " << trap.value << "\n"
      << Describe(result);
}

void ExpectAllSafe(const CalibrationFixture& fixture,
                   const std::vector<Trap>& traps) {
  for (const Trap& trap : traps) {
    ExpectSafe(fixture, trap, kOperator);
    ExpectSafe(fixture, trap, ProposalSource::kLlm);
  }
}

TEST(CalibrationTraps, DefuseEveryBadValueThatRocksdbAccepts) {
  CalibrationFixture fixture;
  fixture.features.table_options_in_place = false;
  const std::string table = "block_based_table_factory.";
  ExpectAllSafe(
      fixture,
      {{"write_buffer_size", "0", ""},
       {"write_buffer_size", "1", "524288"},
       {"write_buffer_size", "8.5M", "8912896"},
       {"write_buffer_size", "262144", "524288"},
       {"write_buffer_size", "393216", "524288"},
       {"write_buffer_size", "-1", ""},
       {"max_compaction_bytes", "-1", ""},
       {"write_buffer_size", "8MB", "8388608"},
       {"write_buffer_size", "8M", "8388608"},
       {"level0_file_num_compaction_trigger", "0", ""},
       {"level0_file_num_compaction_trigger", "1000", "64"},
       {"level0_slowdown_writes_trigger", "3", "4"},
       {"level0_stop_writes_trigger", "2", "25"},
       {"level0_stop_writes_trigger", "0", ""},
       {"max_write_buffer_number", "0", ""},
       {"max_write_buffer_number", "-3", ""},
       {"max_write_buffer_number", "1", ""},
       {"target_file_size_base", "0", ""},
       {"target_file_size_base", "1", "1048576"},
       {"max_bytes_for_level_base", "0", ""},
       {"max_bytes_for_level_base", "1", "67108864"},
       {table + "block_restart_interval", "0", ""},
       {table + "format_version", "99", ""},
       {"memtable_prefix_bloom_size_ratio", "1", "0.25"},
       {"memtable_prefix_bloom_size_ratio", "50", "0.25"},
       {"memtable_prefix_bloom_size_ratio", "nan", ""},
       {"max_bytes_for_level_multiplier", "nan", ""},
       {"max_bytes_for_level_multiplier", "0", ""},
       {"max_bytes_for_level_multiplier", "-2", ""},
       {"max_bytes_for_level_multiplier_additional", "", ""},
       {"delayed_write_rate", "0", ""},
       {"delayed_write_rate", "1", "1048576"},
       {"max_open_files", "5", "64"},
       {"max_open_files", "0", ""},
       {"max_open_files", "-2", ""},
       {"max_background_jobs", "0", ""},
       {"max_background_jobs", "-5", ""},
       {"max_subcompactions", "0", ""},
       {"memtable_protection_bytes_per_key", "3", ""},
       {"write_buffer_size", "garbage", ""},
       {"write_buffer_size", "", ""},
       {"write_buffer_size", "99999999999999999999999", ""},
       {"compression", "kXpressCompression", ""},
       {"compression", "kDisableCompressionOption", ""},
       // Hang, crash or lose data by the name alone.
       {"table_factory", "", ""},
       {"table_factory", "nullptr", ""},
       {"table_factory", "BlockBasedTable", ""},
       {"table_factory", "{id=BlockBasedTable;block_size=8192}", ""},
       {table + "block_cache", "1M", ""},
       {"prefix_extractor", "no_such_thing", ""},
       {"compaction_options_fifo", "{max_table_files_size=2097152}", ""},
       {"avoid_flush_during_shutdown", "true", ""},
       // Cannot be taken back.
       {"bytes_per_sync", "0", ""},
       {"write_buffer_manager.buffer_size", "0", ""},
       {"write_buffer_manager.buffer_size", "64MB", ""}});
}

TEST(CalibrationTraps, KeepTheArenaBlockWithinTheWriteBuffer) {
  CalibrationFixture fixture;
  fixture.Force("write_buffer_size", "1048576");
  const CalibrationResult result =
      fixture.Run("arena_block_size", "16MB", kOperator);
  EXPECT_EQ(After(result, "arena_block_size"), "2097152") << Describe(result);
  EXPECT_TRUE(HasCode(result, "kept_arena_floor"));
}

TEST(CalibrationTraps, NeverShrinkTheMemtableUnderAHugePage) {
  CalibrationFixture fixture;
  fixture.Force("memtable_huge_page_size", "2097152");
  EXPECT_EQ(After(fixture.Run("write_buffer_size", "1MB", kOperator),
                  "write_buffer_size"),
            "2097152");
}

TEST(CalibrationTraps, KeepTheStopTriggerAboveWhatIsInL0) {
  CalibrationFixture fixture;
  fixture.SetL0Files(24);
  EXPECT_EQ(After(fixture.Run("level0_stop_writes_trigger", "24", kOperator),
                  "level0_stop_writes_trigger"),
            "32");
  fixture.SetL0Files(30);
  const CalibrationResult result =
      fixture.Run("level0_stop_writes_trigger", "24", kOperator);
  EXPECT_TRUE(result.change_set.empty()) << Describe(result);
  EXPECT_TRUE(HasCode(result, "stop_below_l0"));
  EXPECT_TRUE(
      HasCode(fixture.Run("level0_slowdown_writes_trigger", "10", kOperator),
              "slowdown_below_l0"));
}

TEST(CalibrationTraps, RefuseToLowerAStallLimitWhileNothingIsKnown) {
  CalibrationFixture fixture;
  fixture.window = Window();
  for (const auto& [option, value] :
       std::vector<std::pair<std::string, std::string>>{
           {"level0_stop_writes_trigger", "30"},
           {"level0_slowdown_writes_trigger", "10"},
           {"soft_pending_compaction_bytes_limit", "20GB"},
           {"hard_pending_compaction_bytes_limit", "100GB"}}) {
    const CalibrationResult result = fixture.Run(option, value, kOperator);
    EXPECT_TRUE(result.change_set.empty()) << Describe(result);
  }
}

TEST(CalibrationTraps, KeepPendingLimitsAboveWhatIsPending) {
  CalibrationFixture fixture;
  fixture.SetPendingBytes(uint64_t{40} << 30);
  const CalibrationResult soft =
      fixture.Run("soft_pending_compaction_bytes_limit", "1GB", kOperator);
  EXPECT_EQ(After(soft, "soft_pending_compaction_bytes_limit"), "53687091200")
      << Describe(soft);
  EXPECT_TRUE(HasCode(soft, "kept_soft_limit_above_pending"));
  const CalibrationResult hard =
      fixture.Run("hard_pending_compaction_bytes_limit", "1GB", kOperator);
  EXPECT_EQ(After(hard, "hard_pending_compaction_bytes_limit"), "85899345920")
      << Describe(hard);
}

TEST(CalibrationTraps, TreatNoPendingLimitAsTheHighest) {
  CalibrationFixture fixture;
  fixture.SetPendingBytes(uint64_t{40} << 30);
  fixture.Force("hard_pending_compaction_bytes_limit", "0");
  fixture.Force("soft_pending_compaction_bytes_limit", "0");
  EXPECT_EQ(After(fixture.Run("hard_pending_compaction_bytes_limit", "1GB",
                              kOperator),
                  "hard_pending_compaction_bytes_limit"),
            "67108864000");
  EXPECT_EQ(After(fixture.Run("soft_pending_compaction_bytes_limit", "1TB",
                              kOperator),
                  "soft_pending_compaction_bytes_limit"),
            "1099511627776");
}

TEST(CalibrationTraps, KeepMemtablesForAFlushThatMergesThem) {
  CalibrationFixture fixture;
  fixture.database.column_families[1].min_write_buffer_number_to_merge = 3;
  fixture.Force("max_write_buffer_number", "8");
  const CalibrationResult result =
      fixture.Run("max_write_buffer_number", "2", kOperator);
  EXPECT_EQ(After(result, "max_write_buffer_number", "default"), "2");
  EXPECT_EQ(After(result, "max_write_buffer_number", "index"), "4");
  fixture.window.column_families[0].immutable_memtables = 4;
  EXPECT_EQ(After(fixture.Run("max_write_buffer_number", "2", kOperator),
                  "max_write_buffer_number", "default"),
            "6");
}

TEST(CalibrationTraps, RefuseWhatDeletesDataOrStopsForEverUnderFifo) {
  for (const char* style : {"kCompactionStyleFIFO", ""}) {
    CalibrationFixture fixture;
    for (ColumnFamilyFacts& family : fixture.database.column_families) {
      family.compaction_style = style;
    }
    fixture.Force("level0_slowdown_writes_trigger", "2147483647");
    fixture.Force("level0_stop_writes_trigger", "2147483647");
    for (const auto& [option, value] :
         std::vector<std::pair<std::string, std::string>>{
             {"ttl", "10 days"},
             {"periodic_compaction_seconds", "10 days"},
             {"disable_auto_compactions", "true"},
             {"level0_slowdown_writes_trigger", "20"},
             {"level0_stop_writes_trigger", "36"},
             {"max_open_files", "1000"}}) {
      const CalibrationResult result = fixture.Run(option, value, kOperator);
      EXPECT_TRUE(result.change_set.empty()) << style << Describe(result);
    }
  }
}

TEST(CalibrationTraps, RefuseToSwitchCompactionOnOverTheStopTrigger) {
  CalibrationFixture fixture;
  fixture.Force("disable_auto_compactions", "true");
  fixture.SetL0Files(200);
  EXPECT_TRUE(
      HasCode(fixture.Run("disable_auto_compactions", "false", kOperator),
              "stop_below_l0"));
}

TEST(CalibrationTraps, RefuseJobsThatLegacyLimitsOverrule) {
  CalibrationFixture fixture;
  fixture.Force("max_background_compactions", "3");
  EXPECT_TRUE(
      HasCode(fixture.Run("max_background_jobs", "4"), "has_no_effect"));
}

TEST(CalibrationTraps, CloseTableOptionsToAdvisorsWhereWritesAreARace) {
  const CalibrationFixture old_rocksdb("7.8.3");
  const std::string option = "block_based_table_factory.block_size";
  EXPECT_TRUE(HasCode(old_rocksdb.Run(option, "8KB"), "approve_only"));
  EXPECT_TRUE(
      HasCode(old_rocksdb.Run({{option, "index", "8KB", "", ""}}, kOperator),
              "table_options_shared"));
  EXPECT_EQ(After(old_rocksdb.Run(option, "8KB", kOperator), option), "8192");
  const CalibrationFixture new_rocksdb("9.10.0");
  EXPECT_EQ(After(new_rocksdb.Run(option, "8KB"), option), "8192");
}

TEST(CalibrationTraps, KeepTheCacheAboveWhatIsPinnedInIt) {
  CalibrationFixture fixture;
  fixture.Force("block_cache.capacity", "1073741824");
  fixture.window.caches = {{"", 1073741824, 900000000, uint64_t{200} << 20}};
  EXPECT_EQ(After(fixture.Run("block_cache.capacity", "256MB", kOperator),
                  "block_cache.capacity"),
            "419430400");
}

TEST(CalibrationTraps, HoldTheMemtablesOfAllFamiliesInTheirManager) {
  CalibrationFixture fixture;
  fixture.Force("write_buffer_manager.buffer_size", "1073741824");
  fixture.Force("arena_block_size", "8388608");
  EXPECT_EQ(
      After(fixture.Run("write_buffer_manager.buffer_size", "16MB", kOperator),
            "write_buffer_manager.buffer_size"),
      "33554432");
}

}  // namespace
}  // namespace rocktune
