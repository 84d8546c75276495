#include "llm/briefing.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "llm/prompt.h"
#include "tests/llm/hostile_names.h"
#include "tests/llm/model_world.h"

namespace rocktune {
namespace {

std::string PayloadOf(const WorldNames& names) {
  const ModelWorld world(names, 8, 8);
  const ModelQuestion question = WriteQuestion(world.Brief(), {});
  return absl::StrCat(question.instructions, question.facts,
                      question.schema_json);
}

// A word of the tables is let through on purpose: "ext4" names a file system.
std::string Benign(const std::string& name) {
  if (name == "proven" || name == "write_buffer_size") return name;
  return "a summary";
}

TEST(Briefing, IsTheSameWhateverTheHostsNamesAre) {
  const std::vector<std::string> names = HostileNames();
  ASSERT_EQ(names.size(), 200u);
  for (const std::string& name : names) {
    WorldNames benign;
    benign.text = Benign(name);
    ASSERT_EQ(PayloadOf({name, name, name, name}), PayloadOf(benign))
        << "with the name " << name.substr(0, 80);
  }
}

TEST(Briefing, HoldsNoNameEvenWhenItLooksLikeAnOptionsName) {
  WorldNames names;
  names.database = names.family = names.path = "customers_eu";
  EXPECT_FALSE(absl::StrContains(PayloadOf(names), "customers"));
}

TEST(Briefing, NumbersFamiliesByIdWhateverTheirNames) {
  ModelWorld world({}, 3, 0);
  world.values[{"write_buffer_size", world.database.column_families[2].name}] =
      "1048576";
  const ModelBriefing briefing = world.Brief();
  for (const BriefedOption& option : briefing.options) {
    if (option.name.text() != "write_buffer_size") continue;
    ASSERT_EQ(option.values.size(), 3u);
    EXPECT_EQ(option.values[2].first, 2);
    EXPECT_EQ(option.values[2].second, BriefedValue(1048576.0));
  }
}

TEST(Briefing, LeavesOutARowWhoseNameIsNoWord) {
  for (const char* name :
       {"two words", "new\nline", "\x1b[31m", "\xc3\xa4", "quote\"", ""}) {
    CatalogueRow row;
    row.name = name;
    row.type = OptionType::kBool;
    row.option_class = OptionClass::kInstant;
    EXPECT_FALSE(IsOpenToModels(row)) << name;
    EXPECT_FALSE(CatalogueWord::Name(row).has_value()) << name;
  }
  CatalogueRow row;
  row.name = std::string(kLongestWord, 'a');
  EXPECT_TRUE(CatalogueWord::Name(row).has_value());
  row.name += 'a';
  EXPECT_FALSE(CatalogueWord::Name(row).has_value());
}

TEST(Briefing, ReadsValuesOfTheirOptionsOnly) {
  CatalogueRow row;
  row.type = OptionType::kEnum;
  row.enum_values = {"kZSTD", "k bad"};
  EXPECT_TRUE(ReadBriefedValue("zstd", row).has_value());
  EXPECT_FALSE(ReadBriefedValue("k bad", row).has_value());
  EXPECT_FALSE(ReadBriefedValue("kLZ4", row).has_value());
  row.type = OptionType::kString;
  EXPECT_FALSE(ReadBriefedValue("anything", row).has_value());
  row.type = OptionType::kUint;
  EXPECT_FALSE(ReadBriefedValue("ten", row).has_value());
  EXPECT_EQ(ReadBriefedValue("10", row), BriefedValue(10.0));
}

TEST(Briefing, TellsOfAtMostItsLimits) {
  const ModelWorld world({}, 40, 100);
  const ModelBriefing briefing = world.Brief();
  EXPECT_EQ(briefing.families.size(), size_t{kMostBriefedFamilies});
  EXPECT_EQ(briefing.families_left_out, 40 - kMostBriefedFamilies);
  EXPECT_EQ(briefing.trials.size(), size_t{kMostBriefedTrials});
  EXPECT_EQ(briefing.trials.back().id, 100);
  EXPECT_EQ(briefing.trials_left_out, 100 - kMostBriefedTrials);
}

TEST(Briefing, MapsForeignWordsToOther) {
  EXPECT_EQ(FileSystemWord("xfs"), "xfs");
  EXPECT_EQ(FileSystemWord("secretfs"), "other");
  EXPECT_EQ(SchedulerWord("mq-deadline"), "mq-deadline");
  EXPECT_EQ(SchedulerWord("mine"), "other");
  EXPECT_EQ(EndWord("guardrail"), "guardrail");
  EXPECT_EQ(EndWord("because"), "other");
  EXPECT_EQ(CompactionStyleWord("kCompactionStyleFIFO"), "fifo");
  EXPECT_EQ(CompactionStyleWord("x"), "unknown");
  EXPECT_EQ(NoteWordOf("approve_only").code, "approve_only");
  EXPECT_EQ(NoteWordOf("say hello").code, "other");
}

}  // namespace
}  // namespace rocktune
