// DiscoverOptions: names from what RocksDB prints, types from what it does
// with probes. Only default-constructed options are ever parsed into: on
// RocksDB 9.7 and before, parsing table options into a copy of live ones
// changes the live ones.
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "hooks/live_objects.h"
#include "hooks/option_access.h"
#include "hooks/option_text.h"
#include "rocksdb/convenience.h"
#include "rocksdb/options.h"

namespace rocktune {
namespace {

// Sets an option of a default-constructed object; what is printed for it then,
// or nullopt when the parser refused.
using Probe = std::function<std::optional<std::string>(
    const std::string& name, const std::string& value)>;

// Words of RocksDB's enums, besides compression types. No call lists them; a
// word the linked version does not know is refused by its parser.
constexpr const char* kEnumWords[] = {"kDisable",
                                      "kFlushOnly",
                                      "kFlushAndCompaction",
                                      "kUnknown",
                                      "kHot",
                                      "kWarm",
                                      "kCool",
                                      "kCold",
                                      "kIce",
                                      "kBinarySearch",
                                      "kHashSearch",
                                      "kTwoLevelIndexSearch",
                                      "kBinarySearchWithFirstKey",
                                      "kDataBlockBinarySearch",
                                      "kDataBlockBinaryAndHash",
                                      "kNoShortening",
                                      "kShortenSeparators",
                                      "kShortenSeparatorsAndSuccessor",
                                      "kNoChecksum",
                                      "kCRC32c",
                                      "kxxHash",
                                      "kxxHash64",
                                      "kXXH3"};

// Lists print nothing while they are empty, and are then left out.
struct FilledOption {
  const char* name;
  const char* value;
  OptionType type;
};
constexpr FilledOption kFilledFamilyOptions[] = {
    {"compression_per_level", "kNoCompression:kNoCompression",
     OptionType::kList},
    {"max_bytes_for_level_multiplier_additional", "1:1", OptionType::kList},
};
constexpr FilledOption kFilledDbOptions[] = {
    {"daily_offpeak_time_utc", "00:00-01:00", OptionType::kString},  // 8.9
};

std::optional<std::string> ProbeFamily(const std::string& name,
                                       const std::string& value) {
  rocksdb::ColumnFamilyOptions parsed;
  if (!rocksdb::GetColumnFamilyOptionsFromMap(TextConfig(false),
                                              rocksdb::ColumnFamilyOptions(),
                                              {{name, value}}, &parsed)
           .ok()) {
    return std::nullopt;
  }
  OptionText text = MutableFamilyText(parsed);
  auto it = text.find(name);
  if (it == text.end()) return std::nullopt;
  return it->second;
}

std::optional<std::string> ProbeDb(const std::string& name,
                                   const std::string& value) {
  rocksdb::DBOptions parsed;
  if (!rocksdb::GetDBOptionsFromMap(TextConfig(false), rocksdb::DBOptions(),
                                    {{name, value}}, &parsed)
           .ok()) {
    return std::nullopt;
  }
  OptionText text = MutableDbText(parsed);
  auto it = text.find(name);
  if (it == text.end()) return std::nullopt;
  return it->second;
}

std::optional<std::string> ProbeTable(const std::string& name,
                                      const std::string& value) {
  const std::shared_ptr<rocksdb::TableFactory> factory =
      rocksdb::ColumnFamilyOptions().table_factory;
  if (!factory->ConfigureFromMap(TextConfig(false), {{name, value}}).ok()) {
    return std::nullopt;
  }
  OptionText text = TableText(*factory, /*mutable_only=*/false);
  auto it = text.find(name);
  if (it == text.end()) return std::nullopt;
  return it->second;
}

bool IsNumber(const std::string& text) {
  double number = 0;
  return !text.empty() && absl::SimpleAtod(text, &number);
}

OptionType TypeOf(const std::string& name, const std::string& value,
                  const Probe& probe) {
  if (value == "true" || value == "false") return OptionType::kBool;
  if (absl::StartsWith(value, "{")) {
    // An object ("{id=ribbonfilter;...}") is not made of plain members.
    return absl::StrContains(value, "id=") ? OptionType::kString
                                           : OptionType::kStruct;
  }
  if (IsNumber(value)) {
    double fraction = 0;
    if (absl::SimpleAtod(probe(name, "1.5").value_or(""), &fraction) &&
        fraction == 1.5) {
      return OptionType::kDouble;
    }
    return probe(name, "-1") == "-1" ? OptionType::kInt : OptionType::kUint;
  }
  if (value.size() > 1 && value[0] == 'k') {
    return OptionType::kEnum;
  }
  return OptionType::kString;
}

// The parser also takes compression types that are not linked in, which a live
// call refuses: only linked ones are candidates. The "disable" word means
// "as the other levels" to bottommost_compression and aborts elsewhere.
std::vector<std::string> LinkedCompressions() {
  std::vector<std::string> words;
  for (rocksdb::CompressionType type : rocksdb::GetSupportedCompressions()) {
    rocksdb::ColumnFamilyOptions options;
    options.compression = type;
    OptionText text = MutableFamilyText(options);
    auto it = text.find("compression");
    if (it != text.end()) words.push_back(it->second);
  }
  return words;
}

std::vector<std::string> EnumValues(const DiscoveredOption& option,
                                    const std::string& bare_name,
                                    const std::vector<std::string>& candidates,
                                    const Probe& probe) {
  std::vector<std::string> accepted;
  if (!option.default_value.empty()) accepted.push_back(option.default_value);
  for (const std::string& word : candidates) {
    if (word != option.default_value && probe(bare_name, word) == word) {
      accepted.push_back(word);
    }
  }
  return accepted;
}

class Discovery {
 public:
  Discovery() : candidates_(LinkedCompressions()) {
    candidates_.insert(candidates_.end(), std::begin(kEnumWords),
                       std::end(kEnumWords));
  }

  void AddAll(OptionScope scope, absl::string_view prefix,
              const OptionText& text, const Probe& probe) {
    for (const auto& [name, value] : text) {
      DiscoveredOption option;
      option.name = absl::StrCat(prefix, name);
      option.scope = scope;
      option.type = TypeOf(name, value, probe);
      option.default_value = value;
      if (option.type == OptionType::kDouble) {
        double number = 0;
        if (absl::SimpleAtod(value, &number)) {
          option.default_value = CanonicalDouble(number);
        }
      }
      if (option.type == OptionType::kEnum) {
        option.enum_values = EnumValues(option, name, candidates_, probe);
      }
      found_.push_back(std::move(option));
    }
  }

  // Options that only show once they are filled.
  void AddFilled(OptionScope scope, const FilledOption& filled,
                 const OptionText& text, const Probe& probe) {
    if (text.contains(filled.name)) {  // shown after all: only its type is ours
      for (DiscoveredOption& option : found_) {
        if (option.name == filled.name) option.type = filled.type;
      }
      return;
    }
    if (!probe(filled.name, filled.value).has_value()) return;
    DiscoveredOption option;
    option.name = filled.name;
    option.scope = scope;
    option.type = filled.type;
    if (absl::StartsWith(filled.value, "k")) {
      option.enum_values = EnumValues(option, filled.name, candidates_, probe);
    }
    found_.push_back(std::move(option));
  }

  void AddLive(absl::string_view name, std::string default_value) {
    DiscoveredOption option;
    option.name = std::string(name);
    option.scope = OptionScope::kLive;
    option.type = OptionType::kUint;
    option.default_value = std::move(default_value);
    found_.push_back(std::move(option));
  }

  std::vector<DiscoveredOption> Take() { return std::move(found_); }

 private:
  std::vector<std::string> candidates_;
  std::vector<DiscoveredOption> found_;
};

std::string DefaultCacheCapacity() {
  const rocksdb::ColumnFamilyOptions options;
  const auto* table =
      options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  if (table == nullptr || table->block_cache == nullptr) return "";
  return absl::StrCat(table->block_cache->GetCapacity());
}

}  // namespace

std::vector<DiscoveredOption> DiscoverOptions(
    rocksdb::DB* db, absl::Span<const FamilyRef> families,
    const RocksdbFeatures& features) {
  Discovery discovery;
  const OptionText db_text = MutableDbText(rocksdb::DBOptions());
  discovery.AddAll(OptionScope::kDb, "", db_text, ProbeDb);
  for (const FilledOption& filled : kFilledDbOptions) {
    discovery.AddFilled(OptionScope::kDb, filled, db_text, ProbeDb);
  }
  const rocksdb::ColumnFamilyOptions defaults;
  const OptionText family_text = MutableFamilyText(defaults);
  discovery.AddAll(OptionScope::kColumnFamily, "", family_text, ProbeFamily);
  for (const FilledOption& filled : kFilledFamilyOptions) {
    discovery.AddFilled(OptionScope::kColumnFamily, filled, family_text,
                        ProbeFamily);
  }
  discovery.AddAll(
      OptionScope::kColumnFamily, kTablePrefix,
      TableText(*defaults.table_factory, features.table_options_in_place),
      ProbeTable);

  bool has_cache = false;
  bool has_limiter = false;
  bool has_manager = false;
  for (const auto& [key, value] : ReadLiveValues(db, families)) {
    has_cache |= key.name == kBlockCacheCapacity;
    has_limiter |= key.name == kRateLimiterRate;
    has_manager |= key.name == kWriteBufferManagerSize;
  }
  if (has_cache) {
    discovery.AddLive(kBlockCacheCapacity, DefaultCacheCapacity());
  }
  if (has_limiter) discovery.AddLive(kRateLimiterRate, "");
  if (has_manager) discovery.AddLive(kWriteBufferManagerSize, "");
  return discovery.Take();
}

}  // namespace rocktune
