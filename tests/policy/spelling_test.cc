#include "policy/spelling.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/policy/calibration_fixture.h"

namespace rocktune {
namespace {

struct Case {
  std::string option;
  std::string value;
  std::string name;  // "" when refused
  std::string code;
  std::string given = "8";
};

TEST(Spelling, FindsTheOptionThatWasMeant) {
  const std::string table = "block_based_table_factory.";
  const std::vector<Case> cases = {
      {"write_buffer_size", "8", "write_buffer_size", ""},
      {"Write_Buffer_Size", "8", "write_buffer_size", "corrected_spelling"},
      {" write buffer size ", "8", "write_buffer_size", "corrected_spelling"},
      {"write-buffer-size", "8", "write_buffer_size", "corrected_spelling"},
      {"cf.write_buffer_size", "8", "write_buffer_size", "corrected_spelling"},
      {"CFOptions.write_buffer_size", "8", "write_buffer_size",
       "corrected_spelling"},
      {"db.max_background_jobs", "8", "max_background_jobs",
       "corrected_spelling"},
      {"write_buffer_size=8", "", "write_buffer_size", "corrected_spelling"},
      {"  write_buffer_size = 8", "8", "write_buffer_size",
       "corrected_spelling"},
      {"table.block_size", "8", table + "block_size", "corrected_spelling"},
      {"block_size", "8", table + "block_size", "corrected_spelling"},
      {"BlockBasedTableOptions.block_size", "8", table + "block_size",
       "corrected_spelling"},
      {"block_based_table_factory", "{block_size=8}", table + "block_size",
       "corrected_spelling"},
      {"table_factory={block_size=8;}", "", table + "block_size",
       "corrected_spelling"},
      {"block_cache_size", "8", "block_cache.capacity", "corrected_spelling"},
      {"memtable_size", "8", "write_buffer_size", "corrected_spelling"},
  };
  const CalibrationFixture fixture;
  for (const Case& each : cases) {
    const SpelledChange spelled = CorrectSpelling(
        {each.option, "", each.value, "", ""}, fixture.catalogue);
    ASSERT_NE(spelled.row, nullptr) << each.option << spelled.message;
    EXPECT_EQ(spelled.row->name, each.name) << each.option;
    EXPECT_EQ(spelled.code, each.code) << each.option;
    EXPECT_EQ(spelled.value, each.given) << each.option;
  }
}

TEST(Spelling, RefusesNamesItCannotPlace) {
  const std::vector<Case> cases = {
      {"", "8", "", "empty_name"},
      {"write_bufer_sise", "8", "", "unknown_option"},
      {"rm -rf /", "8", "", "unknown_option"},
      {std::string(65536, 'a'), "8", "", "unknown_option"},
      {"soft_rate_limit", "8", "", "deprecated_option"},
      {"filter_deletes", "1", "", "deprecated_option"},
      {"verify_checksums_in_compaction", "1", "", "deprecated_option"},
      {"bottommost_temperature", "kHot", "", "deprecated_option"},
      {"allow_os_buffer", "1", "", "deprecated_option"},
      {"base_background_compactions", "1", "", "deprecated_option"},
      {"compaction_style", "1", "", "immutable_option"},
      {"write_buffer_size=8", "9", "", "conflicting_value"},
      {"block_based_table_factory", "{block_size=8;block_restart_interval=1}",
       "", "several_members"},
  };
  const CalibrationFixture fixture;
  for (const Case& each : cases) {
    const SpelledChange spelled = CorrectSpelling(
        {each.option, "", each.value, "", ""}, fixture.catalogue);
    EXPECT_EQ(spelled.row, nullptr) << each.option;
    EXPECT_EQ(spelled.code, each.code) << each.option.substr(0, 40);
    EXPECT_NE(spelled.message, "") << each.option.substr(0, 40);
  }
}

TEST(Spelling, NamesTheNearestOption) {
  const CalibrationFixture fixture;
  EXPECT_NE(
      CorrectSpelling({"write_bufer_sise", "", "8", "", ""}, fixture.catalogue)
          .message.find("\"write_buffer_size\""),
      std::string::npos);
}

TEST(Spelling, RefusesADeprecatedNameEvenWhenItIsListed) {
  CatalogueRow row;
  row.name = "soft_rate_limit";
  EXPECT_EQ(
      CorrectSpelling({"soft_rate_limit", "", "1", "", ""}, Catalogue({row}))
          .code,
      "deprecated_option");
}

}  // namespace
}  // namespace rocktune
