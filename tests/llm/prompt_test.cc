#include "llm/prompt.h"

#include <cmath>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/llm/golden_file.h"
#include "tests/llm/model_world.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Prompt, IsAsTheGoldenFilesSay) {
  const ModelWorld world({}, 3, 6);
  const ModelQuestion question = WriteQuestion(world.Brief(), {});
  ExpectGolden("prompt_instructions.txt", question.instructions);
  ExpectGolden("prompt_facts.txt", question.facts);
  ExpectGolden("reply_schema.json", question.schema_json);
}

TEST(Prompt, OfTheSameBriefingIsTheSameBytes) {
  const ModelWorld world;
  const ModelBriefing briefing = world.Brief();
  const ModelQuestion a = WriteQuestion(briefing, {});
  const ModelQuestion b = WriteQuestion(briefing, {});
  EXPECT_EQ(a.instructions, b.instructions);
  EXPECT_EQ(a.facts, b.facts);
  EXPECT_EQ(a.schema_json, b.schema_json);
}

TEST(Prompt, KeepsInstructionsAndSchemaWhenOnlyFactsMove) {
  ModelWorld world;
  const ModelQuestion before = WriteQuestion(world.Brief(), {});
  world.values[{"max_background_jobs", ""}] = "7";
  world.windows.back().process.cpu_us += 1000000;
  world.trials.pop_back();
  world.notes.clear();
  const ModelQuestion after = WriteQuestion(world.Brief(), {});
  EXPECT_EQ(before.instructions, after.instructions);
  EXPECT_EQ(before.schema_json, after.schema_json);
  EXPECT_NE(before.facts, after.facts);
}

TEST(Prompt, OfflineSpeaksOfOpeningAndOfTheDevice) {
  const ModelWorld world({}, 3, 6);
  ModelBriefing briefing = world.Brief();
  const ModelQuestion online = WriteQuestion(briefing, {});
  EXPECT_THAT(online.facts, Not(HasSubstr("4KiB read")));
  briefing.setting = TuningSetting::kOffline;
  briefing.host.device = DeviceFacts{.read_us = 95, .read_iops = 850};
  const ModelQuestion offline = WriteQuestion(briefing, {});
  EXPECT_THAT(offline.instructions, HasSubstr("will be opened with"));
  EXPECT_THAT(offline.instructions, Not(HasSubstr("online")));
  EXPECT_THAT(offline.facts, HasSubstr("device flash, 4KiB read 95us alone, "
                                       "4KiB reads 850/s at depth 16, file"));
}

TEST(Prompt, OfEightFamiliesAndTwentyTrialsFitsSixThousandTokens) {
  const ModelWorld world({}, 8, 20);
  const ModelQuestion question = WriteQuestion(world.Brief(), {});
  EXPECT_LE(EstimateTokens(question), 6000);
  EXPECT_EQ(question.max_output_tokens, 1000);
  // All families and every kept or regressed trial are still told of.
  for (int family = 0; family < 8; ++family) {
    EXPECT_THAT(question.facts, HasSubstr(absl::StrCat("\ncf", family, " ")));
  }
  for (const Trial& trial : world.trials) {
    if (trial.verdict != Verdict::kKept &&
        trial.verdict != Verdict::kRegressed) {
      continue;
    }
    EXPECT_THAT(question.facts, HasSubstr(absl::StrCat("\n#", trial.id, " ")));
  }
}

TEST(Prompt, OfManyFamiliesAndTrialsFitsAndSaysWhatIsLeftOut) {
  const ModelWorld world({}, 40, 500);
  const ModelQuestion question = WriteQuestion(world.Brief(), {});
  EXPECT_LE(EstimateTokens(question), 6000);
  EXPECT_THAT(question.facts, HasSubstr(" older trials left out\n"));
  EXPECT_THAT(question.facts,
              HasSubstr(" column families with less data left out\n"));
}

TEST(Prompt, CountsTheTrialsItLeavesOut) {
  const ModelWorld world({}, 2, 10);
  const ModelQuestion question =
      WriteQuestion(world.Brief(), {.listed_trials = 4});
  EXPECT_THAT(question.facts, HasSubstr("\n6 older trials left out\n"));
  // Trials 2, 5, 7 and 10 were kept or regressed; the others taught less.
  for (int id : {2, 5, 7, 10}) {
    EXPECT_THAT(question.facts, HasSubstr(absl::StrCat("\n#", id, " ")));
  }
  EXPECT_THAT(question.facts, Not(HasSubstr("\n#9 ")));
}

TEST(Prompt, ShrinksUntilASmallerLimitHolds) {
  const ModelWorld world;
  const ModelBriefing briefing = world.Brief();
  const int fixed =
      EstimateTokens(WriteQuestion(briefing, {.max_input_tokens = 0}));
  const int whole =
      EstimateTokens(WriteQuestion(briefing, {.max_input_tokens = 1000000}));
  ASSERT_LT(fixed, whole);
  for (int limit = fixed; limit <= whole; limit += 100) {
    EXPECT_LE(
        EstimateTokens(WriteQuestion(briefing, {.max_input_tokens = limit})),
        limit);
  }
}

TEST(Prompt, OfAnEmptyPastSaysSo) {
  ModelWorld world({}, 1, 0);
  world.windows.resize(1);
  world.windows[0] = Window();
  world.notes.clear();
  world.issues.clear();
  world.pins.clear();
  const ModelQuestion question = WriteQuestion(world.Brief(), {});
  EXPECT_THAT(question.facts, HasSubstr("TRIALS none yet"));
  EXPECT_THAT(question.facts, Not(HasSubstr("YOUR LAST PROPOSAL")));
  EXPECT_THAT(question.facts, Not(HasSubstr("PINS")));
}

TEST(Prompt, NamesOnlyOptionsThatAnAdvisorMayTouch) {
  const ModelWorld world;
  const ModelQuestion question = WriteQuestion(world.Brief(), {});
  for (const CatalogueRow& row : world.catalogue.rows()) {
    const std::string word = absl::StrCat("\"", row.name, "\"");
    EXPECT_EQ(absl::StrContains(question.schema_json, word),
              IsOpenToModels(row))
        << row.name;
  }
}

TEST(Prompt, NumbersThatAreNoneReadAsUnknown) {
  ModelWorld world({}, 1, 1);
  world.profile.burstiness = std::nan("");
  world.trials[0].effect.mean = HUGE_VAL;
  world.windows.back().ops[0].latency_us_mean = -std::nan("");
  const ModelQuestion question = WriteQuestion(world.Brief(), {});
  EXPECT_THAT(question.facts, HasSubstr("burstiness ?"));
  EXPECT_THAT(question.facts, Not(HasSubstr("nan")));
  EXPECT_THAT(question.facts, Not(HasSubstr("inf")));
}

}  // namespace
}  // namespace rocktune
