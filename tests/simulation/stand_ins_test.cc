#include "tests/simulation/stand_ins.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "absl/strings/numbers.h"
#include "llm/reply_parser.h"
#include "policy/value_parser.h"
#include "tests/simulation/stand_in_replies.h"
#include "tests/simulation/store_options.h"

namespace rocktune::simulation {
namespace {

// The start of a world, as a model is asked about it.
struct Desk {
  explicit Desk(const World& asked)
      : world(asked), facts(FactsOf(asked.host)), values(asked.start) {}

  AdvisorInput Input() const {
    AdvisorInput input;
    input.context.catalogue = &facts.catalogue;
    input.context.values = &values;
    return input;
  }
  ParsedReply Parse(const std::string& text) const {
    return ParseReply(text, {facts.catalogue, facts.database});
  }

  const World& world;
  MachineFacts facts;
  OptionValues values;
};

// Changes of numbers in the right and in the wrong direction. A size whose
// unit was forgotten is neither.
struct Directions {
  int right = 0;
  int wrong = 0;
  int far_off = 0;  // right, but by more than a factor of 4
};

Directions AnswersOf(Skill skill, const Desk& desk) {
  auto model = MakeStandIn(skill, desk.world, 7);
  Directions directions;
  for (int i = 0; i < 40; ++i) {
    const ParsedReply reply = desk.Parse(model->Answer(desk.Input()));
    if (!reply.proposal) continue;
    for (const ProposedChange& change : reply.proposal->changes) {
      const CatalogueRow* row = desk.facts.catalogue.Find(change.option);
      if (row == nullptr) continue;
      const auto text = ParseValue(change.value, *row);
      if (!text.ok()) continue;
      const OptionKey key = KeyOf(change.option);
      const auto to = NumberOf(*text);
      const auto from = NumberOf(desk.values.at(key));
      const auto best = NumberOf(desk.world.optimum.values.at(key));
      if (!to || !from || !best || *to < *from / 1000) continue;
      if ((*to > *from) != (*best > *from)) {
        ++directions.wrong;
        continue;
      }
      ++directions.right;
      const double off = std::abs(std::log(*to / *best)) / std::log(4);
      if (off > 1.02) ++directions.far_off;
    }
  }
  return directions;
}

TEST(StandIns, KnowTheDirectionAlwaysOrHalfOfTheTime) {
  const Desk desk(WorldOf(0));
  const Directions competent = AnswersOf(Skill::kCompetent, desk);
  EXPECT_GT(competent.right, 40);
  EXPECT_EQ(competent.wrong, 0);
  EXPECT_EQ(competent.far_off, 0);
  const Directions mediocre = AnswersOf(Skill::kMediocre, desk);
  EXPECT_GT(mediocre.right, 20);
  EXPECT_NEAR(1.0 * mediocre.wrong / mediocre.right, 1, 0.5);
}

TEST(StandIns, HaveNothingToChangeAtTheOptimumUnlessMediocre) {
  Desk desk(WorldOf(0));
  desk.values = desk.world.optimum.values;
  EXPECT_TRUE(desk.Parse(MakeStandIn(Skill::kCompetent, desk.world, 7)
                             ->Answer(desk.Input()))
                  .nothing_to_change);
  auto mediocre = MakeStandIn(Skill::kMediocre, desk.world, 7);
  int proposals = 0;
  for (int i = 0; i < 40; ++i) {
    if (desk.Parse(mediocre->Answer(desk.Input())).proposal) ++proposals;
  }
  EXPECT_NEAR(proposals, 20, 10);
}

TEST(StandIns, SayWhatTheRealParserReadsInEveryForm) {
  const Desk desk(WorldOf(0));
  Random random(7);
  int unknown = 0;
  for (int i = 0; i < 200; ++i) {
    const ParsedReply reply = desk.Parse(
        WriteReply({{"max_background_jobs", "", "4", "", ""}}, &random));
    ASSERT_TRUE(reply.proposal);
    ASSERT_FALSE(reply.proposal->changes.empty());
    EXPECT_EQ(reply.proposal->changes[0].option, "max_background_jobs");
    EXPECT_EQ(reply.proposal->changes[0].value, "4");
    for (const ReplyIssue& issue : reply.issues) {
      unknown += issue.code == ReplyIssueCode::kUnknownOption ? 1 : 0;
    }
    EXPECT_TRUE(desk.Parse(WriteReply({}, &random)).nothing_to_change);
  }
  EXPECT_NEAR(unknown, 40, 20);
}

}  // namespace
}  // namespace rocktune::simulation
