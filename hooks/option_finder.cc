#include "hooks/option_finder.h"

#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "hooks/live_objects.h"
#include "rocksdb/convenience.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"

namespace rocktune {
namespace {

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
                                      "kXXH3",
                                      "kCompactionStyleLevel",
                                      "kCompactionStyleUniversal",
                                      "kCompactionStyleFIFO",
                                      "kByCompensatedSize",
                                      "kOldestLargestSeqFirst",
                                      "kOldestSmallestSeqFirst",
                                      "kMinOverlappingRatio",
                                      "kRoundRobin",
                                      "kCompactionStopStyleSimilarSize",
                                      "kCompactionStopStyleTotalSize"};

constexpr FilledOption kFilledFamilyOptions[] = {
    {"compression_per_level", "kNoCompression:kNoCompression",
     OptionType::kList},
    {"max_bytes_for_level_multiplier_additional", "1:1", OptionType::kList},
};
constexpr FilledOption kFilledDbOptions[] = {
    {"daily_offpeak_time_utc", "00:00-01:00", OptionType::kString},  // 8.9
};

bool IsNumber(const std::string& text) {
  double number = 0;
  return !text.empty() && absl::SimpleAtod(text, &number);
}

OptionType TypeOf(const std::string& name, const std::string& value,
                  const OptionProbe& probe) {
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
                                    const OptionProbe& probe) {
  std::vector<std::string> accepted;
  if (!option.default_value.empty()) accepted.push_back(option.default_value);
  for (const std::string& word : candidates) {
    if (word != option.default_value && probe(bare_name, word) == word) {
      accepted.push_back(word);
    }
  }
  return accepted;
}

}  // namespace

std::optional<std::string> ProbeFamily(const std::string& name,
                                       const std::string& value) {
  if (!IsSafeToParse(name, value)) return std::nullopt;
  rocksdb::ColumnFamilyOptions parsed;
  if (!rocksdb::GetColumnFamilyOptionsFromMap(TextConfig(false),
                                              rocksdb::ColumnFamilyOptions(),
                                              {{name, value}}, &parsed)
           .ok()) {
    return std::nullopt;
  }
  OptionText text = FamilyTextWithMembers(parsed);
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
  OptionText text = DbText(parsed, /*mutable_only=*/false);
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

absl::Span<const FilledOption> FilledFamilyOptions() {
  return kFilledFamilyOptions;
}
absl::Span<const FilledOption> FilledDbOptions() { return kFilledDbOptions; }

OptionFinder::OptionFinder() : candidates_(LinkedCompressions()) {
  candidates_.insert(candidates_.end(), std::begin(kEnumWords),
                     std::end(kEnumWords));
}

void OptionFinder::AddAll(OptionScope scope, absl::string_view prefix,
                          const OptionText& text, const OptionProbe& probe) {
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

void OptionFinder::AddFilled(OptionScope scope,
                             absl::Span<const FilledOption> filled_options,
                             const OptionText& text, const OptionProbe& probe) {
  for (const FilledOption& filled : filled_options) {
    if (text.contains(filled.name)) {  // shown after all: only its type is ours
      for (DiscoveredOption& option : found_) {
        if (option.name == filled.name) option.type = filled.type;
      }
      continue;
    }
    if (!probe(filled.name, filled.value).has_value()) continue;
    DiscoveredOption option;
    option.name = filled.name;
    option.scope = scope;
    option.type = filled.type;
    if (absl::StartsWith(filled.value, "k")) {
      option.enum_values = EnumValues(option, filled.name, candidates_, probe);
    }
    found_.push_back(std::move(option));
  }
}

void OptionFinder::AddLive(absl::string_view name, std::string default_value) {
  DiscoveredOption option;
  option.name = std::string(name);
  option.scope = OptionScope::kLive;
  option.type = OptionType::kUint;
  option.default_value = std::move(default_value);
  found_.push_back(std::move(option));
}

OptionFinder FindOptions(const FoundKinds& kinds) {
  OptionFinder finder;
  const OptionText db = DbText(rocksdb::DBOptions(), kinds.mutable_only);
  finder.AddAll(OptionScope::kDb, "", db, ProbeDb);
  finder.AddFilled(OptionScope::kDb, FilledDbOptions(), db, ProbeDb);
  const rocksdb::ColumnFamilyOptions defaults;
  const OptionText family = kinds.mutable_only
                                ? MutableFamilyText(defaults)
                                : FamilyTextWithMembers(defaults);
  finder.AddAll(OptionScope::kColumnFamily, "", family, ProbeFamily);
  finder.AddFilled(OptionScope::kColumnFamily, FilledFamilyOptions(), family,
                   ProbeFamily);
  finder.AddAll(OptionScope::kColumnFamily, kTablePrefix,
                TableText(*defaults.table_factory, kinds.mutable_members_only),
                ProbeTable);
  return finder;
}

std::string DefaultCacheCapacity() {
  const rocksdb::ColumnFamilyOptions options;
  const auto* table =
      options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  if (table == nullptr || table->block_cache == nullptr) return "";
  return absl::StrCat(table->block_cache->GetCapacity());
}

}  // namespace rocktune
