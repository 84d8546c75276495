#include "policy/option_knowledge.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "policy/knowledge_rows.h"

namespace rocktune {
namespace {

constexpr uint64_t kHostMemory = uint64_t{16} << 30;

HostFacts HostWith(const std::string& version) {
  HostFacts host;
  host.cores = 8;
  host.memory_bytes = kHostMemory;
  host.rocksdb_version = version;
  return host;
}

CatalogueRow Describe(const std::string& name, OptionType type,
                      const std::string& version = "9.10.0") {
  DiscoveredOption option;
  option.name = name;
  option.type = type;
  return DescribeOption(option, HostWith(version));
}

TEST(OptionKnowledge, KnowsEveryMutableOptionOf7Point8And9Point10) {
  const std::vector<std::string> mutable_options = {
      // Column family, 7.8.
      "check_flush_compaction_key_order", "disable_auto_compactions",
      "enable_blob_files", "enable_blob_garbage_collection",
      "ignore_max_compaction_bytes_for_input", "memtable_whole_key_filtering",
      "paranoid_file_checks", "report_bg_io_stats",
      "blob_garbage_collection_age_cutoff",
      "blob_garbage_collection_force_threshold",
      "experimental_mempurge_threshold", "max_bytes_for_level_multiplier",
      "memtable_prefix_bloom_size_ratio", "blob_file_starting_level",
      "level0_file_num_compaction_trigger", "level0_slowdown_writes_trigger",
      "level0_stop_writes_trigger", "max_write_buffer_number",
      "target_file_size_multiplier",
      "max_bytes_for_level_multiplier_additional",
      "memtable_protection_bytes_per_key", "arena_block_size",
      "blob_compaction_readahead_size", "blob_file_size",
      "hard_pending_compaction_bytes_limit",
      "soft_pending_compaction_bytes_limit", "inplace_update_num_locks",
      "max_bytes_for_level_base", "max_compaction_bytes",
      "max_sequential_skip_in_iterations", "max_successive_merges",
      "memtable_huge_page_size", "min_blob_size", "periodic_compaction_seconds",
      "sample_for_compression", "target_file_size_base", "ttl",
      "write_buffer_size", "compression", "bottommost_compression",
      "blob_compression_type", "last_level_temperature",
      "prepopulate_blob_cache", "compression_per_level", "compression_opts",
      "bottommost_compression_opts", "compaction_options_universal",
      "compaction_options_fifo", "prefix_extractor",
      // Column family, new in 9.10.
      "block_protection_bytes_per_key", "bottommost_file_compaction_delay",
      "default_write_temperature", "memtable_max_range_deletions",
      "paranoid_memory_checks", "strict_max_successive_merges",
      "uncache_aggressiveness", "table_factory",
      // Database.
      "avoid_flush_during_shutdown", "bytes_per_sync",
      "compaction_readahead_size", "delayed_write_rate",
      "delete_obsolete_files_period_micros", "max_background_compactions",
      "max_background_flushes", "max_background_jobs", "max_open_files",
      "max_subcompactions", "max_total_wal_size", "stats_dump_period_sec",
      "stats_history_buffer_size", "stats_persist_period_sec",
      "strict_bytes_per_sync", "wal_bytes_per_sync",
      "writable_file_max_buffer_size", "daily_offpeak_time_utc",
      // Table, 7.8, and live objects.
      "block_based_table_factory.block_size",
      "block_based_table_factory.block_restart_interval",
      "block_based_table_factory.detect_filter_construct_corruption",
      "block_based_table_factory.initial_auto_readahead_size",
      "block_based_table_factory.max_auto_readahead_size",
      "block_based_table_factory.num_file_reads_for_auto_readahead",
      "block_based_table_factory.prepopulate_block_cache",
      "block_cache.capacity", "rate_limiter.bytes_per_second",
      "write_buffer_manager.buffer_size"};
  for (const std::string& name : mutable_options) {
    EXPECT_NE(Describe(name, OptionType::kUint).meaning, "") << name;
  }
}

TEST(OptionKnowledge, NamesEachOptionOnceAndSaysWhyItIsClosed) {
  std::set<absl::string_view> names;
  for (absl::Span<const KnowledgeRow> rows :
       {FamilyKnowledge(), DatabaseKnowledge(), TableKnowledge()}) {
    for (const KnowledgeRow& row : rows) {
      EXPECT_TRUE(names.insert(row.name).second) << row.name;
      EXPECT_NE(row.meaning, "") << row.name;
      const bool closed = row.option_class == OptionClass::kForbidden ||
                          row.option_class == OptionClass::kApproveOnly;
      EXPECT_EQ(closed, row.why_class != "") << row.name;
    }
  }
}

TEST(OptionKnowledge, NamesEachOfflineOptionOnceAndClosesNoneThatIsOpenOnline) {
  std::set<absl::string_view> names;
  for (absl::Span<const KnowledgeRow> rows :
       {OfflineFamilyKnowledge(), OfflineDatabaseKnowledge(),
        OfflineTableKnowledge()}) {
    for (const KnowledgeRow& row : rows) {
      EXPECT_TRUE(names.insert(row.name).second) << row.name;
      EXPECT_NE(row.meaning, "") << row.name;
      const bool closed = row.option_class == OptionClass::kForbidden ||
                          row.option_class == OptionClass::kApproveOnly;
      EXPECT_EQ(closed, row.why_class != "") << row.name;
    }
  }
  for (absl::Span<const KnowledgeRow> rows :
       {FamilyKnowledge(), DatabaseKnowledge(), TableKnowledge()}) {
    for (const KnowledgeRow& row : rows) {
      if (row.option_class == OptionClass::kForbidden ||
          row.option_class == OptionClass::kApproveOnly) {
        continue;
      }
      DiscoveredOption option;
      option.name = std::string(row.name);
      option.type = OptionType::kUint;
      const CatalogueRow offline =
          DescribeOption(option, HostWith("7.8.3"), TuningSetting::kOffline);
      EXPECT_NE(offline.option_class, OptionClass::kForbidden) << row.name;
      EXPECT_NE(offline.option_class, OptionClass::kApproveOnly) << row.name;
    }
  }
}

TEST(OptionKnowledge, OpensAnImmutableOptionOfflineOnly) {
  for (const char* name :
       {"num_levels", "max_open_files", "use_direct_reads"}) {
    DiscoveredOption option;
    option.name = name;
    option.type = OptionType::kInt;
    EXPECT_EQ(DescribeOption(option, HostWith("7.8.3")).option_class,
              OptionClass::kApproveOnly)
        << name;
    EXPECT_NE(DescribeOption(option, HostWith("7.8.3"), TuningSetting::kOffline)
                  .option_class,
              OptionClass::kApproveOnly)
        << name;
  }
}

TEST(OptionKnowledge, LeavesOutWordsThatCostDataOrDoNotOpen) {
  DiscoveredOption option;
  option.name = "compaction_style";
  option.type = OptionType::kEnum;
  option.enum_values = {"kCompactionStyleLevel", "kCompactionStyleFIFO"};
  EXPECT_EQ(
      DescribeOption(option, HostFacts(), TuningSetting::kOffline).enum_values,
      std::vector<std::string>{"kCompactionStyleLevel"});
}

TEST(OptionKnowledge, ForbidsWhatTouchesDurabilityChecksOrData) {
  for (const char* name :
       {"avoid_flush_during_shutdown", "paranoid_file_checks",
        "check_flush_compaction_key_order", "prefix_extractor",
        "compaction_options_fifo", "memtable_protection_bytes_per_key",
        "experimental_mempurge_threshold", "table_factory",
        "block_based_table_factory.format_version",
        "block_based_table_factory.no_block_cache",
        "block_based_table_factory.block_cache",
        "block_based_table_factory.whole_key_filtering",
        "block_based_table_factory.detect_filter_construct_corruption"}) {
    EXPECT_EQ(Describe(name, OptionType::kBool).option_class,
              OptionClass::kForbidden)
        << name;
  }
}

TEST(OptionKnowledge, LeavesAnUnknownNumberToTheOperator) {
  const CatalogueRow row = Describe("made_in_2031", OptionType::kUint);
  EXPECT_EQ(row.option_class, OptionClass::kApproveOnly);
  EXPECT_EQ(row.meaning, "");
  EXPECT_NE(row.why_class, "");
}

TEST(OptionKnowledge, ForbidsAnUnknownValueItCannotVet) {
  EXPECT_EQ(Describe("made_in_2031", OptionType::kStruct).option_class,
            OptionClass::kForbidden);
}

TEST(OptionKnowledge, ClosesTableOptionsToAdvisorsWhereTheyAreWrittenInPlace) {
  const std::string name = "block_based_table_factory.block_size";
  for (const char* version : {"7.8.3", "9.7.4", "", "unknown"}) {
    EXPECT_EQ(Describe(name, OptionType::kUint, version).option_class,
              OptionClass::kApproveOnly)
        << version;
  }
  for (const char* version : {"9.8.0", "9.10.0", "10.1.0"}) {
    EXPECT_EQ(Describe(name, OptionType::kUint, version).option_class,
              OptionClass::kChangesFiles)
        << version;
  }
}

TEST(OptionKnowledge, LeavesOutTheWordThatFailsOnBlobsItCannotShrink) {
  DiscoveredOption option;
  option.name = "blob_compression_type";
  option.type = OptionType::kEnum;
  option.enum_values = {"kNoCompression", "kBZip2Compression", "kZSTD"};
  EXPECT_EQ(DescribeOption(option, HostFacts()).enum_values,
            (std::vector<std::string>{"kNoCompression", "kZSTD"}));
  option.name = "compression";  // table blocks are stored raw instead
  EXPECT_EQ(DescribeOption(option, HostFacts()).enum_values.size(), 3u);
}

TEST(OptionKnowledge, TakesSomeBoundsFromTheHost) {
  EXPECT_EQ(Describe("max_background_jobs", OptionType::kInt).max, 16);
  EXPECT_EQ(Describe("max_subcompactions", OptionType::kUint).max, 8);
  EXPECT_EQ(Describe("block_cache.capacity", OptionType::kUint).max,
            0.75 * kHostMemory);
}

TEST(Catalogue, FindsRowsByNameAndTheNearestWhenThereIsNone) {
  CatalogueRow size;
  size.name = "write_buffer_size";
  CatalogueRow block;
  block.name = "block_based_table_factory.block_size";
  const Catalogue catalogue({size, block});
  ASSERT_NE(catalogue.Find("write_buffer_size"), nullptr);
  EXPECT_EQ(catalogue.Find("write_buffer_siz"), nullptr);
  EXPECT_EQ(catalogue.Nearest("write_bufer_size"), "write_buffer_size");
  EXPECT_EQ(catalogue.Nearest("block_sise"), block.name);
  EXPECT_EQ(catalogue.Nearest("something_else_entirely"), "");
  EXPECT_EQ(catalogue.Nearest(""), "");
}

}  // namespace
}  // namespace rocktune
