// Relations of options that only Open takes. Where RocksDB's own check is
// meant, it is the one of DBImpl::Open, the table factory or SanitizeOptions,
// and each was seen in a run.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "policy/relations.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

constexpr const char* kTrue = "true";
constexpr const char* kFalse = "false";
constexpr const char* kLevelStyle = "kCompactionStyleLevel";
constexpr const char* kUniversalStyle = "kCompactionStyleUniversal";
constexpr const char* kTwoLevels = "kTwoLevelIndexSearch";
constexpr const char* kNoObject = "nullptr";

// A guess: with fewer levels universal compaction has no room to merge in
// parallel with what comes in.
constexpr double kLeastUniversalLevels = 4;

constexpr const char* kFilter = "block_based_table_factory.filter_policy";
constexpr const char* kIndexType = "block_based_table_factory.index_type";
constexpr const char* kPartitions =
    "block_based_table_factory.partition_filters";
constexpr const char* kWholeKeys =
    "block_based_table_factory.whole_key_filtering";
constexpr const char* kNoCache = "block_based_table_factory.no_block_cache";
constexpr const char* kAlign = "block_based_table_factory.block_align";
constexpr const char* kCacheIndex =
    "block_based_table_factory.cache_index_and_filter_blocks";
constexpr const char* kPinL0 =
    "block_based_table_factory.pin_l0_filter_and_index_blocks_in_cache";
constexpr const char* kPrepopulate =
    "block_based_table_factory.prepopulate_block_cache";
constexpr const char* kBlockSize = "block_based_table_factory.block_size";

bool Has(const Situation& at, absl::string_view option,
         absl::string_view value) {
  return at.Text(option) == value;
}

// Nothing mends it.
Breach Hopeless(std::string message) {
  return Breach{std::move(message), "", 0, ""};
}

Breach MendedBy(std::string option, std::string word, std::string message) {
  return Breach{std::move(message), std::move(option), 0, std::move(word)};
}

std::optional<Breach> PipelinedWriteStandsAlone(const Situation& at) {
  if (!Has(at, "enable_pipelined_write", kTrue)) return std::nullopt;
  for (const char* other :
       {"unordered_write", "two_write_queues", "atomic_flush"}) {
    if (!Has(at, other, kTrue)) continue;
    return Hopeless(absl::StrCat("enable_pipelined_write does not go with ",
                                 other, ", which is set"));
  }
  return std::nullopt;
}

std::optional<Breach> MemtableTakesConcurrentWrites(const Situation& at) {
  if (!Has(at, "allow_concurrent_memtable_write", kTrue)) return std::nullopt;
  const std::string memtable = at.Text("memtable_factory");
  if (!memtable.empty() && memtable != "SkipListFactory") {
    return MendedBy("allow_concurrent_memtable_write", kFalse,
                    absl::StrCat(memtable, " has one writer at a time"));
  }
  if (Has(at, "inplace_update_support", kTrue) ||
      at.Now("max_successive_merges").value_or(0) > 0) {
    return Hopeless(
        "allow_concurrent_memtable_write does not go with in-place updates or "
        "max_successive_merges");
  }
  return std::nullopt;
}

std::optional<Breach> UnorderedWriteIsConcurrent(const Situation& at) {
  if (!Has(at, "unordered_write", kTrue) ||
      !Has(at, "allow_concurrent_memtable_write", kFalse)) {
    return std::nullopt;
  }
  return Hopeless("unordered_write needs allow_concurrent_memtable_write");
}

// Not refused, but of no effect.
std::optional<Breach> PinsWhatIsCached(const Situation& at) {
  if (!Has(at, kPinL0, kTrue) || !Has(at, kCacheIndex, kFalse)) {
    return std::nullopt;
  }
  const char* const message =
      "index and filter can be pinned in the cache only where they are in it";
  if (at.IsChanged(kPinL0)) return MendedBy(kCacheIndex, kTrue, message);
  return MendedBy(kPinL0, kFalse, message);
}

std::optional<Breach> CachesWhereThereIsACache(const Situation& at) {
  if (!Has(at, kNoCache, kTrue)) return std::nullopt;
  if (!Has(at, kCacheIndex, kTrue) && !Has(at, kPinL0, kTrue) &&
      (at.Text(kPrepopulate).empty() || Has(at, kPrepopulate, "kDisable"))) {
    return std::nullopt;
  }
  return Hopeless("no_block_cache is set: there is no cache to put it in");
}

// The table factory would silently put false for it.
std::optional<Breach> PartitionsOfATwoLevelIndex(const Situation& at) {
  if (!Has(at, kPartitions, kTrue) || at.Text(kIndexType).empty() ||
      Has(at, kIndexType, kTwoLevels)) {
    return std::nullopt;
  }
  const char* const message =
      "partition_filters needs an index of two levels (kTwoLevelIndexSearch)";
  if (at.IsChanged(kPartitions))
    return MendedBy(kIndexType, kTwoLevels, message);
  return MendedBy(kPartitions, kFalse, message);
}

std::optional<Breach> FilterIsThere(const Situation& at) {
  if (!Has(at, kFilter, kNoObject)) return std::nullopt;
  for (const char* use : {kPartitions, "optimize_filters_for_hits"}) {
    if (!Has(at, use, kTrue) || !at.IsChanged(use)) continue;
    return Hopeless(
        absl::StrCat(use, " has no effect without a filter_policy"));
  }
  return std::nullopt;
}

std::optional<Breach> FiltersHoldSomething(const Situation& at) {
  if (!Has(at, kWholeKeys, kFalse) || !Has(at, "prefix_extractor", kNoObject)) {
    return std::nullopt;
  }
  return Hopeless(
      "whole_key_filtering = false without a prefix_extractor leaves filters "
      "empty");
}

// RocksDB quietly opens with false.
std::optional<Breach> DynamicLevelsAreLevels(const Situation& at) {
  const char* const dynamic = "level_compaction_dynamic_level_bytes";
  if (!Has(at, dynamic, kTrue) || at.Text("compaction_style").empty() ||
      Has(at, "compaction_style", kLevelStyle)) {
    return std::nullopt;
  }
  return MendedBy(dynamic, kFalse,
                  absl::StrCat(dynamic, " is for level compaction only"));
}

std::optional<Breach> UniversalHasLevels(const Situation& at) {
  const std::optional<double> levels = at.Now("num_levels");
  if (!Has(at, "compaction_style", kUniversalStyle) || !levels ||
      *levels >= kLeastUniversalLevels) {
    return std::nullopt;
  }
  return Breach{absl::StrCat("universal compaction with ", *levels,
                             " levels merges everything into one"),
                "num_levels", kLeastUniversalLevels, ""};
}

// Members of a style have no effect under another.
std::optional<Breach> UniversalMembersUnderUniversal(const Situation& at) {
  if (at.Text("compaction_style").empty() ||
      Has(at, "compaction_style", kUniversalStyle)) {
    return std::nullopt;
  }
  return Hopeless(
      "compaction_options_universal has an effect under universal compaction "
      "only");
}

// 0 and -1 leave it to RocksDB, which has it since 9.5.
std::optional<Breach> RunsReachTheTrigger(const Situation& at) {
  const char* const runs = "compaction_options_universal.max_read_amp";
  const char* const trigger = "level0_file_num_compaction_trigger";
  const double most = at.Now(runs).value_or(0);
  const double first = at.Now(trigger).value_or(0);
  if (!Has(at, "compaction_style", kUniversalStyle) || most <= 0 ||
      most >= first) {
    return std::nullopt;
  }
  return Breach{
      absl::StrCat(runs, " = ", most, " is below ", trigger, " = ", first),
      runs, first, ""};
}

std::optional<Breach> AWordForEachLevel(const Situation& at) {
  const char* const option = "compression_per_level";
  const std::optional<double> levels = at.Now("num_levels");
  const std::string text = at.Text(option);
  if (!levels || *levels < 1 || text.empty()) return std::nullopt;
  std::vector<std::string> words = absl::StrSplit(text, ':');
  const size_t wanted = static_cast<size_t>(*levels);
  if (words.size() == wanted) return std::nullopt;
  const std::string message =
      absl::StrCat(option, " has ", words.size(), " words for ", wanted,
                   " levels; RocksDB takes the last one for the rest");
  words.resize(wanted, words.back());
  Breach breach = MendedBy(option, absl::StrJoin(words, ":"), message);
  return breach;
}

std::optional<Breach> OneCompressionIsNotOverridden(const Situation& at) {
  if (at.Text("compression_per_level").empty()) return std::nullopt;
  return Hopeless("compression_per_level overrides compression");
}

// Open refuses some of the pairs; compaction that reads mapped files while it
// is to write directly aborts the host.
std::optional<Breach> DirectFilesAreNotMapped(const Situation& at) {
  const bool direct = Has(at, "use_direct_reads", kTrue) ||
                      Has(at, "use_direct_io_for_flush_and_compaction", kTrue);
  const bool mapped =
      Has(at, "allow_mmap_reads", kTrue) || Has(at, "allow_mmap_writes", kTrue);
  if (!direct || !mapped) return std::nullopt;
  return Hopeless("direct I/O does not go with files mapped into memory");
}

std::optional<Breach> FileSystemTakesDirectIo(const Situation& at) {
  const std::string& filesystem = at.draft->context().host->filesystem;
  if (filesystem != "tmpfs" && filesystem != "ramfs") return std::nullopt;
  if (!Has(at, "use_direct_reads", kTrue) &&
      !Has(at, "use_direct_io_for_flush_and_compaction", kTrue)) {
    return std::nullopt;
  }
  return Hopeless(absl::StrCat(filesystem, " has no direct I/O"));
}

std::optional<Breach> SamplesMakeADictionary(const Situation& at) {
  for (const char* opts : {"compression_opts", "bottommost_compression_opts"}) {
    const std::string samples = absl::StrCat(opts, ".zstd_max_train_bytes");
    const std::string dictionary = absl::StrCat(opts, ".max_dict_bytes");
    if (at.Now(samples).value_or(0) <= 0 || at.Now(dictionary) != 0.0) continue;
    return Hopeless(absl::StrCat(samples, " needs a ", dictionary));
  }
  return std::nullopt;
}

// block_align is not ours to change, and refuses these at Open.
std::optional<Breach> AlignedBlocksArePlain(const Situation& at) {
  if (!Has(at, kAlign, kTrue)) return std::nullopt;
  if (Has(at, "compression", "kNoCompression") &&
      at.Text("compression_per_level").empty()) {
    const double size = at.Now(kBlockSize).value_or(4096);
    const auto bytes = static_cast<uint64_t>(size);
    if ((bytes & (bytes - 1)) == 0) return std::nullopt;
  }
  return Hopeless(
      "block_align is set: it takes no compression and only powers of two as "
      "block_size");
}

std::optional<Breach> ManagerIsTheirs(const Situation& at) {
  if (at.Now("write_buffer_manager.buffer_size").value_or(0) <= 0) {
    return std::nullopt;
  }
  return Hopeless(
      "db_write_buffer_size has no effect where there is a write buffer "
      "manager; set write_buffer_manager.buffer_size");
}

// The manager that db_write_buffer_size makes flushes a memtable whenever all
// together hold that much.
std::optional<Breach> AllMemtablesHoldOne(const Situation& at) {
  const char* const option = "db_write_buffer_size";
  const std::optional<double> all = at.Now(option);
  const std::optional<double> one = at.Now("write_buffer_size");
  if (!all || !one || *all == 0 || *all >= *one) return std::nullopt;
  return Breach{
      absl::StrCat(option, " = ", FormatWhole(*all),
                   " is less than write_buffer_size = ", FormatWhole(*one)),
      option, *one, ""};
}

std::vector<Relation> RelationsOfWritesAndTables() {
  return {
      {"pipelined_write_clash",
       "",
       {"enable_pipelined_write"},
       PipelinedWriteStandsAlone},
      {"one_writer_memtable",
       "switched_concurrent_write_off",
       {"allow_concurrent_memtable_write", "memtable_factory"},
       MemtableTakesConcurrentWrites},
      {"unordered_write_clash",
       "",
       {"allow_concurrent_memtable_write", "memtable_factory"},
       UnorderedWriteIsConcurrent},
      {"pins_what_is_not_cached",
       "kept_pins_within_cache",
       {kPinL0, kCacheIndex},
       PinsWhatIsCached},
      {"no_block_cache",
       "",
       {kPinL0, kCacheIndex, kPrepopulate},
       CachesWhereThereIsACache},
      {"partitions_need_two_levels",
       "kept_partitions_with_two_levels",
       {kPartitions, kIndexType},
       PartitionsOfATwoLevelIndex},
      {"has_no_effect",
       "",
       {kPartitions, "optimize_filters_for_hits", kFilter},
       FilterIsThere},
      {"filters_left_empty", "", {kWholeKeys}, FiltersHoldSomething},
  };
}

std::vector<Relation> RelationsOfLevelsAndFiles() {
  return {
      {"dynamic_levels_need_level_style",
       "switched_dynamic_levels_off",
       {"level_compaction_dynamic_level_bytes", "compaction_style"},
       DynamicLevelsAreLevels},
      {"too_few_levels",
       "raised_num_levels",
       {"num_levels", "compaction_style"},
       UniversalHasLevels},
      {"has_no_effect",
       "",
       {"compaction_options_universal.size_ratio",
        "compaction_options_universal.min_merge_width",
        "compaction_options_universal.max_merge_width",
        "compaction_options_universal.max_read_amp",
        "compaction_options_universal.max_size_amplification_percent",
        "compaction_options_universal.compression_size_percent",
        "compaction_options_universal.stop_style",
        "compaction_options_universal.allow_trivial_move"},
       UniversalMembersUnderUniversal},
      {"fewer_runs_than_trigger",
       "raised_max_read_amp",
       {"compaction_options_universal.max_read_amp", "compaction_style",
        "level0_file_num_compaction_trigger"},
       RunsReachTheTrigger},
      {"not_a_word_for_each_level",
       "fitted_compression_to_levels",
       {"compression_per_level", "num_levels"},
       AWordForEachLevel},
      {"has_no_effect", "", {"compression"}, OneCompressionIsNotOverridden},
      {"mapped_files",
       "",
       {"use_direct_reads", "use_direct_io_for_flush_and_compaction",
        "allow_mmap_reads"},
       DirectFilesAreNotMapped},
      {"no_direct_io",
       "",
       {"use_direct_reads", "use_direct_io_for_flush_and_compaction"},
       FileSystemTakesDirectIo},
      {"samples_without_dictionary",
       "",
       {"compression_opts.zstd_max_train_bytes",
        "compression_opts.max_dict_bytes",
        "bottommost_compression_opts.zstd_max_train_bytes",
        "bottommost_compression_opts.max_dict_bytes"},
       SamplesMakeADictionary},
      {"aligned_blocks",
       "",
       {"compression", "compression_per_level", kBlockSize},
       AlignedBlocksArePlain},
      {"has_no_effect", "", {"db_write_buffer_size"}, ManagerIsTheirs},
      {"memtables_below_one",
       "raised_db_write_buffer_size",
       {"db_write_buffer_size", "write_buffer_size"},
       AllMemtablesHoldOne},
  };
}

}  // namespace

const std::vector<Relation>& OfflineRelations() {
  static const auto* const kRelations = [] {
    auto* relations = new std::vector<Relation>(RelationsOfWritesAndTables());
    for (Relation& relation : RelationsOfLevelsAndFiles()) {
      relations->push_back(std::move(relation));
    }
    return relations;
  }();
  return *kRelations;
}

}  // namespace rocktune
