#include "hooks/option_text.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/convenience.h"

namespace rocktune {
namespace {

// Doubles are printed with six decimals; a rollback through that text would
// lose the rest, so they are read from the structs.
struct FamilyDouble {
  const char* name;
  double rocksdb::ColumnFamilyOptions::*value;
};

constexpr FamilyDouble kFamilyDoubles[] = {
    {"blob_garbage_collection_age_cutoff",
     &rocksdb::ColumnFamilyOptions::blob_garbage_collection_age_cutoff},
    {"blob_garbage_collection_force_threshold",
     &rocksdb::ColumnFamilyOptions::blob_garbage_collection_force_threshold},
    {"experimental_mempurge_threshold",
     &rocksdb::ColumnFamilyOptions::experimental_mempurge_threshold},
    {"max_bytes_for_level_multiplier",
     &rocksdb::ColumnFamilyOptions::max_bytes_for_level_multiplier},
    {"memtable_prefix_bloom_size_ratio",
     &rocksdb::ColumnFamilyOptions::memtable_prefix_bloom_size_ratio},
};

// A struct member by its dotted name is set alone; the others stay.
constexpr const char* kOpenStructs[] = {"bottommost_compression_opts",
                                        "compaction_options_universal",
                                        "compression_opts"};

bool IsBraced(absl::string_view text) {
  return text.size() >= 2 && text.front() == '{' && text.back() == '}';
}

OptionText Canonical(absl::string_view printed) {
  OptionText options = SplitMembers(printed);
  for (auto& [name, value] : options) value = CanonicalText(value);
  return options;
}

}  // namespace

rocksdb::ConfigOptions TextConfig(bool mutable_only) {
  rocksdb::ConfigOptions config;
  config.mutable_options_only = mutable_only;
  // The default depth hides the table's members on 7.8.
  config.depth = rocksdb::ConfigOptions::kDepthDetailed;
  config.delimiter = ";";
  // A probed value must not be prepared or sanitised behind our back.
  config.invoke_prepare_options = false;
  return config;
}

rocksdb::ConfigOptions StrictConfig() {
  rocksdb::ConfigOptions config = TextConfig(/*mutable_only=*/false);
  config.ignore_unsupported_options = false;
  return config;
}

bool IsSafeToParse(absl::string_view name, absl::string_view value) {
  if (name != "num_levels") return true;
  // A guess, far beyond any use.
  constexpr int kMostLevels = 1000;
  int levels = 0;
  return absl::SimpleAtoi(value, &levels) && levels >= 1 &&
         levels <= kMostLevels;
}

OptionText SplitMembers(absl::string_view text) {
  // rocksdb::StringToMap strips the braces of nested values before 11.4 and
  // keeps them since; this one always keeps them.
  OptionText members;
  size_t start = 0;
  int depth = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ';';
    if (c == '{') ++depth;
    if (c == '}') --depth;
    if (i < text.size() && (c != ';' || depth > 0)) continue;
    absl::string_view member = text.substr(start, i - start);
    start = i + 1;
    while (!member.empty() && member.front() == ' ') member.remove_prefix(1);
    const size_t equals = member.find('=');
    if (equals == absl::string_view::npos || equals == 0) continue;
    members[std::string(member.substr(0, equals))] =
        std::string(member.substr(equals + 1));
  }
  return members;
}

std::string CanonicalText(absl::string_view printed) {
  if (!IsBraced(printed)) return std::string(printed);
  absl::string_view inner = printed.substr(1, printed.size() - 2);
  if (inner.find('=') == absl::string_view::npos || IsBraced(inner)) {
    return std::string(printed);  // a list in braces, not a struct
  }
  std::string text = "{";
  for (const auto& [name, value] : SplitMembers(inner)) {
    if (text.size() > 1) text += ';';
    absl::StrAppend(&text, name, "=", CanonicalText(value));
  }
  return text + "}";
}

std::string CanonicalDouble(double value) {
  // Plain digits, except where they would be no help to anybody.
  if (value == 0) return "0";  // RocksDB keeps a sign there
  const double size = std::fabs(value);
  const bool plain = size >= 1e-6 && size < 1e15;
  char buffer[64];
  const std::to_chars_result end = std::to_chars(
      buffer, buffer + sizeof(buffer), value,
      plain ? std::chars_format::fixed : std::chars_format::scientific);
  return std::string(buffer, end.ptr);
}

OptionText FamilyText(const rocksdb::ColumnFamilyOptions& options,
                      bool mutable_only) {
  std::string printed;
  if (!rocksdb::GetStringFromColumnFamilyOptions(TextConfig(mutable_only),
                                                 options, &printed)
           .ok()) {
    return {};
  }
  OptionText text = Canonical(printed);
  // Never to be set by that name: on 9.10 it replaces the factory, and with it
  // the block cache. TableText() has the members.
  text.erase("table_factory");
  for (const FamilyDouble& row : kFamilyDoubles) {
    auto it = text.find(row.name);
    if (it != text.end()) it->second = CanonicalDouble(options.*row.value);
  }
  return text;
}

OptionText FamilyTextWithMembers(const rocksdb::ColumnFamilyOptions& options) {
  OptionText text = FamilyText(options, /*mutable_only=*/false);
  for (const char* name : kOpenStructs) {
    auto found = text.find(name);
    if (found == text.end() || !IsBraced(found->second)) continue;
    const std::string inner = found->second.substr(1, found->second.size() - 2);
    for (auto& [member, value] : SplitMembers(inner)) {
      text[absl::StrCat(name, ".", member)] = std::move(value);
    }
  }
  return text;
}

OptionText DbText(const rocksdb::DBOptions& options, bool mutable_only) {
  std::string printed;
  if (!rocksdb::GetStringFromDBOptions(TextConfig(mutable_only), options,
                                       &printed)
           .ok()) {
    return {};
  }
  return Canonical(printed);
}

OptionText TableText(const rocksdb::TableFactory& factory, bool mutable_only) {
  const auto* options = factory.GetOptions<rocksdb::BlockBasedTableOptions>();
  if (options == nullptr) return {};
  std::string printed;
  if (!factory.GetOptionString(TextConfig(mutable_only), &printed).ok()) {
    return {};
  }
  OptionText text = Canonical(printed);
  text.erase("id");
  auto ratio = text.find("data_block_hash_table_util_ratio");
  if (ratio != text.end()) {
    ratio->second = CanonicalDouble(options->data_block_hash_table_util_ratio);
  }
  return text;
}

}  // namespace rocktune
