// Options as calibration sees them offline: what relations speak of.
#ifndef ROCKTUNE_TESTS_POLICY_OFFLINE_FIXTURE_H_
#define ROCKTUNE_TESTS_POLICY_OFFLINE_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "policy/calibration.h"
#include "policy/option_knowledge.h"

namespace rocktune {

// One family with the defaults of RocksDB 7.8, offline.
class OfflineFixture {
 public:
  OfflineFixture() {
    const std::string kTable = "block_based_table_factory.";
    host.cores = 4;
    host.memory_bytes = uint64_t{8} << 30;
    host.rocksdb_version = "7.8.3";
    database.column_families = {{0, "default", "kCompactionStyleLevel", 1}};
    for (const char* name :
         {"enable_pipelined_write", "unordered_write", "two_write_queues",
          "atomic_flush", "use_direct_reads", "allow_mmap_reads",
          "use_direct_io_for_flush_and_compaction"}) {
      Add(name, kDb, OptionType::kBool, "false");
    }
    Add("allow_concurrent_memtable_write", kDb, OptionType::kBool, "true");
    Add("db_write_buffer_size", kDb, OptionType::kUint, "0");
    Add("bytes_per_sync", kDb, OptionType::kUint, "0");
    Add("max_open_files", kDb, OptionType::kInt, "-1");
    for (const char* member :
         {"partition_filters", "cache_index_and_filter_blocks",
          "no_block_cache", "pin_l0_filter_and_index_blocks_in_cache",
          "block_align"}) {
      Add(kTable + member, kFamily, OptionType::kBool, "false");
    }
    Add(kTable + "whole_key_filtering", kFamily, OptionType::kBool, "true");
    Add(kTable + "block_size", kFamily, OptionType::kUint, "4096");
    AddWords(kTable + "filter_policy", {"nullptr", "bloomfilter:10:false"});
    AddWords(kTable + "index_type",
             {"kBinarySearch", "kTwoLevelIndexSearch", "kHashSearch"});
    AddWords("memtable_factory",
             {"SkipListFactory", "{count=0;id=VectorRepFactory}"});
    AddWords("compaction_style",
             {"kCompactionStyleLevel", "kCompactionStyleUniversal",
              "kCompactionStyleFIFO"});
    AddWords("compression", {"kSnappyCompression", "kLZ4Compression"});
    Add("compression_per_level", kFamily, OptionType::kList, "");
    Add("prefix_extractor", kFamily, OptionType::kString, "nullptr");
    for (const char* name :
         {"level_compaction_dynamic_level_bytes", "inplace_update_support",
          "optimize_filters_for_hits"}) {
      Add(name, kFamily, OptionType::kBool, "false");
    }
    Add("compaction_options_universal.size_ratio", kFamily, OptionType::kUint,
        "1");
    for (const char* member : {"zstd_max_train_bytes", "max_dict_bytes"}) {
      Add(std::string("compression_opts.") + member, kFamily, OptionType::kUint,
          "0");
    }
    Add("compaction_options_universal.max_read_amp", kFamily, OptionType::kInt,
        "-1");
    Add("level0_file_num_compaction_trigger", kFamily, OptionType::kInt, "4");
    Add("num_levels", kFamily, OptionType::kUint, "7");
    Add("max_successive_merges", kFamily, OptionType::kUint, "0");
    Add("min_write_buffer_number_to_merge", kFamily, OptionType::kInt, "1");
    Add("max_write_buffer_number", kFamily, OptionType::kInt, "2");
    Add("write_buffer_size", kFamily, OptionType::kUint, "67108864");
    Add("max_bytes_for_level_base", kFamily, OptionType::kUint, "268435456");
    Add("level0_slowdown_writes_trigger", kFamily, OptionType::kInt, "20");
  }

  void Force(const std::string& name, const std::string& value) {
    for (auto& [key, in_force] : values_) {
      if (key.name == name) in_force = value;
    }
  }

  CalibrationResult Run(
      const std::vector<std::pair<std::string, std::string>>& wishes,
      int max_changes = 16) const {
    const Catalogue catalogue(rows_);
    CalibrationContext context;
    context.catalogue = &catalogue;
    context.database = &database;
    context.host = &host;
    context.features = &features_;
    context.values = &values_;
    context.window = &window_;
    context.pins = &pins_;
    context.max_changes = max_changes;
    context.setting = TuningSetting::kOffline;
    Proposal proposal;
    proposal.source = ProposalSource::kLlm;
    for (const auto& [option, value] : wishes) {
      proposal.changes.push_back({option, "", value, "", ""});
    }
    return Calibrate(proposal, context);
  }

  HostFacts host;
  DatabaseFacts database;

 private:
  static constexpr OptionScope kFamily = OptionScope::kColumnFamily;
  static constexpr OptionScope kDb = OptionScope::kDb;

  void Add(const std::string& name, OptionScope scope, OptionType type,
           const std::string& value) {
    DiscoveredOption option{name, scope, type, {}, value};
    if (type == OptionType::kList) {
      option.enum_values = {"kNoCompression", "kLZ4Compression", "kZSTD"};
    }
    Add(option, value);
  }
  void AddWords(const std::string& name, std::vector<std::string> words) {
    const std::string value = words.front();
    Add({name, kFamily, OptionType::kEnum, std::move(words), value}, value);
  }
  void Add(const DiscoveredOption& option, const std::string& value) {
    rows_.push_back(DescribeOption(option, host, TuningSetting::kOffline));
    values_[{option.name, option.scope == kFamily ? "default" : ""}] = value;
  }

  RocksdbFeatures features_;  // in place, as before 9.8: no matter offline
  std::vector<CatalogueRow> rows_;
  OptionValues values_;
  Window window_;  // nothing is known of the state
  std::vector<Pin> pins_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_OFFLINE_FIXTURE_H_
