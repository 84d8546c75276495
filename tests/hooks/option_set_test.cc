// Options without a database.
#include "hooks/option_set.h"

#include <map>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "gtest/gtest.h"
#include "hooks/set_objects.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

std::map<std::string, DiscoveredOption> Discovered(const OptionSet& options) {
  std::map<std::string, DiscoveredOption> found;
  for (DiscoveredOption& option : DiscoverOfflineOptions(options)) {
    const std::string name = option.name;
    EXPECT_FALSE(found.count(name)) << name;
    found[name] = std::move(option);
  }
  return found;
}

Catalogue CatalogueOf(const OptionSet& options) {
  std::vector<CatalogueRow> rows;
  for (const DiscoveredOption& option : DiscoverOfflineOptions(options)) {
    CatalogueRow row;
    row.name = option.name;
    row.scope = option.scope;
    row.type = option.type;
    rows.push_back(row);
  }
  return Catalogue(std::move(rows));
}

TEST(OptionSet, DiscoversMutableAndImmutableOptionsOfEveryScope) {
  const auto found = Discovered(DefaultOptionSet());
  const std::map<std::string, OptionType> expected = {
      {"write_buffer_size", OptionType::kUint},
      {"num_levels", OptionType::kUint},
      {"compaction_style", OptionType::kEnum},
      {"compaction_pri", OptionType::kEnum},
      {"level_compaction_dynamic_level_bytes", OptionType::kBool},
      {"memtable_factory", OptionType::kEnum},
      {"compression_per_level", OptionType::kList},
      {"compaction_options_universal.size_ratio", OptionType::kUint},
      {"use_direct_reads", OptionType::kBool},
      {"max_open_files", OptionType::kInt},
      {"enable_pipelined_write", OptionType::kBool},
      {"block_based_table_factory.filter_policy", OptionType::kEnum},
      {"block_based_table_factory.index_type", OptionType::kEnum},
      {"block_based_table_factory.block_size", OptionType::kUint},
      {"block_cache.capacity", OptionType::kUint},
  };
  for (const auto& [name, type] : expected) {
    ASSERT_TRUE(found.count(name)) << name;
    EXPECT_EQ(found.at(name).type, type) << name;
  }
  EXPECT_GT(found.size(), 180u);
}

TEST(OptionSet, OffersOnlyWordsThatRocksdbMakesAnObjectOf) {
  const auto found = Discovered(DefaultOptionSet());
  for (const auto& [name, option] : found) {
    for (const std::string& word : option.enum_values) {
      if (option.type != OptionType::kEnum) continue;
      OptionSet options = DefaultOptionSet();
      const std::string family =
          option.scope == OptionScope::kColumnFamily ? "default" : "";
      EXPECT_OK(SetOptionValues(&options, {{{name, family}, word}}))
          << name << " = " << word;
    }
  }
  const auto words =
      found.at("block_based_table_factory.filter_policy").enum_values;
  EXPECT_TRUE(absl::c_linear_search(words, "bloomfilter:10:false"));
  EXPECT_TRUE(absl::c_linear_search(words, "nullptr"));
  EXPECT_EQ(found.at("compaction_style").enum_values.size(), 3u);
}

TEST(OptionSet, HasAValueForEveryOptionItDiscovers) {
  const OptionSet options = DefaultOptionSet();
  const Catalogue catalogue = CatalogueOf(options);
  const auto values = ReadOptionValues(options, catalogue);
  ASSERT_OK(values);
  for (const CatalogueRow& row : catalogue.rows()) {
    const std::string family =
        row.scope == OptionScope::kColumnFamily ? "default" : "";
    EXPECT_TRUE(values->contains({row.name, family})) << row.name;
  }
  EXPECT_EQ(values->at({"compression_per_level", "default"}), "");
}

TEST(OptionSet, SetsOptionsOfEveryScopeTogether) {
  OptionSet options = DefaultOptionSet();
  const OptionValues wanted = {
      {{"use_direct_reads", ""}, "true"},
      {{"num_levels", "default"}, "5"},
      {{"compression_per_level", "default"}, "kNoCompression:kLZ4Compression"},
      {{"max_bytes_for_level_multiplier", "default"}, "8.12345678901"},
      {{"compaction_options_universal.size_ratio", "default"}, "13"},
      {{"compression_opts.level", "default"}, "3"},
      {{"block_based_table_factory.filter_policy", "default"},
       "bloomfilter:10:false"},
      {{"block_based_table_factory.cache_index_and_filter_blocks", "default"},
       "true"},
      {{"block_cache.capacity", ""}, "123456789"},
  };
  ASSERT_OK(SetOptionValues(&options, wanted));
  EXPECT_TRUE(options.db.use_direct_reads);
  const OptionValues got = AllOptionValues(options);
  for (const auto& [key, value] : wanted) {
    EXPECT_EQ(got.at(key), value) << ToString(key);
  }
  EXPECT_EQ(got.at({"compaction_options_universal.min_merge_width", "default"}),
            "2");
}

TEST(OptionSet, LeavesACopyAlone) {
  const OptionSet before = DefaultOptionSet();
  const OptionValues values = AllOptionValues(before);
  OptionSet copy = before;
  ASSERT_OK(SetOptionValues(
      &copy, {{{"block_based_table_factory.block_size", "default"}, "16384"},
              {{"block_cache.capacity", ""}, "1000000"},
              {{"write_buffer_size", "default"}, "1000000"}}));
  EXPECT_EQ(AllOptionValues(before), values);
}

TEST(OptionSet, KeepsACacheSharedThatWasShared) {
  OptionSet options = DefaultOptionSet();
  options.families.emplace_back("two", options.families[0].options);
  options.families.emplace_back("own", DefaultOptionSet().families[0].options);
  ASSERT_EQ(BlockCachesOf(options).size(), 2u);
  ASSERT_OK(
      SetOptionValues(&options, {{{"block_cache.capacity", "default"}, "99"}}));
  EXPECT_EQ(BlockCachesOf(options).size(), 2u);
  const OptionValues live = LiveValuesOf(options);
  EXPECT_EQ(live.at({"block_cache.capacity", "default"}), "99");
  EXPECT_NE(live.at({"block_cache.capacity", "own"}), "99");
  EXPECT_EQ(BlockBasedTableOf(options.families[0].options)->block_cache,
            BlockBasedTableOf(options.families[1].options)->block_cache);
}

struct BadValue {
  OptionKey key;
  const char* value;
  absl::StatusCode code;
};

TEST(OptionSet, SetsNothingWhenOneValueIsRefused) {
  const BadValue kBad[] = {
      {{"num_levels", "default"}, "-1", absl::StatusCode::kInvalidArgument},
      {{"num_levels", "default"}, "many", absl::StatusCode::kInvalidArgument},
      {{"max_background_jobs", ""}, "2x", absl::StatusCode::kInvalidArgument},
      {{"no_such_option", ""}, "1", absl::StatusCode::kInvalidArgument},
      {{"write_buffer_size", "default"},
       "-1",
       absl::StatusCode::kInvalidArgument},
      {{"block_based_table_factory.filter_policy", "default"},
       "bloomfilter:nan",
       absl::StatusCode::kInvalidArgument},
      {{"memtable_factory", "default"},
       "CuckooFactory",
       absl::StatusCode::kInvalidArgument},
      {{"num_levels", "elsewhere"}, "5", absl::StatusCode::kNotFound},
      {{"row_cache.capacity", ""}, "5", absl::StatusCode::kNotFound},
      {{"block_cache.capacity", "elsewhere"}, "5", absl::StatusCode::kNotFound},
      {{"block_cache.capacity", ""}, "x", absl::StatusCode::kInvalidArgument},
  };
  for (const BadValue& bad : kBad) {
    OptionSet options = DefaultOptionSet();
    const OptionValues before = AllOptionValues(options);
    OptionValues values = {{{"max_background_jobs", ""}, "6"},
                           {{"write_buffer_size", "default"}, "1048576"}};
    values[bad.key] = bad.value;
    EXPECT_EQ(SetOptionValues(&options, values).code(), bad.code)
        << ToString(bad.key) << " = " << bad.value;
    EXPECT_EQ(AllOptionValues(options), before);
  }
}

TEST(OptionSet, TellsCalibrationAboutItsFamilies) {
  OptionSet options = DefaultOptionSet();
  options.families[0].options.compaction_style =
      rocksdb::kCompactionStyleUniversal;
  options.families[0].options.min_write_buffer_number_to_merge = 3;
  const std::vector<ColumnFamilyFacts> facts = FamilyFacts(options);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].compaction_style, "kCompactionStyleUniversal");
  EXPECT_EQ(facts[0].min_write_buffer_number_to_merge, 3);
}

}  // namespace
}  // namespace rocktune
