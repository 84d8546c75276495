// OPTIONS files: RocksDB's own, ours, broken ones.
#include "hooks/options_file.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "hooks/option_text.h"
#include "hooks/set_objects.h"
#include "rocksdb/convenience.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/merge_operator.h"
#include "rocksdb/rate_limiter.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/options_util.h"
#include "tests/hooks/temp_db.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

std::string Slurp(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void Spit(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

// Of the first line that holds `part`; 0 without one.
int LineOf(const std::string& text, const std::string& part) {
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.find(part) != absl::string_view::npos) return number;
  }
  return 0;
}

std::string Replaced(const std::string& text, const std::string& from,
                     const std::string& to) {
  std::string changed = text;
  const size_t at = changed.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) changed.replace(at, from.size(), to);
  return changed;
}

OptionSet TwoFamilies() {
  OptionSet options = DefaultOptionSet();
  rocksdb::ColumnFamilyOptions family;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(77 << 20);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(9.9));
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  SetBlockBasedTable(table, &family);
  family.max_bytes_for_level_multiplier = 8.123456789012345;
  family.compression_per_level = {rocksdb::kNoCompression,
                                  rocksdb::kLZ4Compression};
  family.compaction_style = rocksdb::kCompactionStyleUniversal;
  family.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(4));
  options.families.emplace_back("we ird\"#x=\\ [y]", family);
  options.families.emplace_back("shares", family);
  options.db.max_background_jobs = 7;
  return options;
}

class OptionsFile : public testing::Test {
 protected:
  std::string Path(const std::string& name = "OPTIONS-x") const {
    return folder_.path() + "/" + name;
  }
  TempFolder folder_;
};

TEST_F(OptionsFile, GivesBackEveryValueThatWasWritten) {
  OptionSet options = TwoFamilies();
  options.db.rate_limiter.reset(rocksdb::NewGenericRateLimiter(12345678));
  options.db.row_cache = rocksdb::NewLRUCache(5 << 20);
  ASSERT_OK(WriteOptionsFile(options, Path()));
  const auto read = ReadOptionsFile(Path());
  ASSERT_OK(read);
  EXPECT_EQ(AllOptionValues(*read), AllOptionValues(options));
  const OptionValues live = LiveValuesOf(*read);
  EXPECT_EQ(live.at({"block_cache.capacity", "we ird\"#x=\\ [y]"}), "80740352");
  EXPECT_EQ(live.at({"rate_limiter.bytes_per_second", ""}), "12345678");
  EXPECT_EQ(live.at({"row_cache.capacity", ""}), "5242880");
  EXPECT_EQ(BlockCachesOf(*read).size(), 2u);  // who shares, shares again
  EXPECT_FALSE(std::filesystem::exists(Path() + ".tmp"));
}

TEST_F(OptionsFile, IsLoadedByRocksdbAsItIs) {
  ASSERT_OK(WriteOptionsFile(TwoFamilies(), Path()));
  rocksdb::DBOptions db;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  rocksdb::ConfigOptions strict;
  strict.ignore_unknown_options = false;
  const rocksdb::Status loaded =
      rocksdb::LoadOptionsFromFile(strict, Path(), &db, &families);
  ASSERT_TRUE(loaded.ok()) << loaded.ToString();
  EXPECT_EQ(db.max_background_jobs, 7);
  ASSERT_EQ(families.size(), 3u);
  // What the header says is lost: RocksDB's own default is there.
  EXPECT_NE(BlockBasedTableOf(families[1].options)->block_cache->GetCapacity(),
            77u << 20);
}

TEST_F(OptionsFile, ReadsWhatADatabaseWrote) {
  rocksdb::Options options;
  options.write_buffer_size = 3 << 20;
  options.num_levels = 5;
  TempDb db(options, {"orders"});
  const auto read = ReadLatestOptions(db->GetName());
  ASSERT_OK(read);
  ASSERT_EQ(read->families.size(), 2u);
  EXPECT_EQ(read->families[1].name, "orders");
  const OptionValues values = AllOptionValues(*read);
  EXPECT_EQ(values.at({"num_levels", "orders"}), "5");
  EXPECT_EQ(values.at({"write_buffer_size", "default"}), "3145728");
  EXPECT_THAT(read->missing, testing::IsEmpty());
  ASSERT_OK(WriteOptionsFile(*read, Path()));
}

class TheirMerge : public rocksdb::AssociativeMergeOperator {
 public:
  const char* Name() const override { return "theirs.Merge"; }
  bool Merge(const rocksdb::Slice&, const rocksdb::Slice*,
             const rocksdb::Slice&, std::string*,
             rocksdb::Logger*) const override {
    return false;
  }
};

TEST_F(OptionsFile, KeepsTheNamesOfObjectsThatOnlyTheHostHas) {
  rocksdb::Options options;
  options.merge_operator = std::make_shared<TheirMerge>();
  TempDb db(options);
  auto read = ReadLatestOptions(db->GetName());
  ASSERT_OK(read);
  ASSERT_EQ(read->missing.size(), 1u);
  EXPECT_EQ(read->missing[0].key, (OptionKey{"merge_operator", "default"}));
  EXPECT_EQ(read->missing[0].value, "theirs.Merge");
  ASSERT_OK(SetOptionValues(&*read, {{{"num_levels", "default"}, "4"}}));
  ASSERT_OK(WriteOptionsFile(*read, Path()));
  EXPECT_NE(Slurp(Path()).find("merge_operator=theirs.Merge\n"),
            std::string::npos);
  EXPECT_EQ(ReadOptionsFile(Path())->missing.size(), 1u);
}

struct Broken {
  const char* what;
  const char* from;  // in a good file
  const char* to;
  const char* line_of;  // the line to be named: the first with this
  const char* reason;
};

const Broken kBroken[] = {
    {"unknown option", "max_background_jobs=", "max_backgroud_jobs=",
     "max_backgroud_jobs", "did you mean max_background_jobs?"},
    {"unknown table option", "  block_size=", "  blok_size=", "blok_size",
     "did you mean block_size?"},
    {"no such option at all", "max_background_jobs=7", "zzzzzzzzzzzzzzzzz=1",
     "zzzzzzzzzzzzzzzzz", "unknown option \"zzzzzzzzzzzzzzzzz\""},
    {"no number", "max_background_jobs=7", "max_background_jobs=two",
     "max_background_jobs", "cannot be \"two\"; expected a number"},
    {"a number and more", "max_background_jobs=7", "max_background_jobs=2x",
     "max_background_jobs", "cannot be \"2x\"; expected a number"},
    {"empty number", "max_background_jobs=7",
     "max_background_jobs=", "max_background_jobs", "expected a number"},
    {"unknown word", "compaction_style=kCompactionStyleLevel",
     "compaction_style=kSideways", "kSideways", "cannot be \"kSideways\""},
    {"no boolean", "paranoid_checks=true", "paranoid_checks=maybe",
     "paranoid_checks=maybe", "cannot be \"maybe\""},
    {"levels below zero", "num_levels=7", "num_levels=-1", "num_levels=-1",
     "out of range"},
    {"levels without end", "num_levels=7", "num_levels=2000000000",
     "num_levels=2000000000", "out of range"},
    {"bad table value", "  block_size=4096", "  block_size=big",
     "block_size=big", "expected a number"},
    {"unknown section", "[DBOptions]", "[DbOptions]", "[DbOptions]",
     "did you mean [DBOptions]?"},
    {"foreign section", "[DBOptions]", "[mysqld]", "[mysqld]",
     "write one of [Version]"},
    {"open section", "[DBOptions]", "[DBOptions", "[DBOptions",
     "does not end in ']'"},
    {"no family", "[CFOptions \"default\"]", "[CFOptions]", "[CFOptions]",
     "needs a column family in quotes"},
    {"default is not first", "[CFOptions \"default\"]",
     "[CFOptions \"defualt\"]", "defualt", "must be that of \"default\""},
    {"a table of nobody", "[TableOptions/BlockBasedTable \"default\"]",
     "[TableOptions/BlockBasedTable \"nix\"]", "nix",
     "there is no [CFOptions \"nix\"]"},
    {"unknown table format", "[TableOptions/BlockBasedTable \"default\"]",
     "[TableOptions/CubeTable \"default\"]", "CubeTable", "no table format"},
    {"no statement", "max_background_jobs=7", "max_background_jobs 7",
     "max_background_jobs 7", "is no name=value"},
    {"before any section", "[Version]", "", "rocksdb_version",
     "stands before the first section"},
    {"twice", "max_background_jobs=7",
     "max_background_jobs=7\n  max_background_jobs=8", "max_background_jobs=8",
     "was set in line"},
    {"two databases", "[CFOptions \"default\"]",
     "[DBOptions] # again\n[CFOptions \"default\"]", "# again",
     "was there before"},
    {"bad live object", "#@rocktune block_cache.capacity=",
     "#@rocktune block_cach.capacity=", "block_cach.", "expected"},
    {"a cache of nobody", " \"shares\"", " \"unheard\"", "unheard",
     "a column family that has none"},
    {"a cache of no size",
     "#@rocktune block_cache.capacity=", "#@rocktune block_cache.capacity=x",
     "capacity=x", "expected a whole number"},
};

TEST_F(OptionsFile, NamesTheLineAndTheReasonOfEachMistake) {
  ASSERT_OK(WriteOptionsFile(TwoFamilies(), Path("good")));
  const std::string good = Slurp(Path("good"));
  for (const Broken& broken : kBroken) {
    std::string bad = Replaced(good, broken.from, broken.to);
    Spit(Path(), bad);
    const std::string where =
        absl::StrCat(Path(), ": line ", LineOf(bad, broken.line_of), ": ");
    const auto read = ReadOptionsFile(Path());
    EXPECT_THAT(read, IsError(absl::StatusCode::kInvalidArgument, where))
        << broken.what;
    EXPECT_THAT(read,
                IsError(absl::StatusCode::kInvalidArgument, broken.reason))
        << broken.what;
  }
}

TEST_F(OptionsFile, NamesTheEndOfAFileThatWasCutOff) {
  ASSERT_OK(WriteOptionsFile(TwoFamilies(), Path()));
  const std::string good = Slurp(Path());
  Spit(Path(), good.substr(0, good.find("[CFOptions")));
  EXPECT_THAT(ReadOptionsFile(Path()),
              IsError(absl::StatusCode::kInvalidArgument,
                      "ends without a [CFOptions \"default\"]"));
  for (const std::string& text : {std::string(), std::string("\0\1\2=\n", 5)}) {
    Spit(Path(), text);
    EXPECT_THAT(ReadOptionsFile(Path()),
                IsError(absl::StatusCode::kInvalidArgument, "line 1: "));
  }
}

TEST_F(OptionsFile, TellsAMissingFileFromABrokenOne) {
  EXPECT_THAT(ReadOptionsFile(Path("no_such")),
              IsError(absl::StatusCode::kNotFound, "no such file"));
  EXPECT_THAT(ReadOptionsFile(folder_.path()),
              IsError(absl::StatusCode::kInvalidArgument, "is no file"));
  EXPECT_THAT(ReadLatestOptions(folder_.path()),
              IsError(absl::StatusCode::kNotFound, folder_.path()));
  EXPECT_THAT(ReadLatestOptions(Path("no_such")),
              IsError(absl::StatusCode::kNotFound, "no_such"));
}

TEST_F(OptionsFile, SaysWhichRocksdbAnUnknownOptionIsOf) {
  ASSERT_OK(WriteOptionsFile(TwoFamilies(), Path()));
  const std::string good = Slurp(Path());
  const size_t at = good.find("rocksdb_version=");
  std::string newer = good;
  newer.replace(at, good.find('\n', at) - at, "rocksdb_version=99.1.0");
  Spit(Path(), newer);
  EXPECT_OK(ReadOptionsFile(Path()));  // it knows every option
  Spit(Path(), Replaced(newer, "[CFOptions", "  made_in_2099=1\n[CFOptions"));
  EXPECT_THAT(ReadOptionsFile(Path()),
              IsError(absl::StatusCode::kInvalidArgument,
                      "the file is of RocksDB 99.1.0"));
}

TEST_F(OptionsFile, LeavesTheOldFileWhereTheNewOneIsNoGood) {
  ASSERT_OK(WriteOptionsFile(DefaultOptionSet(), Path()));
  const std::string before = Slurp(Path());
  OptionSet options = DefaultOptionSet();
  options.families[0].options.num_levels = 5000;  // the reader refuses it
  EXPECT_THAT(WriteOptionsFile(options, Path()),
              IsError(absl::StatusCode::kInvalidArgument, "num_levels"));
  EXPECT_EQ(Slurp(Path()), before);
  EXPECT_FALSE(std::filesystem::exists(Path() + ".tmp"));
  EXPECT_THAT(WriteOptionsFile(options, folder_.path() + "/no/such/folder"),
              IsError(absl::StatusCode::kUnavailable, "cannot create"));
}

}  // namespace
}  // namespace rocktune
