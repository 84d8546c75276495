// Finding, reading and setting options on a real RocksDB.
#include "hooks/option_access.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hooks/live_objects.h"
#include "hooks/option_text.h"
#include "hooks/versions.h"
#include "rocksdb/rate_limiter.h"
#include "rocksdb/table.h"
#include "rocksdb/version.h"
#include "rocksdb/write_buffer_manager.h"
#include "tests/hooks/scripted_file_system.h"
#include "tests/hooks/temp_db.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

RocksdbFeatures LinkedFeatures() { return FeaturesOf(LoadedRocksdbVersion()); }

std::map<std::string, DiscoveredOption> Discovered(const TempDb& db) {
  std::map<std::string, DiscoveredOption> options;
  for (DiscoveredOption& option :
       DiscoverOptions(db.get(), db.families(), LinkedFeatures())) {
    const std::string name = option.name;
    options[name] = std::move(option);
  }
  return options;
}

OptionValues Values(const TempDb& db) {
  std::vector<CatalogueRow> rows;
  for (const DiscoveredOption& option :
       DiscoverOptions(db.get(), db.families(), LinkedFeatures())) {
    CatalogueRow row;
    row.name = option.name;
    row.scope = option.scope;
    row.type = option.type;
    rows.push_back(row);
  }
  absl::StatusOr<OptionValues> values =
      ReadOptionValues(db.get(), db.families(), Catalogue(std::move(rows)));
  EXPECT_OK(values);
  return values.ok() ? *std::move(values) : OptionValues();
}

TEST(OptionAccess, FindsTypesByProbing) {
  TempDb db{rocksdb::Options()};
  const auto found = Discovered(db);
  const std::map<std::string, OptionType> expected = {
      {"disable_auto_compactions", OptionType::kBool},
      {"max_bytes_for_level_multiplier", OptionType::kDouble},
      {"level0_file_num_compaction_trigger", OptionType::kInt},
      {"write_buffer_size", OptionType::kUint},
      {"max_open_files", OptionType::kInt},
      {"max_subcompactions", OptionType::kUint},
      {"compression", OptionType::kEnum},
      {"compression_per_level", OptionType::kList},
      {"max_bytes_for_level_multiplier_additional", OptionType::kList},
      {"compression_opts", OptionType::kStruct},
      {"prefix_extractor", OptionType::kString},
      {"block_based_table_factory.block_size", OptionType::kUint},
      {"block_cache.capacity", OptionType::kUint},
  };
  for (const auto& [name, type] : expected) {
    ASSERT_TRUE(found.count(name)) << name;
    EXPECT_EQ(found.at(name).type, type) << name;
  }
  EXPECT_FALSE(found.count("table_factory"));
}

TEST(OptionAccess, OffersOnlyCompressionTypesThatAreLinkedIn) {
  TempDb db{rocksdb::Options()};
  const auto found = Discovered(db);
  const std::vector<std::string>& words = found.at("compression").enum_values;
  EXPECT_TRUE(std::count(words.begin(), words.end(), "kNoCompression"));
  EXPECT_FALSE(std::count(words.begin(), words.end(), "kXpressCompression"));
  // It means "as the other levels" at the bottom and aborts anywhere else.
  EXPECT_FALSE(
      std::count(words.begin(), words.end(), "kDisableCompressionOption"));
  for (const std::string& word : words) {
    EXPECT_OK(SetOptionValues(db.get(), OptionScope::kColumnFamily,
                              db.families()[0], {{"compression", word}}));
  }
}

TEST(OptionAccess, DiscoveryLeavesTheLiveDatabaseAlone) {
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 12345;
  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  TempDb db(options);
  const OptionValues before = Values(db);
  Discovered(db);
  EXPECT_EQ(Values(db), before);
  EXPECT_EQ(before.at({"block_based_table_factory.block_size", "default"}),
            "12345");
}

TEST(OptionAccess, ReadsDoublesExactly) {
  rocksdb::Options options;
  options.max_bytes_for_level_multiplier = 8.12345678901;
  TempDb db(options);
  EXPECT_EQ(Values(db).at({"max_bytes_for_level_multiplier", "default"}),
            "8.12345678901");
}

TEST(OptionAccess, SetsTableMembersBesideOtherOptions) {
  TempDb db{rocksdb::Options()};
  ASSERT_OK(SetOptionValues(
      db.get(), OptionScope::kColumnFamily, db.families()[0],
      {{"block_based_table_factory.block_size", "8192"},
       {"block_based_table_factory.block_restart_interval", "8"},
       {"write_buffer_size", "33554432"},
       {"compression_opts", "{enabled=true;level=3}"}}));
  OptionValues now = Values(db);
  EXPECT_EQ((now[{"block_based_table_factory.block_size", "default"}]), "8192");
  EXPECT_EQ(
      (now[{"block_based_table_factory.block_restart_interval", "default"}]),
      "8");
  EXPECT_EQ((now[{"write_buffer_size", "default"}]), "33554432");
  const std::string compression = now[{"compression_opts", "default"}];
  EXPECT_NE(compression.find("enabled=true;level=3;"), std::string::npos)
      << compression;
  EXPECT_NE(compression.find("window_bits=-14"), std::string::npos);
}

TEST(OptionAccess, AnEmptyListIsReadAsEmptyTextAndCanBeSetBack) {
  TempDb db{rocksdb::Options()};
  const OptionKey key{"compression_per_level", "default"};
  EXPECT_EQ(Values(db).at(key), "");
  ASSERT_OK(SetOptionValues(db.get(), OptionScope::kColumnFamily,
                            db.families()[0],
                            {{key.name, "kNoCompression:kNoCompression"}}));
  EXPECT_EQ(Values(db).at(key), "kNoCompression:kNoCompression");
  ASSERT_OK(SetOptionValues(db.get(), OptionScope::kColumnFamily,
                            db.families()[0], {{key.name, ""}}));
  EXPECT_EQ(Values(db).at(key), "");
}

TEST(OptionAccess, SaysWhenTheOptionsFileWasNotWritten) {
  ScriptedFileSystem files;
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(
      std::shared_ptr<rocksdb::FileSystem>(&files, [](void*) {}));
  rocksdb::Options options;
  options.env = env.get();
  TempDb db(options);
  files.Fail("OPTIONS");
  EXPECT_FALSE(SetOptionValues(db.get(), OptionScope::kColumnFamily,
                               db.families()[0],
                               {{"write_buffer_size", "33554432"}})
                   .ok());
  EXPECT_FALSE(SetOptionValues(db.get(), OptionScope::kDb, db.families()[0],
                               {{"max_background_jobs", "3"}})
                   .ok());
  OptionValues now = Values(db);
  EXPECT_EQ((now[{"write_buffer_size", "default"}]), "33554432");
  EXPECT_EQ((now[{"max_background_jobs", ""}]), "3");
}

TEST(LiveObjects, NamesACacheAfterTheFamiliesThatShareIt) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(32 << 20);
  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  TempDb shared(options, {"one", "two"});
  EXPECT_EQ(ReadLiveValues(shared.get(), shared.families()),
            (OptionValues{{{"block_cache.capacity", ""}, "33554432"}}));

  TempDb own{rocksdb::Options(), {"one"}};
  table.block_cache = rocksdb::NewLRUCache(16 << 20);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  ASSERT_TRUE(own->CreateColumnFamily(options, "apart", &handle).ok());
  std::vector<FamilyRef> families = own.families();
  families.push_back({handle, handle->GetID(), "apart"});
  // The default family's own cache: 8 MiB on 7.8, 32 MiB on 9.10.
  OptionValues values = ReadLiveValues(own.get(), families);
  EXPECT_EQ(values.size(), 2u);
  EXPECT_EQ((values[{"block_cache.capacity", "apart"}]), "16777216");
  EXPECT_NE((values[{"block_cache.capacity", "default"}]), "");
  EXPECT_TRUE(own->DestroyColumnFamilyHandle(handle).ok());
}

TEST(LiveObjects, AreSetAndReadBack) {
  rocksdb::Options options;
  options.rate_limiter.reset(rocksdb::NewGenericRateLimiter(16 << 20));
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(64 << 20);
  TempDb db(options);
  for (const char* name :
       {"block_cache.capacity", "rate_limiter.bytes_per_second",
        "write_buffer_manager.buffer_size"}) {
    ASSERT_OK(SetOptionValues(db.get(), OptionScope::kLive, db.families()[0],
                              {{name, "10000000"}}));
    EXPECT_EQ(Values(db).at({name, ""}), "10000000") << name;
  }
}

TEST(LiveObjects, RefusesWhatRocksdbWouldAbortOn) {
  rocksdb::Options options;
  options.rate_limiter.reset(rocksdb::NewGenericRateLimiter(16 << 20));
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(64 << 20);
  TempDb db(options);
  for (const char* name :
       {"rate_limiter.bytes_per_second", "write_buffer_manager.buffer_size"}) {
    for (const char* value : {"0", "-1", "99999999999999999999", "1.5", ""}) {
      EXPECT_THAT(SetOptionValues(db.get(), OptionScope::kLive,
                                  db.families()[0], {{name, value}}),
                  IsError(absl::StatusCode::kInvalidArgument, name))
          << value;
    }
  }
}

TEST(LiveObjects, AWriteBufferManagerThatLimitsNothingIsNotOffered) {
  TempDb db{rocksdb::Options()};
  EXPECT_FALSE(Discovered(db).count("write_buffer_manager.buffer_size"));
  EXPECT_THAT(
      SetOptionValues(db.get(), OptionScope::kLive, db.families()[0],
                      {{"write_buffer_manager.buffer_size", "1000000"}}),
      IsError(absl::StatusCode::kFailedPrecondition, "no such object"));
}

TEST(OptionText, DoublesAreThePlainDigitsThatReadBackTheSame) {
  EXPECT_EQ(CanonicalDouble(10), "10");
  EXPECT_EQ(CanonicalDouble(100000), "100000");
  EXPECT_EQ(CanonicalDouble(0.1), "0.1");
  EXPECT_EQ(CanonicalDouble(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(CanonicalDouble(0), "0");
}

TEST(OptionText, SplitsAtTheOutermostLevelOnly) {
  EXPECT_EQ(SplitMembers("a=1; b={c=2;d={e=3}}; ;x; f="),
            (OptionText{{"a", "1"}, {"b", "{c=2;d={e=3}}"}, {"f", ""}}));
  EXPECT_EQ(CanonicalText("{b=2;a={d=4;c=3;};}"), "{a={c=3;d=4};b=2}");
  EXPECT_EQ(CanonicalText("kNoCompression"), "kNoCompression");
}

}  // namespace
}  // namespace rocktune
