#include "hooks/option_set.h"

#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "hooks/option_finder.h"
#include "hooks/option_text.h"
#include "hooks/set_objects.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"
#include "rocksdb/convenience.h"
#include "rocksdb/table.h"

namespace rocktune {
namespace {

using TextMap = std::unordered_map<std::string, std::string>;

// Objects that RocksDB makes from a word. What it then prints is the canonical
// text; words that the linked version does not know are left out.
struct ObjectWords {
  const char* name;  // in the catalogue
  std::vector<const char*> words;
};

const std::vector<ObjectWords>& Objects() {
  // More than 20 bits a key bring nothing, fewer than 4 hold back little.
  static const auto* const kObjects = new std::vector<ObjectWords>{
      {"block_based_table_factory.filter_policy",
       {"nullptr", "bloomfilter:4", "bloomfilter:5", "bloomfilter:6",
        "bloomfilter:8", "bloomfilter:10", "bloomfilter:12", "bloomfilter:14",
        "bloomfilter:16", "bloomfilter:20", "ribbonfilter:8", "ribbonfilter:10",
        "ribbonfilter:16"}},
      {"memtable_factory", {"SkipListFactory", "VectorRepFactory"}},
  };
  return *kObjects;
}

void MakeWordsOf(DiscoveredOption* option) {
  for (const ObjectWords& object : Objects()) {
    if (option->name != object.name) continue;
    option->type = OptionType::kEnum;
    for (const char* word : object.words) {
      const std::optional<std::string> printed =
          absl::StartsWith(option->name, kTablePrefix)
              ? ProbeTable(option->name.substr(kTablePrefix.size()), word)
              : ProbeFamily(option->name, word);
      if (printed && !absl::c_linear_search(option->enum_values, *printed)) {
        option->enum_values.push_back(*printed);
      }
    }
  }
}

// Everything of one family by the names of the catalogue.
OptionText WholeText(const rocksdb::ColumnFamilyOptions& options) {
  OptionText text = FamilyTextWithMembers(options);
  if (options.table_factory == nullptr) return text;
  for (auto& [member, value] :
       TableText(*options.table_factory, /*mutable_only=*/false)) {
    text[absl::StrCat(kTablePrefix, member)] = std::move(value);
  }
  return text;
}

absl::Status Refused(absl::string_view where, const rocksdb::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat(
      "RocksDB refuses the options of ", where, ": ", status.ToString()));
}

absl::Status SetDb(const TextMap& values, OptionSet* options) {
  if (values.empty()) return absl::OkStatus();
  rocksdb::DBOptions changed;
  const rocksdb::Status status = rocksdb::GetDBOptionsFromMap(
      StrictConfig(), options->db, values, &changed);
  if (!status.ok()) return Refused("the database", status);
  options->db = std::move(changed);
  return absl::OkStatus();
}

absl::Status SetTable(const TextMap& members,
                      rocksdb::ColumnFamilyDescriptor* family) {
  if (members.empty()) return absl::OkStatus();
  const auto* table = BlockBasedTableOf(family->options);
  if (table == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "column family ", family->name, " has no block-based table"));
  }
  // RocksDB configures the factory in place, and copies of the set share it.
  SetBlockBasedTable(rocksdb::BlockBasedTableOptions(*table), &family->options);
  const rocksdb::Status status =
      family->options.table_factory->ConfigureFromMap(StrictConfig(), members);
  if (!status.ok()) return Refused(family->name, status);
  return absl::OkStatus();
}

absl::Status SetFamily(const OptionText& values,
                       rocksdb::ColumnFamilyDescriptor* family) {
  TextMap plain;
  TextMap members;
  for (const auto& [name, value] : values) {
    if (!IsSafeToParse(name, value)) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, " = ", Quoted(value), " is out of range"));
    }
    if (absl::StartsWith(name, kTablePrefix)) {
      members[name.substr(kTablePrefix.size())] = value;
    } else {
      plain[name] = value;
    }
  }
  if (!plain.empty()) {
    rocksdb::ColumnFamilyOptions changed;
    const rocksdb::Status status = rocksdb::GetColumnFamilyOptionsFromMap(
        StrictConfig(), family->options, plain, &changed);
    if (!status.ok()) return Refused(family->name, status);
    family->options = std::move(changed);
  }
  return SetTable(members, family);
}

// RocksDB reads "64x" as 64, "-1" as 2^64-1 and an unknown filter as none.
absl::Status CheckReadBack(const OptionValues& wanted,
                           const OptionSet& options) {
  const OptionValues got = AllOptionValues(options);
  for (const auto& [key, value] : wanted) {
    auto found = got.find(key);
    const std::string now = found == got.end() ? "" : found->second;
    if (SameValue(now, value)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        ToString(key), " = ", Quoted(value), " became ", Quoted(now)));
  }
  return absl::OkStatus();
}

}  // namespace

OptionSet DefaultOptionSet() {
  OptionSet options;
  rocksdb::ColumnFamilyOptions family;
  rocksdb::BlockBasedTableOptions table;
  if (const auto* own = BlockBasedTableOf(family); own != nullptr) table = *own;
  if (table.block_cache != nullptr) {
    table.block_cache = rocksdb::NewLRUCache(table.block_cache->GetCapacity());
  }
  SetBlockBasedTable(table, &family);
  options.families.emplace_back(rocksdb::kDefaultColumnFamilyName, family);
  return options;
}

std::vector<DiscoveredOption> DiscoverOfflineOptions(const OptionSet& options) {
  OptionFinder finder = FindOptions({/*mutable_only=*/false, false});
  std::string last;
  for (const auto& [key, value] : LiveValuesOf(options)) {
    if (key.name == last) continue;  // one row for all caches
    last = key.name;
    finder.AddLive(key.name, key.name == kBlockCacheCapacity
                                 ? DefaultCacheCapacity()
                                 : "");
  }
  std::vector<DiscoveredOption> found = finder.Take();
  for (DiscoveredOption& option : found) MakeWordsOf(&option);
  return found;
}

std::vector<ColumnFamilyFacts> FamilyFacts(const OptionSet& options) {
  std::vector<ColumnFamilyFacts> facts;
  for (const rocksdb::ColumnFamilyDescriptor& family : options.families) {
    ColumnFamilyFacts fact;
    fact.id = static_cast<uint32_t>(facts.size());
    fact.name = family.name;
    const OptionText text = FamilyText(family.options, /*mutable_only=*/false);
    auto style = text.find("compaction_style");
    if (style != text.end()) fact.compaction_style = style->second;
    fact.min_write_buffer_number_to_merge =
        family.options.min_write_buffer_number_to_merge;
    facts.push_back(std::move(fact));
  }
  return facts;
}

OptionValues AllOptionValues(const OptionSet& options) {
  OptionValues values = LiveValuesOf(options);
  for (auto& [name, value] : DbText(options.db, /*mutable_only=*/false)) {
    values[{name, ""}] = std::move(value);
  }
  for (const rocksdb::ColumnFamilyDescriptor& family : options.families) {
    for (auto& [name, value] : WholeText(family.options)) {
      values[{name, family.name}] = std::move(value);
    }
  }
  return values;
}

absl::StatusOr<OptionValues> ReadOptionValues(const OptionSet& options,
                                              const Catalogue& catalogue) {
  OptionValues all = AllOptionValues(options);
  OptionValues values;
  for (auto& [key, value] : all) {
    if (catalogue.Find(key.name) != nullptr) values[key] = std::move(value);
  }
  // What prints as empty text is left out by RocksDB, and has a value all the
  // same.
  for (const CatalogueRow& row : catalogue.rows()) {
    if (row.scope == OptionScope::kDb) values.insert({{row.name, ""}, ""});
    if (row.scope != OptionScope::kColumnFamily ||
        absl::StartsWith(row.name, kTablePrefix)) {
      continue;
    }
    for (const rocksdb::ColumnFamilyDescriptor& family : options.families) {
      values.insert({{row.name, family.name}, ""});
    }
  }
  if (all.empty()) {
    return absl::InternalError("RocksDB did not print its options");
  }
  return values;
}

absl::Status SetOptionValues(OptionSet* options, const OptionValues& values) {
  TextMap db;
  std::map<std::string, OptionText> families;
  OptionValues live;
  for (const auto& [key, value] : values) {
    if (IsLiveObject(key.name)) {
      live[key] = value;
    } else if (key.column_family.empty()) {
      db[key.name] = value;
    } else {
      families[key.column_family][key.name] = value;
    }
  }
  OptionSet changed = *options;
  ROCKTUNE_RETURN_IF_ERROR(SetDb(db, &changed));
  for (const auto& [name, texts] : families) {
    auto family = absl::c_find_if(changed.families,
                                  [&name = name](const auto& descriptor) {
                                    return descriptor.name == name;
                                  });
    if (family == changed.families.end()) {
      return absl::NotFoundError(
          absl::StrCat("there is no column family \"", name, "\""));
    }
    ROCKTUNE_RETURN_IF_ERROR(SetFamily(texts, &*family));
  }
  for (const auto& [key, value] : live) {
    ROCKTUNE_RETURN_IF_ERROR(SetLiveObject(key, value, &changed));
  }
  ROCKTUNE_RETURN_IF_ERROR(CheckReadBack(values, changed));
  *options = std::move(changed);
  return absl::OkStatus();
}

}  // namespace rocktune
