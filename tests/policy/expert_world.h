// A database under RocksDB 7.8's defaults on 2 cores, as the expert sees it.
#ifndef ROCKTUNE_TESTS_POLICY_EXPERT_WORLD_H_
#define ROCKTUNE_TESTS_POLICY_EXPERT_WORLD_H_

#include <string>
#include <utility>
#include <vector>

#include "policy/advisor.h"
#include "policy/option_knowledge.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {

struct ExpertWorld {
  ExpertWorld() {
    host.cores = 2;
    host.memory_bytes = 8ull << 30;
    host.rocksdb_version = "7.8.3";
    database.column_families = {{0, "default"}};
    using Type = OptionType;
    AddOption("block_cache.capacity", OptionScope::kLive, Type::kUint,
              "8388608");
    AddDb("max_background_jobs", "2");
    AddDb("max_subcompactions", "1");
    AddDb("compaction_readahead_size", "0");
    AddDb("bytes_per_sync", "0");
    AddDb("delayed_write_rate", "16777216");
    AddFamily("write_buffer_size", "67108864");
    AddFamily("max_write_buffer_number", "2");
    AddFamily("level0_file_num_compaction_trigger", "4");
    AddFamily("level0_slowdown_writes_trigger", "20");
    AddFamily("level0_stop_writes_trigger", "36");
    AddFamily("max_bytes_for_level_base", "268435456");
    AddFamily("soft_pending_compaction_bytes_limit", "68719476736");
    AddFamily("hard_pending_compaction_bytes_limit", "274877906944");
    AddOption("memtable_prefix_bloom_size_ratio", OptionScope::kColumnFamily,
              Type::kDouble, "0");
    AddOption("memtable_whole_key_filtering", OptionScope::kColumnFamily,
              Type::kBool, "false");
    AddOption("compression", OptionScope::kColumnFamily, Type::kEnum, "kZSTD");
    window = ReadMostlyWindow(100);
    window.column_families.resize(1);
    ColumnFamilyShape& family = window.column_families[0];
    family.name = "default";
    family.levels.resize(7);
    family.levels[6] = {10, 400ull << 20};
    window.caches = {{"", 8ull << 20, 8ull << 20, 0}};
    window.process.cpu_us = 1000000;
  }
  ExpertWorld(const ExpertWorld&) = delete;
  ExpertWorld& operator=(const ExpertWorld&) = delete;

  void AddOption(const std::string& name, OptionScope scope, OptionType type,
                 const std::string& value) {
    DiscoveredOption option{name, scope, type, {}, value};
    if (type == OptionType::kEnum) {
      option.enum_values = {"kNoCompression", "kLZ4Compression", "kZSTD"};
    }
    Add(option, value);
  }
  void AddWords(const std::string& name, OptionScope scope,
                std::vector<std::string> words) {
    const std::string value = words.front();
    Add({name, scope, OptionType::kEnum, std::move(words), value}, value);
  }
  void Add(const DiscoveredOption& option, const std::string& value) {
    rows.push_back(DescribeOption(option, host, setting));
    const bool family = option.scope == OptionScope::kColumnFamily;
    values[{option.name, family ? "default" : ""}] = value;
  }
  void AddDb(const std::string& name, const std::string& value) {
    AddOption(name, OptionScope::kDb, OptionType::kUint, value);
  }
  void AddFamily(const std::string& name, const std::string& value) {
    AddOption(name, OptionScope::kColumnFamily, OptionType::kUint, value);
  }

  // `change` wins over the value in force; its family is the only one.
  void Set(const std::string& name, const std::string& value) {
    for (auto& [key, now] : values) {
      if (key.name == name) now = value;
    }
  }
  double Number(const std::string& name) const {
    for (const auto& [key, now] : values) {
      if (key.name == name) return std::stod(now);
    }
    return 0;
  }

  // What the expert gets: the same window over and over, or `windows`.
  AdvisorInput Input() {
    catalogue = Catalogue(rows);
    if (windows.empty()) windows = Repeat(window, 10);
    AdvisorInput input;
    input.context.catalogue = &catalogue;
    input.context.database = &database;
    input.context.host = &host;
    input.context.features = &features;
    input.context.values = &values;
    input.context.window = &windows.back();
    input.context.pins = &pins;
    input.context.memory_budget_bytes = memory_budget_bytes;
    input.context.setting = setting;
    input.context.max_changes = max_changes;
    input.windows = windows;
    return input;
  }

  HostFacts host;
  DatabaseFacts database;
  RocksdbFeatures features;
  OptionValues values;
  std::vector<Pin> pins;
  std::vector<CatalogueRow> rows;
  Catalogue catalogue;
  Window window;
  std::vector<Window> windows;
  uint64_t memory_budget_bytes = 4ull << 30;
  int max_changes = 4;
  TuningSetting setting = TuningSetting::kOnline;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_EXPERT_WORLD_H_
