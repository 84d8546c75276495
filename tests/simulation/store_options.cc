#include "tests/simulation/store_options.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "policy/option_knowledge.h"

namespace rocktune::simulation {
namespace {

using Scope = OptionScope;
using Type = OptionType;

// Defaults of RocksDB 7.8, but for a cache of 64 MiB: the one of 8 MiB is
// hardly ever left as it is.
const StoreOptionRow kRows[] = {
    {"block_cache.capacity", Scope::kLive, Type::kUint, "67108864",
     &StoreOptions::block_cache_bytes},
    {"write_buffer_size", Scope::kColumnFamily, Type::kUint, "67108864",
     &StoreOptions::write_buffer_bytes},
    {"max_write_buffer_number", Scope::kColumnFamily, Type::kInt, "2",
     &StoreOptions::write_buffers},
    {"level0_file_num_compaction_trigger", Scope::kColumnFamily, Type::kInt,
     "4", &StoreOptions::l0_trigger},
    {"level0_slowdown_writes_trigger", Scope::kColumnFamily, Type::kInt, "20",
     &StoreOptions::l0_slowdown},
    {"level0_stop_writes_trigger", Scope::kColumnFamily, Type::kInt, "36",
     &StoreOptions::l0_stop},
    {"max_background_jobs", Scope::kDb, Type::kInt, "2", &StoreOptions::jobs},
    {"max_subcompactions", Scope::kDb, Type::kUint, "1",
     &StoreOptions::subcompactions},
    {"compaction_readahead_size", Scope::kDb, Type::kUint, "0",
     &StoreOptions::readahead_bytes},
    {"max_bytes_for_level_base", Scope::kColumnFamily, Type::kUint, "268435456",
     &StoreOptions::level_base_bytes},
    {"soft_pending_compaction_bytes_limit", Scope::kColumnFamily, Type::kUint,
     "68719476736", &StoreOptions::soft_debt_bytes},
    {"hard_pending_compaction_bytes_limit", Scope::kColumnFamily, Type::kUint,
     "274877906944", &StoreOptions::hard_debt_bytes},
    {"delayed_write_rate", Scope::kDb, Type::kUint, "16777216",
     &StoreOptions::delayed_write_bytes_per_s},
    {"block_based_table_factory.block_size", Scope::kColumnFamily, Type::kUint,
     "4096", &StoreOptions::block_bytes},
    {"compression", Scope::kColumnFamily, Type::kEnum, "kSnappyCompression",
     &StoreOptions::compression},
};

struct CompressionName {
  const char* name;
  Compression compression;
};
constexpr CompressionName kCompressions[] = {
    {"kNoCompression", Compression::kNone},
    {"kSnappyCompression", Compression::kLz4},  // alike in cost and gain
    {"kLZ4Compression", Compression::kLz4},
    {"kZSTD", Compression::kZstd},
};

double NumberOf(const std::string& text) {
  double number = 0;
  if (absl::SimpleAtod(text, &number)) return number;
  for (const CompressionName& row : kCompressions) {
    if (text == row.name) return static_cast<double>(row.compression);
  }
  return 0;
}

}  // namespace

absl::Span<const StoreOptionRow> StoreOptionRows() { return kRows; }

OptionKey KeyOf(const StoreOptionRow& row) {
  return {row.name, row.scope == Scope::kColumnFamily ? "default" : ""};
}

OptionKey KeyOf(const std::string& name) {
  for (const StoreOptionRow& row : kRows) {
    if (name == row.name) return KeyOf(row);
  }
  return {name, ""};
}

OptionValues DefaultValues() {
  OptionValues values;
  for (const StoreOptionRow& row : kRows)
    values[KeyOf(row)] = row.default_value;
  return values;
}

StoreOptions ParseOptions(const OptionValues& values) {
  StoreOptions options;
  for (const StoreOptionRow& row : kRows) {
    const auto found = values.find(KeyOf(row));
    if (found != values.end()) options.*row.field = NumberOf(found->second);
  }
  return options;
}

MachineFacts FactsOf(const StoreHost& host) {
  MachineFacts facts;
  facts.database.name = "db";
  facts.database.column_families = {{0, "default", "kCompactionStyleLevel"}};
  facts.database.instrumented = true;
  facts.host.cores = host.cores;
  facts.host.memory_bytes = static_cast<uint64_t>(host.memory_bytes);
  facts.host.rotational = false;
  // A version in which advisors may set table options.
  facts.host.rocksdb_version = "9.11.2";
  facts.features.major = 9;
  facts.features.minor = 11;
  facts.features.patch = 2;
  facts.features.running_jobs_revert_options = false;
  facts.features.table_options_in_place = false;
  facts.features.option_write_blocks_writers = false;
  std::vector<CatalogueRow> rows;
  for (const StoreOptionRow& row : kRows) {
    DiscoveredOption option{
        row.name, row.scope, row.type, {}, row.default_value};
    if (row.type == Type::kEnum) {
      for (const CompressionName& name : kCompressions) {
        option.enum_values.emplace_back(name.name);
      }
    }
    rows.push_back(DescribeOption(option, facts.host));
  }
  facts.catalogue = Catalogue(std::move(rows));
  return facts;
}

}  // namespace rocktune::simulation
