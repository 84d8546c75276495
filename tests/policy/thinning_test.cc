#include "policy/thinning.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rocktune {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kBuffer[] = "write_buffer_size";
constexpr char kNumber[] = "max_write_buffer_number";
constexpr char kJobs[] = "max_background_jobs";

Trial Bundle(int64_t id) {
  Trial trial;
  trial.id = id;
  trial.verdict = Verdict::kKept;
  trial.change_set.changes = {{{kBuffer, "a"}, "64", "128", ""},
                              {{kBuffer, "b"}, "32", "128", ""},
                              {{kNumber, "a"}, "2", "4", ""},
                              {{kJobs, ""}, "2", "8", ""}};
  return trial;
}

constexpr char kCache[] = "block_cache.capacity";

// The cache is the only option that acts by warming.
const Catalogue& Rows() {
  static const auto& catalogue = *[] {
    std::vector<CatalogueRow> rows;
    for (const char* name : {kBuffer, kNumber, kJobs, kCache}) {
      rows.emplace_back().name = name;
      rows.back().option_class =
          name == kCache ? OptionClass::kWarming : OptionClass::kInstant;
    }
    return new Catalogue(rows);
  }();
  return catalogue;
}

// The values that `trial` left.
OptionValues After(const Trial& trial) {
  OptionValues values;
  for (const Change& change : trial.change_set.changes) {
    values[change.key] = change.after;
  }
  return values;
}

// A trial as the machine makes it of `proposal`; `values` follow when kept.
Trial Tried(const Proposal& proposal, Verdict verdict, OptionValues* values) {
  Trial trial;
  trial.id = 100;
  trial.thins = proposal.simplifies;
  trial.about_trial = proposal.about_trial;
  trial.verdict = verdict;
  for (const ProposedChange& change : proposal.changes) {
    const OptionKey key{change.option, change.column_family};
    trial.change_set.changes.push_back(
        {key, values->at(key), change.value, ""});
    if (verdict == Verdict::kKept) (*values)[key] = change.value;
  }
  return trial;
}

TEST(Thinning, AsksAboutOneOptionAfterTheOther) {
  BundleThinning thinning;
  OptionValues values = After(Bundle(12));
  thinning.Kept(Bundle(12), Rows());
  const struct {
    const char* option;
    Verdict verdict;
  } kSteps[] = {{kJobs, Verdict::kKept},
                {kNumber, Verdict::kRegressed},
                {kBuffer, Verdict::kNoGain}};
  for (const auto& step : kSteps) {
    const std::optional<Proposal> next = thinning.Next(values);
    ASSERT_TRUE(next) << step.option;
    EXPECT_EQ(next->summary, absl::StrCat("thinning trial 12: does ",
                                          step.option, " carry anything?"));
    EXPECT_EQ(next->source, ProposalSource::kHistory);
    EXPECT_TRUE(next->simplifies);
    EXPECT_EQ(next->about_trial, 12);
    thinning.Learn(Tried(*next, step.verdict, &values));
  }
  EXPECT_FALSE(thinning.Next(values));
  EXPECT_THAT(thinning.Idle(12), ElementsAre(kJobs));
  EXPECT_THAT(thinning.Carrying(12), ElementsAre(kBuffer, kNumber));
}

TEST(Thinning, PutsAnOptionBackInEveryFamilyTheTrialChanged) {
  BundleThinning thinning;
  Trial trial = Bundle(3);
  trial.change_set.changes.pop_back();
  OptionValues values = After(trial);
  thinning.Kept(trial, Rows());
  thinning.Learn(
      Tried(thinning.Next(values).value(), Verdict::kNoGain, &values));
  const Proposal next = thinning.Next(values).value();
  ASSERT_EQ(next.changes.size(), 2u);
  EXPECT_EQ(next.changes[0].column_family, "a");
  EXPECT_EQ(next.changes[0].value, "64");
  EXPECT_EQ(next.changes[1].column_family, "b");
  EXPECT_EQ(next.changes[1].value, "32");
}

TEST(Thinning, KnowsThatTheLastOneLeftMustCarryTheGain) {
  BundleThinning thinning;
  OptionValues values = After(Bundle(1));
  thinning.Kept(Bundle(1), Rows());
  thinning.Learn(Tried(*thinning.Next(values), Verdict::kKept, &values));
  thinning.Learn(Tried(*thinning.Next(values), Verdict::kKept, &values));
  EXPECT_FALSE(thinning.Next(values));
}

TEST(Thinning, HasNoQuestionAboutOneOptionOrWhatWasOnlyTriedAgain) {
  BundleThinning thinning;
  Trial one = Bundle(1);
  one.change_set.changes.resize(2);  // one option in two families
  Trial confirms = Bundle(2), thins = Bundle(3), holdback = Bundle(4);
  confirms.confirms = true;
  thins.thins = true;
  holdback.about_trial = 1;
  for (const Trial& trial : {one, confirms, thins, holdback}) {
    thinning.Kept(trial, Rows());
    EXPECT_FALSE(thinning.Next(After(trial))) << trial.id;
  }
}

TEST(Thinning, DoesNotEmptyACacheForAnAnswer) {
  BundleThinning thinning;
  Trial trial = Bundle(5);
  trial.change_set.changes = {{{kCache, ""}, "8", "64", ""},
                              {{kBuffer, "a"}, "64", "16", ""}};
  OptionValues values = After(trial);
  thinning.Kept(trial, Rows());
  const std::optional<Proposal> next = thinning.Next(values);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->changes[0].option, kBuffer);
  thinning.Learn(Tried(*next, Verdict::kNoGain, &values));
  EXPECT_FALSE(thinning.Next(values));
}

TEST(Thinning, LeavesAloneWhatWasChangedSince) {
  BundleThinning thinning;
  OptionValues values = After(Bundle(1));
  thinning.Kept(Bundle(1), Rows());
  values[{kJobs, ""}] = "16";
  const std::optional<Proposal> next = thinning.Next(values);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->changes[0].option, kNumber);
  values[{kBuffer, "b"}] = "256";
  EXPECT_FALSE(thinning.Next(values));
  EXPECT_FALSE(thinning.Next({}));
}

TEST(Thinning, GivesUpAfterTwoQuestionsWithoutAnAnswer) {
  BundleThinning thinning;
  OptionValues values = After(Bundle(1));
  thinning.Kept(Bundle(1), Rows());
  // Refused by vetting, then ended by a shift of the load.
  EXPECT_EQ(thinning.Next(values)->changes[0].option, kJobs);
  const Proposal again = *thinning.Next(values);
  EXPECT_EQ(again.changes[0].option, kJobs);
  thinning.Learn(Tried(again, Verdict::kInconclusive, &values));
  EXPECT_EQ(thinning.Next(values)->changes[0].option, kNumber);
  EXPECT_THAT(thinning.Carrying(1), IsEmpty());
}

TEST(Thinning, LearnsOnlyFromItsOwnTrials) {
  BundleThinning thinning;
  OptionValues values = After(Bundle(1));
  thinning.Kept(Bundle(1), Rows());
  Trial other = Tried(*thinning.Next(values), Verdict::kRegressed, &values);
  other.about_trial = 2;
  thinning.Learn(other);
  other.about_trial = 1;
  other.thins = false;
  thinning.Learn(other);
  EXPECT_THAT(thinning.Carrying(1), IsEmpty());
}

TEST(Thinning, RemembersTheNewestBundlesOnly) {
  BundleThinning thinning;
  const auto last = static_cast<int64_t>(BundleThinning::kMaxBundles) + 1;
  for (int64_t id = 1; id <= last; ++id) thinning.Kept(Bundle(id), Rows());
  EXPECT_EQ(thinning.Next(After(Bundle(1)))->about_trial, 2);
}

}  // namespace
}  // namespace rocktune
