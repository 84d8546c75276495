#include "tests/simulation/figures.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/simulation/episode.h"

namespace rocktune::simulation {
namespace {

TEST(Figures, GiveIntervalsOfRatios) {
  // Wilson's interval in numbers worked out by hand.
  const Interval none = Wilson(0, 100);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.0370, 0.0001);
  const Interval half = Wilson(50, 100);
  EXPECT_NEAR(half.low, 0.4038, 0.0001);
  EXPECT_NEAR(half.high, 0.5962, 0.0001);
}

TEST(Figures, AreMadeOfKindsThatExist) {
  std::map<std::string, double> shares;
  for (const FigureRow& row : FigureRows()) {
    EXPECT_NE(FindKind(row.kind), nullptr) << row.kind;
    shares[row.kind] = row.share;
  }
  double share = 0;
  for (const auto& [kind, of_kind] : shares) share += of_kind;
  EXPECT_NEAR(share, 1, 0.05);
}

TEST(Figures, AreWrittenAsOneJsonObject) {
  Figure figure;
  figure.row = &FigureRows()[0];
  figure.value = 0.25;
  EXPECT_EQ(ToJson({&figure, 1}), "{\n  \"aa_kept_ratio\": 0.25\n}\n");
}

class EveryKind : public testing::TestWithParam<const char*> {};

TEST_P(EveryKind, TakesTheSameDecisionsWithTheSameSeed) {
  const EpisodeKind* kind = FindKind(GetParam());
  ASSERT_NE(kind, nullptr);
  EventLog first(/*windows=*/true), second(/*windows=*/true);
  const Outcome outcome = kind->run(4711, &first);
  EXPECT_EQ(kind->run(4711, &second).line, outcome.line);
  EXPECT_EQ(first.text(), second.text());
  EventLog other(/*windows=*/true);
  kind->run(4712, &other);
  EXPECT_NE(first.text(), other.text());
}

// The kinds that run for days take the same paths as these and as
// model_seat_test.cc.
INSTANTIATE_TEST_SUITE_P(Short, EveryKind,
                         testing::Values("aa", "aa_again", "worse5", "better10",
                                         "better3to5", "shift", "duration",
                                         "expert", "noisy_hour", "notice",
                                         "trouble"));

// Misses only what chance does not explain; scripts/simulate prints the same
// table.
TEST(Figures, HoldOverAThousandEpisodes) {
  for (const Figure& figure : RunFigures(1000, 1, "", nullptr)) {
    std::string bad;
    for (const std::string& line : figure.bad) {
      bad += "scripts/simulate --replay " + line + "\n";
    }
    EXPECT_TRUE(figure.held) << ToTable({&figure, 1}) << bad;
  }
}

}  // namespace
}  // namespace rocktune::simulation
