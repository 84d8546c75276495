// What may be changed offline, on a real RocksDB: each option alone, at its
// bounds, and hundreds of proposals at random.
#include <cmath>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "policy/value_parser.h"
#include "tests/bench/open_check/offline_world.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

// A sanitizer makes each child ten times as slow.
constexpr int kProposals = ROCKTUNE_OFFLINE_PROPOSALS;

std::string Number(double value, const CatalogueRow& row) {
  return row.type == OptionType::kDouble ? FormatDouble(value)
                                         : FormatWhole(std::ceil(value));
}

// Both bounds, every word.
std::vector<std::string> Extremes(const CatalogueRow& row) {
  switch (row.type) {
    case OptionType::kBool:
      return {"true", "false"};
    case OptionType::kEnum:
      return row.enum_values;
    case OptionType::kList:
      return {row.enum_values[0] + ":" + row.enum_values.back()};
    case OptionType::kInt:
    case OptionType::kUint:
    case OptionType::kDouble: {
      std::vector<std::string> values = {
          Number(row.min, row),
          Number(
              row.type == OptionType::kDouble ? row.max : std::floor(row.max),
              row)};
      if (row.allows_zero) values.emplace_back("0");
      if (row.allows_minus_one) values.emplace_back("-1");
      return values;
    }
    case OptionType::kStruct:
    case OptionType::kString:
      break;
  }
  ADD_FAILURE() << row.name << " is open and has no values";
  return {};
}

TEST(OfflineCatalogue, KnowsEveryOptionOfTheLinkedRocksdb) {
  const OfflineWorld world;
  for (const CatalogueRow& row : world.catalogue.rows()) {
    EXPECT_NE(row.meaning, "") << row.name;
  }
}

TEST(OfflineCatalogue, OpensWhatTheOfflineLoopIsFor) {
  const OfflineWorld world;
  for (const char* name :
       {"num_levels",
        "compaction_style",
        "compaction_pri",
        "memtable_factory",
        "level_compaction_dynamic_level_bytes",
        "max_background_jobs",
        "min_write_buffer_number_to_merge",
        "compression_per_level",
        "bottommost_compression",
        "optimize_filters_for_hits",
        "block_based_table_factory.filter_policy",
        "block_based_table_factory.whole_key_filtering",
        "block_based_table_factory.cache_index_and_filter_blocks",
        "block_based_table_factory.pin_l0_filter_and_index_blocks_in_cache",
        "block_based_table_factory.block_size",
        "block_based_table_factory.index_type",
        "block_based_table_factory.partition_filters",
        "block_based_table_factory.data_block_index_type",
        "use_direct_reads",
        "use_direct_io_for_flush_and_compaction",
        "enable_pipelined_write",
        "allow_concurrent_memtable_write",
        "max_open_files",
        "table_cache_numshardbits",
        "advise_random_on_open",
        "memtable_prefix_bloom_size_ratio",
        "max_subcompactions",
        "max_total_wal_size",
        "bytes_per_sync",
        "block_cache.capacity"}) {
    const CatalogueRow* row = world.catalogue.Find(name);
    ASSERT_NE(row, nullptr) << name;
    EXPECT_TRUE(IsOpenToAdvisors(*row)) << name << ": " << row->why_class;
  }
}

TEST(OfflineCatalogue, ForbidsWhatDecidesAboutDataAndItsSafety) {
  const OfflineWorld world;
  for (const char* name :
       {"unordered_write",
        "paranoid_checks",
        "manual_wal_flush",
        "allow_2pc",
        "two_write_queues",
        "avoid_flush_during_shutdown",
        "avoid_flush_during_recovery",
        "wal_recovery_mode",
        "prefix_extractor",
        "comparator",
        "merge_operator",
        "use_fsync",
        "atomic_flush",
        "inplace_update_support",
        "force_consistency_checks",
        "block_based_table_factory.checksum",
        "block_based_table_factory.format_version",
        "block_based_table_factory.no_block_cache",
        "block_based_table_factory.detect_filter_construct_corruption",
        "compaction_options_fifo",
        "paranoid_file_checks"}) {
    const CatalogueRow* row = world.catalogue.Find(name);
    ASSERT_NE(row, nullptr) << name;
    EXPECT_EQ(row->option_class, OptionClass::kForbidden) << name;
  }
  const auto& styles = world.catalogue.Find("compaction_style")->enum_values;
  EXPECT_EQ(std::count(styles.begin(), styles.end(), "kCompactionStyleFIFO"),
            0);
}

TEST(OfflineCatalogue, EachOpenOptionOpensAtItsBoundsAndWithEachWord) {
  const OfflineWorld world;
  std::set<std::string> changed;
  for (const CatalogueRow& row : world.catalogue.rows()) {
    if (!IsOpenToAdvisors(row)) continue;
    for (const std::string& value : Extremes(row)) {
      const CalibrationResult result = world.Calibrated(
          {{row.name, "", value, "", ""}}, ProposalSource::kLlm);
      if (result.change_set.empty()) continue;
      for (const Change& change : result.change_set.changes) {
        changed.insert(change.key.name);
      }
      const auto options = world.With(result.change_set);
      ASSERT_OK(options) << row.name << " = " << value;
      EXPECT_OK(WriteOptionsFile(*options, world.Path("OPTIONS")))
          << row.name << " = " << value;
      EXPECT_OK(CheckThatItOpens(*options, world.Check()))
          << row.name << " = " << value << "\n"
          << Describe(result);
    }
  }
  // Those that something else must be set for have tests of their own.
  for (const CatalogueRow& row : world.catalogue.rows()) {
    if (!IsOpenToAdvisors(row) || changed.count(row.name)) continue;
    const bool needs_more =
        row.name.rfind("compaction_options_universal.", 0) == 0 ||
        row.name == "optimize_filters_for_hits" ||
        row.name == "block_based_table_factory.partition_filters" ||
        row.name == "block_based_table_factory.whole_key_filtering";
    EXPECT_TRUE(needs_more) << row.name;
  }
}

class Dice {
 public:
  explicit Dice(uint32_t seed) : engine_(seed) {}
  size_t Below(size_t n) { return engine_() % n; }
  double Share() { return static_cast<double>(engine_()) / 4294967295.0; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  std::mt19937 engine_;
};

std::string RandomValue(const CatalogueRow& row, Dice& dice) {
  static const std::vector<std::string> kNonsense = {"-1",   "0",   "1", "nan",
                                                     "64MB", "1e9", "x"};
  if (dice.Below(10) == 0) return dice.Pick(kNonsense);
  switch (row.type) {
    case OptionType::kBool:
      return dice.Below(2) ? "true" : "false";
    case OptionType::kEnum:
      return row.enum_values.empty() ? "x" : dice.Pick(row.enum_values);
    case OptionType::kList: {
      std::string list;
      for (size_t i = 0, words = 1 + dice.Below(9); i < words; ++i) {
        absl::StrAppend(
            &list, i ? ":" : "",
            row.enum_values.empty() ? "1" : dice.Pick(row.enum_values));
      }
      return list;
    }
    default:
      break;
  }
  // As often near the small end as near the large one.
  const double low = std::log(std::max(row.min, 1e-3));
  const double high = std::log(std::max(row.max, 1e-3));
  return Number(std::exp(low + (high - low) * 1.1 * dice.Share()), row);
}

std::vector<ProposedChange> RandomChanges(const Catalogue& catalogue,
                                          Dice& dice) {
  std::vector<ProposedChange> changes;
  for (size_t i = 0, count = 3 + dice.Below(20); i < count; ++i) {
    const CatalogueRow& row = dice.Pick(catalogue.rows());
    changes.push_back({row.name, "", RandomValue(row, dice), "", ""});
  }
  return changes;
}

TEST(OfflineProperty, WhatCalibrationLeavesOfRandomProposalsOpens) {
  const std::vector<ProposalSource> kSources = {
      ProposalSource::kLlm, ProposalSource::kExpert, ProposalSource::kOperator};
  OfflineWorld world;
  const OptionSet start = world.options;
  int tried = 0;
  for (uint32_t seed = 0; tried < kProposals; ++seed) {
    Dice dice(seed);
    const CalibrationResult result = world.Calibrated(
        RandomChanges(world.catalogue, dice), dice.Pick(kSources));
    if (result.change_set.empty()) continue;
    ++tried;
    const auto options = world.With(result.change_set);
    ASSERT_OK(options) << "seed " << seed << "\n" << Describe(result);
    ASSERT_OK(CheckThatItOpens(*options, world.Check()))
        << "seed " << seed << "\n"
        << Describe(result);
    // The next one starts from here, as the loop does from what it kept.
    world.options = seed % 8 == 0 ? start : *options;
    world.Refresh();
  }
}

}  // namespace
}  // namespace rocktune
