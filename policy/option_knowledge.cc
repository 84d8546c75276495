#include "policy/option_knowledge.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "policy/knowledge_rows.h"

namespace rocktune {
namespace {

constexpr absl::string_view kTablePrefix = "block_based_table_factory.";

double Resolve(const Bound& bound, const HostFacts& host) {
  switch (bound.of) {
    case Bound::Of::kPlain:
      return bound.value;
    case Bound::Of::kCores:
      return std::max(bound.at_least, bound.value * std::max(host.cores, 1));
    case Bound::Of::kMemory:
      return std::max(
          bound.at_least,
          bound.value * static_cast<double>(host.UsableMemoryBytes()));
  }
  return bound.value;
}

const KnowledgeRow* FindIn(
    std::initializer_list<absl::Span<const KnowledgeRow>> tables,
    absl::string_view name) {
  for (absl::Span<const KnowledgeRow> rows : tables) {
    for (const KnowledgeRow& row : rows) {
      if (row.name == name) return &row;
    }
  }
  return nullptr;
}

// Offline rows stand before the online ones of the same name.
const KnowledgeRow* FindKnowledge(absl::string_view name,
                                  TuningSetting setting) {
  if (setting == TuningSetting::kOffline) {
    const KnowledgeRow* row =
        FindIn({OfflineFamilyKnowledge(), OfflineDatabaseKnowledge(),
                OfflineTableKnowledge()},
               name);
    if (row != nullptr) return row;
  }
  return FindIn({FamilyKnowledge(), DatabaseKnowledge(), TableKnowledge()},
                name);
}

// Before 9.8 a table option is written into an object that other threads read
// without a lock. An unknown version counts as old.
bool WritesTableOptionsInPlace(const HostFacts& host) {
  const std::vector<std::string> parts =
      absl::StrSplit(host.rocksdb_version, '.');
  int major = 0;
  int minor = 0;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[0], &major) ||
      !absl::SimpleAtoi(parts[1], &minor)) {
    return true;
  }
  return major < 9 || (major == 9 && minor < 8);
}

// Words RocksDB accepts that nobody is offered: it dies of them, data does, or
// they are little tried.
struct WithheldWord {
  absl::string_view option;
  absl::string_view word;
};
constexpr WithheldWord kWithheldWords[] = {
    // A blob that does not shrink is "Error compressing blob": a background
    // error that refuses every later write (seen on 7.8).
    {"blob_compression_type", "kBZip2Compression"},
    // Deletes data.
    {"compaction_style", "kCompactionStyleFIFO"},
    // New in 7.5 and little tried by anybody.
    {"compaction_pri", "kRoundRobin"},
    // Open refuses it without a prefix_extractor, which is not ours to set.
    {"block_based_table_factory.index_type", "kHashSearch"},
};

void DropWithheldWords(CatalogueRow& row) {
  for (const WithheldWord& withheld : kWithheldWords) {
    if (row.name != withheld.option) continue;
    row.enum_values.erase(std::remove(row.enum_values.begin(),
                                      row.enum_values.end(), withheld.word),
                          row.enum_values.end());
  }
}

bool IsOpenToAdvisors(OptionClass option_class) {
  return option_class != OptionClass::kApproveOnly &&
         option_class != OptionClass::kForbidden;
}

bool CanBeVetted(const CatalogueRow& row, TuningSetting setting) {
  if (row.type == OptionType::kList) {  // of known words
    return setting == TuningSetting::kOffline && !row.enum_values.empty();
  }
  return row.type != OptionType::kStruct && row.type != OptionType::kString;
}

void ApplyKnowledge(const KnowledgeRow& known, const HostFacts& host,
                    CatalogueRow& row) {
  row.option_class = known.option_class;
  row.unit = known.unit;
  row.min = Resolve(known.min, host);
  row.max = std::max(row.min, Resolve(known.max, host));
  row.allows_minus_one = known.beside == Beside::kMinusOne;
  row.allows_zero = known.beside == Beside::kZero;
  row.max_step_factor = known.max_step_factor;
  row.meaning = std::string(known.meaning);
  row.why_class = std::string(known.why_class);
}

void ApplyIgnorance(CatalogueRow& row) {
  row.option_class = OptionClass::kApproveOnly;
  row.why_class = "unknown to rocktune: nothing says what it risks";
  row.min = 0;
  // A guess: what fits the narrowest number RocksDB may keep it in.
  row.max = std::numeric_limits<int32_t>::max();
}

}  // namespace

CatalogueRow DescribeOption(const DiscoveredOption& option,
                            const HostFacts& host, TuningSetting setting) {
  CatalogueRow row;
  row.name = option.name;
  row.scope = option.scope;
  row.type = option.type;
  row.enum_values = option.enum_values;
  DropWithheldWords(row);
  row.default_value = option.default_value;
  if (const KnowledgeRow* known = FindKnowledge(option.name, setting)) {
    ApplyKnowledge(*known, host, row);
  } else {
    ApplyIgnorance(row);
  }
  if (!CanBeVetted(row, setting) &&
      row.option_class != OptionClass::kForbidden) {
    row.option_class = OptionClass::kForbidden;
    row.why_class = "its value has parts that rocktune cannot vet";
  }
  if (setting == TuningSetting::kOnline &&
      absl::StartsWith(row.name, kTablePrefix) &&
      IsOpenToAdvisors(row.option_class) && WritesTableOptionsInPlace(host)) {
    row.option_class = OptionClass::kApproveOnly;
    row.why_class =
        "this RocksDB (before 9.8) writes table options into an object that "
        "other threads read without a lock";
  }
  return row;
}

}  // namespace rocktune
