// What `rocktune trial N` draws and says.
#include <cstdlib>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sidecar/cli_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Of the scripted trial: four pairs, the order changes, one block lost.
Trial Switchback(Trial trial) {
  trial.design = TrialDesign::kSwitchback;
  trial.design_why = "the option takes effect at once and undoes at once";
  trial.load = "75 % get, 20 % write, 5 % seek";
  trial.ended = "proven";
  const double costs[][2] = {{52, 36}, {50, 35}, {55, 0}, {51, 37}};
  for (int pair = 0; pair < 4; ++pair) {
    for (int half = 0; half < 2; ++half) {
      const bool candidate = (pair + half) % 2 == 1;
      trial.blocks.push_back({candidate, pair,
                              absl::Seconds(6 * (2 * pair + half)), 5, 1,
                              costs[pair][candidate ? 1 : 0]});
    }
  }
  trial.costs = {{"cpu_us_per_op", 12, 9.5, {0.2, 0.1, 0.3, 0.99}},
                 {"p99_us", 88, 90, {-0.02, -0.3, 0.2, 0.99}}};
  return trial;
}

Trial OneWay(Trial trial, TrialDesign design) {
  trial.design = design;
  trial.baseline.windows = 20;
  trial.candidate.windows = 30;
  for (int i = 0; i < 10; ++i) {
    trial.blocks.push_back({i >= 4, 0, absl::Seconds(5 * i - 20), 5, 0,
                            i >= 4 ? 50.0 - 2 * i : 50.0 + i});
  }
  return trial;
}

class CliTrial : public CliTest {
 protected:
  std::string Show(const Trial& trial, const char* locale = "C") {
    OnLoop([this, &trial] { control_.trials = {trial}; });
    setenv("LC_ALL", locale, 1);
    const Outcome outcome = Ask({"trial", "7"});
    unsetenv("LC_ALL");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
  // Lines joined, so that where they break does not matter.
  std::string Words(const Trial& trial) {
    std::string text = Show(trial);
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }
  Trial Typical() { return control_.trials.at(0); }
};

TEST_F(CliTrial, DrawsThePairsOfASwitchback) {
  const Trial trial = Switchback(Typical());
  Start();
  EXPECT_EQ("\n" + Show(trial), R"(
)");
}

TEST_F(CliTrial, DrawsAOneWayTrialInTimeOrderWithBlockCharacters) {
  const Trial trial = OneWay(Typical(), TrialDesign::kWarming);
  Start();
  EXPECT_EQ("\n" + Show(trial, "C.UTF-8"), R"(
)");
}

TEST_F(CliTrial, StaysWithin80ColumnsAndOneScreenHoweverLongTheTrial) {
  Trial pairs = Switchback(Typical());
  Trial one_way = OneWay(Typical(), TrialDesign::kBeforeAfter);
  Start();
  for (Trial* trial : {&pairs, &one_way}) {
    const TrialBlock last = trial->blocks.back();
    for (int i = 0; trial->blocks.size() < Trial::kMaxBlocks; ++i) {
      TrialBlock block = last;
      block.pair += 1 + i / 2;
      block.candidate = i % 2 == 1 || trial == &one_way;
      block.cost += i;
      trial->blocks.push_back(block);
    }
    const std::string plot = Show(*trial);
    EXPECT_LE(LongestLine(plot.substr(plot.find("cost of an"))), 80u);
    EXPECT_LE(std::count(plot.begin(), plot.end(), '|'), 36) << plot;
  }
}

TEST_F(CliTrial, ShowsATrialWithoutBlocksOrAnEffect) {
  Trial trial = Typical();
  trial.effect = Effect();
  trial.verdict = Verdict::kAborted;
  Start();
  const std::string text = Show(trial);
  EXPECT_THAT(text, Not(HasSubstr("cost of an operation")));
  EXPECT_THAT(text, Not(HasSubstr("the gain,")));
  EXPECT_THAT(text, HasSubstr("ended before the old and the new"));
  EXPECT_THAT(text, HasSubstr("It was stopped from outside"));
}

TEST_F(CliTrial, DrawsAnIntervalThatHasNoEndsYet) {
  Trial trial = Switchback(Typical());
  trial.effect = {0.05, -kInfinity, kInfinity, 0.99};
  trial.verdict = Verdict::kInconclusive;
  trial.ended = "deadline";
  Start();
  const std::string text = Words(trial);
  EXPECT_THAT(text, HasSubstr("+5.0 % (? to ?)"));
  EXPECT_THAT(text, HasSubstr("still could not be told from chance"));
}

TEST_F(CliTrial, SaysWhyInWordsForEveryEnd) {
  struct Row {
    Verdict verdict;
    const char* ended;
    Effect effect;
    const char* part;
  };
  const Trial typical = Switchback(Typical());
  Start();
  for (const Row& row : std::vector<Row>{
           {Verdict::kKept,
            "proven",
            {0.3, 0.2, 0.4, 0.99},
            "an operation cost 30.0 % less with the new ones, and with 99 % "
            "confidence the true gain is between +20.0 and +40.0 %. That is a "
            "gain even at the low end"},
           {Verdict::kKept,
            "cheaper",
            {0, -0.01, 0.01, 0.99},
            "cost the same with the new ones, and with 99 % confidence the "
            "true gain is between -1.0 and +1.0 %. Operations are no faster "
            "for certain, but cpu_us_per_op fell by 20.0 %"},
           {Verdict::kRegressed,
            "harm",
            {-0.2, -0.3, -0.1, 0.99},
            "cost 20.0 % more"},
           {Verdict::kRegressed,
            "harm",
            {-0.2, -0.3, -0.1, 0.99},
            "Even the high end is a loss, so the old values are back."},
           {Verdict::kRegressed,
            "probation",
            {0.3, 0.2, 0.4, 0.99},
            "They were found to do harm"},
           {Verdict::kRegressed,
            "guardrail",
            {0, -0.3, 0.3, 0.99},
            "crossed a guardrail"},
           {Verdict::kRegressed,
            "limit",
            {0.1, 0.05, 0.3, 0.99},
            "broke a limit that the operator has set"},
           {Verdict::kNoGain,
            "futile",
            {0.005, -0.01, 0.02, 0.99},
            "A gain of the 2 % that makes a change worth its risk is not"},
           {Verdict::kInconclusive,
            "load_shift",
            {0.1, -0.1, 0.3, 0.99},
            "The load changed meanwhile"},
           {Verdict::kOpen, "", {}, "There is no verdict yet."},
       }) {
    Trial trial = typical;
    trial.verdict = row.verdict;
    trial.ended = row.ended;
    trial.effect = row.effect;
    EXPECT_THAT(Words(trial), HasSubstr(row.part)) << row.ended;
  }
}

TEST_F(CliTrial, StatusShowsDesignAndProgressOfAnOpenTrialInOneLine) {
  Trial trial = Switchback(Typical());
  trial.effect = {0.031, -0.01, 0.07, 0.99};
  Start();
  OnLoop([this, &trial] { control_.databases["main"].open_trial = trial; });
  EXPECT_THAT(Ask({"status"}).out,
              HasSubstr("\non trial: switchback, 8 blocks so far, +3.1 % (-1.0 "
                        "to +7.0)\n  block_cache.capacity"));
}

}  // namespace
}  // namespace rocktune
