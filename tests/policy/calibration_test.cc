#include "policy/calibration.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/calibration_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

constexpr ProposalSource kOperator = ProposalSource::kOperator;

TEST(Calibration, PassesAGoodChangeToEveryFamilyUntouched) {
  const CalibrationFixture fixture;
  const CalibrationResult result =
      fixture.Run("level0_file_num_compaction_trigger", "8");
  ASSERT_EQ(result.change_set.changes.size(), 2u) << Describe(result);
  EXPECT_EQ(After(result, "level0_file_num_compaction_trigger"), "8");
  EXPECT_EQ(After(result, "level0_file_num_compaction_trigger", "index"), "8");
  EXPECT_EQ(result.change_set.changes[0].before, "4");
  EXPECT_TRUE(result.notes.empty()) << Describe(result);
}

TEST(Calibration, LeavesAMachineReadableNoteForWhatItDid) {
  const CalibrationFixture fixture;
  const CalibrationResult result = fixture.Run("Write_Buffer_Size", "96 MB");
  EXPECT_EQ(After(result, "write_buffer_size"), "100663296");
  ASSERT_EQ(result.notes.size(), 2u) << Describe(result);
  EXPECT_EQ(result.notes[0].step, CalibrationStep::kSpelling);
  EXPECT_EQ(result.notes[0].code, "corrected_spelling");
  EXPECT_EQ(result.notes[1].step, CalibrationStep::kParse);
  EXPECT_EQ(result.notes[1].code, "read_value");
  EXPECT_EQ(result.notes[1].asked, "96 MB");
  EXPECT_EQ(result.notes[1].given, "100663296");
  EXPECT_FALSE(result.notes[1].rejected);
}

TEST(Calibration, LetsAFamilysOwnValueGoBeforeTheGeneralOne) {
  const CalibrationFixture fixture;
  const std::string option = "level0_file_num_compaction_trigger";
  for (bool special_first : {true, false}) {
    std::vector<ProposedChange> changes = {{option, "index", "6", "", ""},
                                           {option, "", "8", "", ""}};
    if (!special_first) std::swap(changes[0], changes[1]);
    const CalibrationResult result = fixture.Run(changes);
    EXPECT_EQ(After(result, option, "default"), "8") << Describe(result);
    EXPECT_EQ(After(result, option, "index"), "6") << Describe(result);
  }
}

TEST(Calibration, KeepsTheFirstOfTwoValuesForOneOption) {
  const CalibrationFixture fixture;
  const CalibrationResult result =
      fixture.Run({{"max_background_jobs", "", "4", "", ""},
                   {"max_background_jobs", "", "6", "", ""}});
  EXPECT_EQ(After(result, "max_background_jobs"), "4");
  EXPECT_TRUE(HasCode(result, "duplicate_option"));
}

TEST(Calibration, RefusesWhatItCannotPlace) {
  const CalibrationFixture fixture;
  EXPECT_TRUE(HasCode(fixture.Run("no_such_option", "1"), "unknown_option"));
  EXPECT_TRUE(HasCode(fixture.Run("write_buffer_size", "lots"), "bad_value"));
  EXPECT_TRUE(HasCode(
      fixture.Run({{"write_buffer_size", "no_such_family", "8MB", "", ""}}),
      "unknown_column_family"));
}

TEST(Calibration, TakesADatabaseOptionNamedWithAFamily) {
  const CalibrationFixture fixture;
  const CalibrationResult result =
      fixture.Run({{"max_background_jobs", "index", "4", "", ""}});
  EXPECT_EQ(After(result, "max_background_jobs"), "4") << Describe(result);
  EXPECT_TRUE(HasCode(result, "whole_database"));
}

TEST(Calibration, RefusesAnOptionWhoseValueInForceIsUnknown) {
  CalibrationFixture fixture;
  fixture.values.erase(OptionKey{"max_background_jobs", ""});
  EXPECT_TRUE(
      HasCode(fixture.Run("max_background_jobs", "4"), "value_unknown"));
}

TEST(Calibration, DropsWhatIsInForceAlready) {
  const CalibrationFixture fixture;
  const CalibrationResult result = fixture.Run("write_buffer_size", "64MB");
  EXPECT_TRUE(result.change_set.empty());
  EXPECT_TRUE(HasCode(result, "unchanged"));
}

TEST(Calibration, LeavesApproveOnlyOptionsToTheOperator) {
  const CalibrationFixture fixture;
  for (ProposalSource source :
       {ProposalSource::kExpert, ProposalSource::kLlm, ProposalSource::kReplay,
        ProposalSource::kHistory}) {
    const CalibrationResult result =
        fixture.Run("wal_bytes_per_sync", "1MB", source);
    EXPECT_TRUE(result.change_set.empty());
    EXPECT_TRUE(HasCode(result, "approve_only"));
  }
  EXPECT_EQ(After(fixture.Run("wal_bytes_per_sync", "1MB", kOperator),
                  "wal_bytes_per_sync"),
            "1048576");
  EXPECT_EQ(After(fixture.Run("made_in_2031", "8", kOperator), "made_in_2031"),
            "8");
}

TEST(Calibration, RefusesForbiddenOptionsEvenFromTheOperator) {
  const CalibrationFixture fixture;
  for (const char* option :
       {"avoid_flush_during_shutdown", "prefix_extractor", "table_factory",
        "compaction_options_fifo", "memtable_protection_bytes_per_key",
        "paranoid_file_checks", "max_successive_merges",
        "block_based_table_factory.format_version",
        "block_based_table_factory.block_cache"}) {
    const CalibrationResult result = fixture.Run(option, "1", kOperator);
    EXPECT_TRUE(result.change_set.empty()) << option;
    EXPECT_TRUE(HasCode(result, "forbidden_option")) << Describe(result);
  }
}

TEST(Calibration, KeepsValuesWithinTheBoundsOfTheHost) {
  const CalibrationFixture fixture;
  EXPECT_EQ(After(fixture.Run("max_background_jobs", "500", kOperator),
                  "max_background_jobs"),
            "16");
  const CalibrationResult low =
      fixture.Run("delayed_write_rate", "10KB/s", kOperator);
  EXPECT_EQ(After(low, "delayed_write_rate"), "1048576");
  EXPECT_TRUE(HasCode(low, "below_floor"));
}

TEST(Calibration, DoesNotTurnAProposalAround) {
  CalibrationFixture fixture;
  fixture.Force("max_background_jobs", "64");
  const CalibrationResult result = fixture.Run("max_background_jobs", "100");
  EXPECT_TRUE(result.change_set.empty()) << Describe(result);
  EXPECT_TRUE(HasCode(result, "above_ceiling"));
}

TEST(Calibration, LimitsTheStepOfAnAdvisorButNotOfTheOperator) {
  const CalibrationFixture fixture;
  const CalibrationResult advised = fixture.Run("write_buffer_size", "512MB");
  EXPECT_EQ(After(advised, "write_buffer_size"), "268435456");
  EXPECT_TRUE(HasCode(advised, "step_limited"));
  EXPECT_EQ(After(fixture.Run("write_buffer_size", "512MB", kOperator),
                  "write_buffer_size"),
            "536870912");
  EXPECT_EQ(After(fixture.Run("level0_file_num_compaction_trigger", "2"),
                  "level0_file_num_compaction_trigger"),
            "2");
}

TEST(Calibration, LetsOnlyTheOperatorShrinkTheLevelTargets) {
  const CalibrationFixture fixture;
  EXPECT_TRUE(HasCode(fixture.Run("max_bytes_for_level_base", "128MB"),
                      "shrinking_rewrites"));
  EXPECT_EQ(After(fixture.Run("max_bytes_for_level_base", "128MB", kOperator),
                  "max_bytes_for_level_base"),
            "134217728");
  EXPECT_EQ(After(fixture.Run("max_bytes_for_level_base", "512MB"),
                  "max_bytes_for_level_base"),
            "536870912");
}

TEST(Calibration, TakesAtMostSoManyOptionsTheFirstOnes) {
  CalibrationFixture fixture;
  fixture.max_changes = 2;
  const std::vector<ProposedChange> changes = {
      {"level0_file_num_compaction_trigger", "", "8", "", ""},
      {"max_background_jobs", "", "4", "", ""},
      {"max_subcompactions", "", "2", "", ""}};
  const CalibrationResult result = fixture.Run(changes);
  EXPECT_EQ(result.change_set.changes.size(), 3u) << Describe(result);
  EXPECT_EQ(After(result, "max_subcompactions"), "");
  EXPECT_TRUE(HasCode(result, "too_many_changes"));
  EXPECT_EQ(After(fixture.Run(changes, kOperator), "max_subcompactions"), "2");
}

TEST(Calibration, ObeysDenialsAndPins) {
  CalibrationFixture fixture;
  fixture.pins = {{"max_background_jobs", "", true, "", ""},
                  {"write_buffer_size", "index", false, "67108864", "67108864"},
                  {"delayed_write_rate", "", false, "", "33554432"},
                  {"max_subcompactions", "", false, "what", ""}};
  EXPECT_TRUE(HasCode(fixture.Run("max_background_jobs", "4"), "denied"));
  const CalibrationResult pinned = fixture.Run("write_buffer_size", "96MB");
  EXPECT_EQ(After(pinned, "write_buffer_size", "default"), "100663296");
  EXPECT_EQ(After(pinned, "write_buffer_size", "index"), "");
  EXPECT_TRUE(HasCode(pinned, "pinned"));
  const CalibrationResult ranged = fixture.Run("delayed_write_rate", "64MB/s");
  EXPECT_EQ(After(ranged, "delayed_write_rate"), "33554432");
  EXPECT_TRUE(HasCode(ranged, "kept_in_pin"));
  EXPECT_TRUE(HasCode(fixture.Run("max_subcompactions", "2"), "pinned"));
  EXPECT_TRUE(
      HasCode(fixture.Run("max_background_jobs", "4", kOperator), "denied"));
}

TEST(Calibration, RejectsAChangeWhoseCompanionIsPinned) {
  CalibrationFixture fixture;
  fixture.pins = {{"level0_slowdown_writes_trigger", "", false, "20", "20"}};
  const CalibrationResult result =
      fixture.Run("level0_file_num_compaction_trigger", "24", kOperator);
  EXPECT_TRUE(result.change_set.empty()) << Describe(result);
  EXPECT_TRUE(HasCode(result, "l0_triggers_out_of_order"));
}

TEST(Calibration, RaisesTheUpperTriggersWithTheLowest) {
  CalibrationFixture fixture;
  fixture.Force("level0_file_num_compaction_trigger", "10");
  const CalibrationResult result =
      fixture.Run("level0_file_num_compaction_trigger", "40");
  EXPECT_EQ(After(result, "level0_file_num_compaction_trigger"), "40");
  EXPECT_EQ(After(result, "level0_slowdown_writes_trigger"), "40");
  EXPECT_EQ(After(result, "level0_stop_writes_trigger"), "50");
  EXPECT_TRUE(HasCode(result, "raised_slowdown_trigger"));
  EXPECT_TRUE(HasCode(result, "raised_stop_trigger"));
}

TEST(Calibration, KeepsARelationThatWasBrokenBeforeOutOfIt) {
  CalibrationFixture fixture;
  fixture.Force("level0_slowdown_writes_trigger", "2");
  EXPECT_EQ(
      After(fixture.Run("write_buffer_size", "96MB"), "write_buffer_size"),
      "100663296");
}

TEST(Calibration, ScalesTheCacheDownToTheMemoryBudget) {
  CalibrationFixture fixture;
  // 32 MiB cache and 2 x 2 x 64 MiB memtables are committed.
  fixture.memory_budget_bytes = uint64_t{512} << 20;
  fixture.memory_of_others_bytes = uint64_t{128} << 20;
  const CalibrationResult result = fixture.Run("block_cache.capacity", "256MB");
  EXPECT_EQ(After(result, "block_cache.capacity"), "134217728")
      << Describe(result);
  EXPECT_TRUE(HasCode(result, "scaled_to_budget"));
}

TEST(Calibration, TakesMemoryFromTheCacheBeforeTheWriteBuffers) {
  CalibrationFixture fixture;
  fixture.memory_budget_bytes = uint64_t{500} << 20;
  const CalibrationResult result =
      fixture.Run({{"block_cache.capacity", "", "128MB", "", ""},
                   {"write_buffer_size", "", "96MB", "", ""}});
  EXPECT_EQ(After(result, "write_buffer_size"), "100663296")
      << Describe(result);
  EXPECT_EQ(After(result, "block_cache.capacity"), "121634816");
}

TEST(Calibration, RejectsWithNumbersWhatNoBudgetIsLeftFor) {
  CalibrationFixture fixture;
  fixture.memory_budget_bytes = uint64_t{64} << 20;  // exceeded already
  const CalibrationResult more = fixture.Run("max_write_buffer_number", "3");
  EXPECT_TRUE(more.change_set.empty());
  ASSERT_TRUE(HasCode(more, "over_memory_budget"));
  EXPECT_THAT(more.notes.back().message, HasSubstr("67108864"));
  EXPECT_EQ(
      After(fixture.Run("write_buffer_size", "32MB"), "write_buffer_size"),
      "33554432");
}

TEST(Calibration, CountsAManagedWriteBufferOnceAndTableReaders) {
  CalibrationFixture fixture;
  const uint64_t unmanaged =
      (uint64_t{32} << 20) + 2 * 2 * (uint64_t{64} << 20);
  EXPECT_EQ(CommittedMemoryBytes(fixture.Context(), fixture.values), unmanaged);
  fixture.Force("write_buffer_manager.buffer_size", "104857600");
  fixture.window.column_families[0].table_reader_bytes = 1000;
  EXPECT_EQ(CommittedMemoryBytes(fixture.Context(), fixture.values),
            (uint64_t{132} << 20) + 1000);
}

TEST(Calibration, WarnsThatBytesPerSyncLeavesZeroForGood) {
  CalibrationFixture fixture;
  fixture.Force("bytes_per_sync", "0");
  EXPECT_TRUE(HasCode(fixture.Run("max_background_jobs", "4"),
                      "bytes_per_sync_leaves_zero"));
  EXPECT_FALSE(HasCode(fixture.Run("write_buffer_size", "96MB"),
                       "bytes_per_sync_leaves_zero"));
}

TEST(Calibration, ReadsOnlySoManyWishes) {
  const CalibrationFixture fixture;
  const CalibrationResult result = fixture.Run(std::vector<ProposedChange>(
      100000, {"max_background_jobs", "", "4", "", ""}));
  EXPECT_EQ(After(result, "max_background_jobs"), "4");
  EXPECT_TRUE(HasCode(result, "too_many_wishes"));
}

}  // namespace
}  // namespace rocktune
