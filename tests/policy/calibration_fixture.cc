#include "tests/policy/calibration_fixture.h"

#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

constexpr OptionScope kFamily = OptionScope::kColumnFamily;
constexpr OptionScope kDb = OptionScope::kDb;
constexpr OptionScope kLive = OptionScope::kLive;
constexpr OptionType kBool = OptionType::kBool;
constexpr OptionType kInt = OptionType::kInt;
constexpr OptionType kUint = OptionType::kUint;
constexpr OptionType kDouble = OptionType::kDouble;
constexpr OptionType kEnum = OptionType::kEnum;

}  // namespace

const std::vector<OptionSeed>& SeedOptions() {
  static const auto* const kSeeds = new std::vector<OptionSeed>{
      {"write_buffer_size", kFamily, kUint, "67108864"},
      {"max_write_buffer_number", kFamily, kInt, "2"},
      {"arena_block_size", kFamily, kUint, "1048576"},
      {"memtable_prefix_bloom_size_ratio", kFamily, kDouble, "0"},
      {"memtable_whole_key_filtering", kFamily, kBool, "false"},
      {"memtable_huge_page_size", kFamily, kUint, "0"},
      {"memtable_protection_bytes_per_key", kFamily, kUint, "0"},
      {"max_successive_merges", kFamily, kUint, "0"},
      {"inplace_update_num_locks", kFamily, kUint, "10000"},
      {"level0_file_num_compaction_trigger", kFamily, kInt, "4"},
      {"level0_slowdown_writes_trigger", kFamily, kInt, "20"},
      {"level0_stop_writes_trigger", kFamily, kInt, "36"},
      {"soft_pending_compaction_bytes_limit", kFamily, kUint, "68719476736"},
      {"hard_pending_compaction_bytes_limit", kFamily, kUint, "274877906944"},
      {"max_bytes_for_level_base", kFamily, kUint, "268435456"},
      {"max_bytes_for_level_multiplier", kFamily, kDouble, "10"},
      {"max_bytes_for_level_multiplier_additional", kFamily, OptionType::kList,
       "1:1:1:1:1:1:1"},
      {"target_file_size_base", kFamily, kUint, "67108864"},
      {"target_file_size_multiplier", kFamily, kInt, "1"},
      {"max_compaction_bytes", kFamily, kUint, "1677721600"},
      {"disable_auto_compactions", kFamily, kBool, "false"},
      {"ttl", kFamily, kUint, "2592000"},
      {"periodic_compaction_seconds", kFamily, kUint, "0"},
      {"compression", kFamily, kEnum, "kSnappyCompression"},
      {"bottommost_compression", kFamily, kEnum, "kDisableCompressionOption"},
      {"compression_opts", kFamily, OptionType::kStruct, "{level=32767}"},
      {"compaction_options_fifo", kFamily, OptionType::kStruct,
       "{max_table_files_size=1073741824}"},
      {"prefix_extractor", kFamily, OptionType::kString, "nullptr"},
      {"table_factory", kFamily, OptionType::kString, "BlockBasedTable"},
      {"paranoid_file_checks", kFamily, kBool, "false"},
      {"enable_blob_files", kFamily, kBool, "false"},
      {"block_based_table_factory.block_size", kFamily, kUint, "4096"},
      {"block_based_table_factory.block_restart_interval", kFamily, kInt, "16"},
      {"block_based_table_factory.format_version", kFamily, kUint, "6"},
      {"block_based_table_factory.block_cache", kFamily, OptionType::kString,
       "LRUCache"},
      {"max_background_jobs", kDb, kInt, "2"},
      {"max_background_compactions", kDb, kInt, "-1"},
      {"max_background_flushes", kDb, kInt, "-1"},
      {"max_subcompactions", kDb, kUint, "1"},
      {"bytes_per_sync", kDb, kUint, "1048576"},
      {"compaction_readahead_size", kDb, kUint, "2097152"},
      {"delayed_write_rate", kDb, kUint, "16777216"},
      {"max_total_wal_size", kDb, kUint, "0"},
      {"max_open_files", kDb, kInt, "-1"},
      {"wal_bytes_per_sync", kDb, kUint, "0"},
      {"avoid_flush_during_shutdown", kDb, kBool, "false"},
      {"block_cache.capacity", kLive, kUint, "33554432"},
      {"write_buffer_manager.buffer_size", kLive, kUint, "0"},
      {"rate_limiter.bytes_per_second", kLive, kUint, "104857600"},
      {"made_in_2031", kDb, kUint, "7"},
  };
  return *kSeeds;
}

CalibrationFixture::CalibrationFixture(const std::string& version) {
  host.cores = 8;
  host.memory_bytes = uint64_t{16} << 30;
  host.rocksdb_version = version;
  features.table_options_in_place = version[0] == '7';
  database.name = "db";
  database.column_families = {{0, "default", "kCompactionStyleLevel", 1},
                              {1, "index", "kCompactionStyleLevel", 1}};
  for (const ColumnFamilyFacts& family : database.column_families) {
    ColumnFamilyShape shape;
    shape.id = family.id;
    shape.name = family.name;
    shape.levels.resize(7);
    window.column_families.push_back(shape);
  }
  std::vector<CatalogueRow> rows;
  for (const OptionSeed& seed : SeedOptions()) {
    DiscoveredOption option;
    option.name = seed.name;
    option.scope = seed.scope;
    option.type = seed.type;
    if (seed.type == kEnum) {
      option.enum_values = {"kNoCompression", "kSnappyCompression",
                            "kLZ4Compression", "kZSTD",
                            "kDisableCompressionOption"};
    }
    rows.push_back(DescribeOption(option, host));
    if (seed.scope != kFamily) {
      values[OptionKey{seed.name, ""}] = seed.value;
      continue;
    }
    for (const ColumnFamilyFacts& family : database.column_families) {
      values[OptionKey{seed.name, family.name}] = seed.value;
    }
  }
  catalogue = Catalogue(std::move(rows));
}

CalibrationContext CalibrationFixture::Context() const {
  CalibrationContext context;
  context.catalogue = &catalogue;
  context.database = &database;
  context.host = &host;
  context.features = &features;
  context.values = &values;
  context.window = &window;
  context.pins = &pins;
  context.memory_budget_bytes = memory_budget_bytes;
  context.memory_of_others_bytes = memory_of_others_bytes;
  context.max_changes = max_changes;
  return context;
}

CalibrationResult CalibrationFixture::Run(
    const std::vector<ProposedChange>& changes, ProposalSource source) const {
  Proposal proposal;
  proposal.source = source;
  proposal.changes = changes;
  return Calibrate(proposal, Context());
}

CalibrationResult CalibrationFixture::Run(const std::string& option,
                                          const std::string& value,
                                          ProposalSource source) const {
  return Run({{option, "", value, "", ""}}, source);
}

void CalibrationFixture::Force(const std::string& name,
                               const std::string& value) {
  for (auto& [key, in_force] : values) {
    if (key.name == name) in_force = value;
  }
}

void CalibrationFixture::SetL0Files(uint64_t files) {
  for (ColumnFamilyShape& shape : window.column_families) {
    shape.levels[0].files = files;
  }
}

void CalibrationFixture::SetPendingBytes(uint64_t bytes) {
  for (ColumnFamilyShape& shape : window.column_families) {
    shape.pending_compaction_bytes = bytes;
  }
}

std::string After(const CalibrationResult& result, const std::string& name,
                  const std::string& family) {
  for (const Change& change : result.change_set.changes) {
    if (change.key.name == name && (change.key.column_family == family ||
                                    change.key.column_family.empty())) {
      return change.after;
    }
  }
  return "";
}

bool HasCode(const CalibrationResult& result, const std::string& code) {
  for (const CalibrationNote& note : result.notes) {
    if (note.code == code) return true;
  }
  return false;
}

std::string Describe(const CalibrationResult& result) {
  std::string text;
  for (const Change& change : result.change_set.changes) {
    absl::StrAppend(&text, ToString(change.key), ": ", change.before, " -> ",
                    change.after, "\n");
  }
  for (const CalibrationNote& note : result.notes) {
    absl::StrAppend(&text, ToString(note.step), " ",
                    note.rejected ? "rejected " : "", note.option, "[",
                    note.column_family, "] ", note.code, ": ", note.message,
                    " (", note.asked, " -> ", note.given, ")\n");
  }
  return text;
}

}  // namespace rocktune
