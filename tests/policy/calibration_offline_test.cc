// Calibration where a restart is free: no step limits, no state, and the
// relations of options that only Open takes.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/calibration_fixture.h"
#include "tests/policy/offline_fixture.h"

namespace rocktune {
namespace {

const std::string kTable = "block_based_table_factory.";

struct Row {
  const char* what;
  std::vector<std::pair<std::string, std::string>> in_force;
  std::vector<std::pair<std::string, std::string>> wishes;
  std::vector<std::pair<std::string, std::string>> after;  // all of it
  const char* code;  // of a note; "" = no note but how a value was read
};

const std::vector<Row> kRows = {
    {"no step limit",
     {},
     {{"write_buffer_size", "1048576"}},
     {{"write_buffer_size", "1048576"}},
     ""},
    {"no direction either",
     {},
     {{"max_bytes_for_level_base", "67108864"}},
     {{"max_bytes_for_level_base", "67108864"}},
     ""},
    {"lowered without a state",
     {},
     {{"level0_slowdown_writes_trigger", "8"}},
     {{"level0_slowdown_writes_trigger", "8"}},
     ""},
    {"a table member before 9.8",
     {},
     {{kTable + "block_size", "16 KiB"}},
     {{kTable + "block_size", "16384"}},
     "read_value"},
    {"a filter as people write it",
     {},
     {{kTable + "filter_policy", "bloomfilter:10"}},
     {{kTable + "filter_policy", "bloomfilter:10:false"}},
     "read_value"},
    {"an unknown filter",
     {},
     {{kTable + "filter_policy", "bloomfilter:11"}},
     {},
     "bad_value"},
    {"FIFO deletes data", {}, {{"compaction_style", "fifo"}}, {}, "bad_value"},
    {"a hash index needs a prefix",
     {},
     {{kTable + "index_type", "kHashSearch"}},
     {},
     "bad_value"},
    {"forbidden stays forbidden",
     {},
     {{"unordered_write", "true"}},
     {},
     "forbidden_option"},
    {"bytes_per_sync back to 0",
     {{"bytes_per_sync", "1048576"}},
     {{"bytes_per_sync", "0"}},
     {{"bytes_per_sync", "0"}},
     ""},
    {"pipelined",
     {},
     {{"enable_pipelined_write", "true"}},
     {{"enable_pipelined_write", "true"}},
     ""},
    {"pipelined and unordered",
     {{"unordered_write", "true"}},
     {{"enable_pipelined_write", "true"}},
     {},
     "pipelined_write_clash"},
    {"pipelined and two queues",
     {{"two_write_queues", "true"}},
     {{"enable_pipelined_write", "true"}},
     {},
     "pipelined_write_clash"},
    {"pipelined and atomic flush",
     {{"atomic_flush", "true"}},
     {{"enable_pipelined_write", "true"}},
     {},
     "pipelined_write_clash"},
    {"a vector has one writer",
     {},
     {{"memtable_factory", "{count=0;id=VectorRepFactory}"}},
     {{"memtable_factory", "{count=0;id=VectorRepFactory}"},
      {"allow_concurrent_memtable_write", "false"}},
     "switched_concurrent_write_off"},
    {"a vector and unordered writes",
     {{"unordered_write", "true"}},
     {{"memtable_factory", "{count=0;id=VectorRepFactory}"}},
     {},
     "unordered_write_clash"},
    {"in-place updates have one writer",
     {{"allow_concurrent_memtable_write", "false"},
      {"inplace_update_support", "true"}},
     {{"allow_concurrent_memtable_write", "true"}},
     {},
     "one_writer_memtable"},
    {"pins what is cached",
     {},
     {{kTable + "pin_l0_filter_and_index_blocks_in_cache", "true"}},
     {{kTable + "pin_l0_filter_and_index_blocks_in_cache", "true"},
      {kTable + "cache_index_and_filter_blocks", "true"}},
     "kept_pins_within_cache"},
    {"takes the pin along",
     {{kTable + "pin_l0_filter_and_index_blocks_in_cache", "true"},
      {kTable + "cache_index_and_filter_blocks", "true"}},
     {{kTable + "cache_index_and_filter_blocks", "false"}},
     {{kTable + "pin_l0_filter_and_index_blocks_in_cache", "false"},
      {kTable + "cache_index_and_filter_blocks", "false"}},
     "kept_pins_within_cache"},
    {"a wish that is in force does not stand in the way",
     {},
     {{kTable + "cache_index_and_filter_blocks", "false"},
      {kTable + "pin_l0_filter_and_index_blocks_in_cache", "true"}},
     {{kTable + "pin_l0_filter_and_index_blocks_in_cache", "true"},
      {kTable + "cache_index_and_filter_blocks", "true"}},
     "kept_pins_within_cache"},
    {"no cache to put it in",
     {{kTable + "no_block_cache", "true"}},
     {{kTable + "cache_index_and_filter_blocks", "true"}},
     {},
     "no_block_cache"},
    {"partitions of two levels",
     {{kTable + "filter_policy", "bloomfilter:10:false"}},
     {{kTable + "partition_filters", "true"}},
     {{kTable + "partition_filters", "true"},
      {kTable + "index_type", "kTwoLevelIndexSearch"}},
     "kept_partitions_with_two_levels"},
    {"back to one level",
     {{kTable + "filter_policy", "bloomfilter:10:false"},
      {kTable + "partition_filters", "true"},
      {kTable + "index_type", "kTwoLevelIndexSearch"}},
     {{kTable + "index_type", "kBinarySearch"}},
     {{kTable + "partition_filters", "false"},
      {kTable + "index_type", "kBinarySearch"}},
     "kept_partitions_with_two_levels"},
    {"partitions of no filter",
     {},
     {{kTable + "partition_filters", "true"}},
     {},
     "has_no_effect"},
    {"hits without a filter",
     {},
     {{"optimize_filters_for_hits", "true"}},
     {},
     "has_no_effect"},
    {"filters of nothing",
     {},
     {{kTable + "whole_key_filtering", "false"}},
     {},
     "filters_left_empty"},
    {"half a word",
     {{"level_compaction_dynamic_level_bytes", "true"}},
     {{"compaction_style", "universal"}},
     {},
     "bad_value"},
    {"universal takes dynamic levels along",
     {{"level_compaction_dynamic_level_bytes", "true"}},
     {{"compaction_style", "kCompactionStyleUniversal"}},
     {{"compaction_style", "kCompactionStyleUniversal"},
      {"level_compaction_dynamic_level_bytes", "false"}},
     "switched_dynamic_levels_off"},
    {"universal in few levels",
     {{"num_levels", "2"}},
     {{"compaction_style", "kCompactionStyleUniversal"}},
     {{"compaction_style", "kCompactionStyleUniversal"}, {"num_levels", "4"}},
     "raised_num_levels"},
    {"members of another style",
     {},
     {{"compaction_options_universal.size_ratio", "20"}},
     {},
     "has_no_effect"},
    {"fewer runs than start a compaction",
     {{"compaction_options_universal.max_read_amp", "3"}},
     {{"compaction_style", "kCompactionStyleUniversal"}},
     {},
     "fewer_runs_than_trigger"},
    {"a word for each level",
     {},
     {{"compression_per_level", "none:lz4:zstd"}},
     {{"compression_per_level",
       "kNoCompression:kLZ4Compression:kZSTD:kZSTD:kZSTD:kZSTD:kZSTD"}},
     "fitted_compression_to_levels"},
    {"fewer levels",
     {{"compression_per_level",
       "kNoCompression:kZSTD:kZSTD:kZSTD:kZSTD:kZSTD:kZSTD"}},
     {{"num_levels", "3"}},
     {{"num_levels", "3"},
      {"compression_per_level", "kNoCompression:kZSTD:kZSTD"}},
     "fitted_compression_to_levels"},
    {"a word that is none",
     {},
     {{"compression_per_level", "none:xpress"}},
     {},
     "bad_value"},
    {"overridden",
     {{"compression_per_level", "kZSTD"}},
     {{"compression", "lz4"}},
     {},
     "has_no_effect"},
    {"mapped and direct",
     {{"allow_mmap_reads", "true"}},
     {{"use_direct_reads", "true"}},
     {},
     "mapped_files"},
    {"mapped and compacted directly",
     {{"allow_mmap_reads", "true"}},
     {{"use_direct_io_for_flush_and_compaction", "true"}},
     {},
     "mapped_files"},
    {"samples of no dictionary",
     {{"compression_opts.zstd_max_train_bytes", "4096"},
      {"compression_opts.max_dict_bytes", "1024"}},
     {{"compression_opts.max_dict_bytes", "0"}},
     {},
     "samples_without_dictionary"},
    {"merges more memtables than there are",
     {},
     {{"min_write_buffer_number_to_merge", "4"}},
     {{"min_write_buffer_number_to_merge", "4"},
      {"max_write_buffer_number", "5"}},
     "raised_write_buffer_number"},
    {"aligned blocks",
     {{kTable + "block_align", "true"}, {"compression", "kNoCompression"}},
     {{kTable + "block_size", "5000"}},
     {},
     "aligned_blocks"},
    {"all memtables hold one",
     {},
     {{"db_write_buffer_size", "16 MiB"}},
     {{"db_write_buffer_size", "67108864"}},
     "raised_db_write_buffer_size"},
    {"too few open files",
     {},
     {{"max_open_files", "5"}},
     {{"max_open_files", "64"}},
     "below_floor"},
};

TEST(CalibrationOffline, KeepsWhatOnlyOpenWouldCheck) {
  for (const Row& row : kRows) {
    OfflineFixture offline;
    for (const auto& [name, value] : row.in_force) offline.Force(name, value);
    const CalibrationResult result = offline.Run(row.wishes);
    EXPECT_EQ(result.change_set.changes.size(), row.after.size())
        << row.what << "\n"
        << Describe(result);
    for (const auto& [name, value] : row.after) {
      EXPECT_EQ(After(result, name), value) << row.what << "\n"
                                            << Describe(result);
    }
    EXPECT_TRUE(*row.code ? HasCode(result, row.code) : result.notes.empty())
        << row.what << "\n"
        << Describe(result);
  }
}

TEST(CalibrationOffline, KnowsFileSystemsWithoutDirectIo) {
  OfflineFixture offline;
  EXPECT_EQ(
      After(offline.Run({{"use_direct_reads", "true"}}), "use_direct_reads"),
      "true");
  offline.host.filesystem = "tmpfs";
  const CalibrationResult result = offline.Run({{"use_direct_reads", "true"}});
  EXPECT_TRUE(HasCode(result, "no_direct_io")) << Describe(result);
}

TEST(CalibrationOffline, HoldsABundleToItsLimitAllTheSame) {
  const OfflineFixture offline;
  const CalibrationResult result =
      offline.Run({{"num_levels", "5"},
                   {"write_buffer_size", "134217728"},
                   {"max_open_files", "1000"}},
                  2);
  EXPECT_EQ(result.change_set.changes.size(), 2u) << Describe(result);
  EXPECT_TRUE(HasCode(result, "too_many_changes"));
}

}  // namespace
}  // namespace rocktune
