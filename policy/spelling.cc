#include "policy/spelling.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

constexpr absl::string_view kTable = "block_based_table_factory.";
constexpr size_t kLongestName = 200;

// Option words for the scopes they live in, as people and OPTIONS files write
// them; stripped, longest first where one begins another.
constexpr absl::string_view kScopePrefixes[] = {"rocksdb.",
                                                "options.",
                                                "column_family_options.",
                                                "columnfamilyoptions.",
                                                "cf_options.",
                                                "cfoptions.",
                                                "mutable_cf_options.",
                                                "cf.",
                                                "db_options.",
                                                "dboptions.",
                                                "db."};
constexpr absl::string_view kTablePrefixes[] = {"block_based_table_options.",
                                                "blockbasedtableoptions.",
                                                "block_based_options.",
                                                "table_options.",
                                                "table_factory.",
                                                "block_based_table.",
                                                "bbto.",
                                                "table.",
                                                "block_based_table_factory."};

// Former names and other names for the same thing.
constexpr std::pair<absl::string_view, absl::string_view> kAliases[] = {
    {"block_cache", "block_cache.capacity"},
    {"block_cache_size", "block_cache.capacity"},
    {"block_cache_capacity", "block_cache.capacity"},
    {"block_cache.size", "block_cache.capacity"},
    {"cache_size", "block_cache.capacity"},
    {"block_based_table_factory.block_cache", "block_cache.capacity"},
    {"bloom_size_ratio", "memtable_prefix_bloom_size_ratio"},
    {"compression_type", "compression"},
    {"db_write_buffer_size", "write_buffer_manager.buffer_size"},
    {"hard_pending_compaction_bytes", "hard_pending_compaction_bytes_limit"},
    {"level0_compaction_trigger", "level0_file_num_compaction_trigger"},
    {"level0_slowdown_trigger", "level0_slowdown_writes_trigger"},
    {"level0_stop_trigger", "level0_stop_writes_trigger"},
    {"max_level_base", "max_bytes_for_level_base"},
    {"memtable_bloom_size_ratio", "memtable_prefix_bloom_size_ratio"},
    {"memtable_size", "write_buffer_size"},
    {"rate_limiter", "rate_limiter.bytes_per_second"},
    {"rate_limiter_bytes_per_sec", "rate_limiter.bytes_per_second"},
    {"rate_limiter.rate_bytes_per_sec", "rate_limiter.bytes_per_second"},
    {"soft_pending_compaction_bytes", "soft_pending_compaction_bytes_limit"},
    {"subcompactions", "max_subcompactions"},
    {"write_buffer_manager", "write_buffer_manager.buffer_size"},
    {"write_buffer_manager_size", "write_buffer_manager.buffer_size"},
    {"write_buffer_number", "max_write_buffer_number"},
};

// RocksDB answers OK to these and changes nothing.
constexpr absl::string_view kDeprecated[] = {
    "access_hint_on_compaction_start",
    "allow_os_buffer",
    "base_background_compactions",
    "bottommost_temperature",
    "expanded_compaction_factor",
    "filter_deletes",
    "hard_rate_limit",
    "max_grandparent_overlap_factor",
    "max_mem_compaction_level",
    "memtable_prefix_bloom_bits",
    "memtable_prefix_bloom_probes",
    "min_partial_merge_operands",
    "new_table_reader_for_compaction_inputs",
    "preserve_deletes",
    "purge_redundant_kvs_while_flush",
    "random_access_max_buffer_size",
    "rate_limit_delay_max_milliseconds",
    "skip_log_error_on_recovery",
    "soft_rate_limit",
    "source_compaction_factor",
    "verify_checksums_in_compaction",
};

// Real options that only take effect when the database is opened.
constexpr absl::string_view kImmutable[] = {
    "allow_concurrent_memtable_write",
    "allow_mmap_reads",
    "allow_mmap_writes",
    "bloom_locality",
    "comparator",
    "compaction_pri",
    "compaction_style",
    "enable_pipelined_write",
    "enable_write_thread_adaptive_yield",
    "inplace_update_support",
    "level_compaction_dynamic_level_bytes",
    "max_file_opening_threads",
    "max_write_buffer_number_to_maintain",
    "max_write_buffer_size_to_maintain",
    "memtable_factory",
    "merge_operator",
    "min_write_buffer_number_to_merge",
    "num_levels",
    "optimize_filters_for_hits",
    "table_cache_numshardbits",
    "unordered_write",
    "use_direct_io_for_flush_and_compaction",
    "use_direct_reads",
    "use_fsync",
    "wal_compression",
    "wal_recovery_mode",
};

template <size_t N>
bool Holds(const absl::string_view (&names)[N], absl::string_view name) {
  for (absl::string_view each : names) {
    if (each == name) return true;
  }
  return false;
}

// Lower case, '_' for spaces and dashes, no quotes around.
std::string Plain(absl::string_view text) {
  std::string plain;
  for (char c : absl::StripAsciiWhitespace(text)) {
    if (c == '"' || c == '\'' || c == '`') continue;
    plain += c == ' ' || c == '-' || c == '\t' ? '_' : absl::ascii_tolower(c);
  }
  return plain;
}

// Splits "name=value" (one line of an OPTIONS file) and
// "block_based_table_factory={member=value}". False: `out` says why not.
bool SplitNameAndValue(const ProposedChange& change, std::string& name,
                       SpelledChange& out) {
  absl::string_view text = absl::StripAsciiWhitespace(change.option);
  absl::string_view value = change.value;
  const size_t equals = text.find('=');
  if (equals != absl::string_view::npos) {
    const absl::string_view pasted =
        absl::StripAsciiWhitespace(text.substr(equals + 1));
    const absl::string_view given = absl::StripAsciiWhitespace(value);
    if (!given.empty() && given != pasted) {
      out.code = "conflicting_value";
      out.message =
          absl::StrCat(Quoted(change.option), " and the value ", Quoted(given),
                       " differ; write the option's name alone");
      return false;
    }
    value = pasted;
    text = absl::StripAsciiWhitespace(text.substr(0, equals));
  }
  name = Plain(text);
  out.value = std::string(value);
  if (name != "block_based_table_factory" && name != "table_factory") {
    return true;
  }
  value = absl::StripAsciiWhitespace(value);
  absl::ConsumePrefix(&value, "{");
  absl::ConsumeSuffix(&value, "}");
  absl::ConsumeSuffix(&value, ";");
  const size_t inner = value.find('=');
  if (inner == absl::string_view::npos) return true;
  if (value.find_first_of(";{}") != absl::string_view::npos) {
    out.code = "several_members";
    out.message = absl::StrCat("\"", name,
                               "\" with several members; propose each alone "
                               "as \"block_based_table_factory.member\"");
    return false;
  }
  name = absl::StrCat(kTable, Plain(value.substr(0, inner)));
  out.value = std::string(absl::StripAsciiWhitespace(value.substr(inner + 1)));
  return true;
}

const CatalogueRow* FindPlain(absl::string_view name,
                              const Catalogue& catalogue) {
  if (const CatalogueRow* row = catalogue.Find(name)) return row;
  for (const auto& [alias, real] : kAliases) {
    if (alias == name) return catalogue.Find(real);
  }
  return catalogue.Find(absl::StrCat(kTable, name));
}

const CatalogueRow* FindWithPrefix(absl::string_view name,
                                   const Catalogue& catalogue) {
  if (const CatalogueRow* row = FindPlain(name, catalogue)) return row;
  for (absl::string_view prefix : kTablePrefixes) {
    if (!absl::StartsWith(name, prefix)) continue;
    const std::string full = absl::StrCat(kTable, name.substr(prefix.size()));
    return FindPlain(full, catalogue);
  }
  for (absl::string_view prefix : kScopePrefixes) {
    if (!absl::StartsWith(name, prefix)) continue;
    return FindPlain(name.substr(prefix.size()), catalogue);
  }
  return nullptr;
}

void Refuse(absl::string_view name, const Catalogue& catalogue,
            SpelledChange& out) {
  const std::string quoted = Quoted(name);
  if (Holds(kDeprecated, name)) {
    out.code = "deprecated_option";
    out.message = absl::StrCat(
        quoted, " is deprecated: RocksDB accepts it and changes nothing");
    return;
  }
  if (Holds(kImmutable, name)) {
    out.code = "immutable_option";
    out.message =
        absl::StrCat(quoted, " takes effect only when the database is opened");
    return;
  }
  out.code = "unknown_option";
  const std::string nearest = catalogue.Nearest(name);
  out.message = absl::StrCat(
      quoted, " is not an option this RocksDB can change online",
      nearest.empty() ? ""
                      : absl::StrCat("; the nearest is \"", nearest, "\""));
}

}  // namespace

SpelledChange CorrectSpelling(const ProposedChange& change,
                              const Catalogue& catalogue) {
  SpelledChange out;
  const CatalogueRow* exact = catalogue.Find(change.option);
  if (exact != nullptr && exact->name != "table_factory" &&
      !Holds(kDeprecated, exact->name)) {
    out.row = exact;
    out.value = change.value;
    return out;
  }
  std::string name;
  if (!SplitNameAndValue(change, name, out)) return out;
  if (name.empty() || name.size() > kLongestName) {
    out.code = name.empty() ? "empty_name" : "unknown_option";
    out.message =
        name.empty() ? "no option is named; write its name"
                     : absl::StrCat(Quoted(name), "... is too long for a name");
    return out;
  }
  // A pretender may still be listed by the RocksDB it was discovered in.
  if (!Holds(kDeprecated, name)) out.row = FindWithPrefix(name, catalogue);
  if (out.row == nullptr) {
    Refuse(name, catalogue, out);
  } else if (out.row->name != change.option) {
    out.code = "corrected_spelling";
    out.message = absl::StrCat("read ", Quoted(change.option), " as \"",
                               out.row->name, "\"");
  }
  return out;
}

}  // namespace rocktune
