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
trial     7 on main
proposal  expert: a larger block cache
load      75 % get, 20 % write, 5 % seek
design    switchback: the option takes effect at once and undoes at once
verdict   kept
why       service time fell by 31 % (27 to 35 %)
effect    +31.0 % (+27.0 to +35.0)
opened    2026-01-01 00:00:00
closed    2026-01-01 00:01:04
in force  60 s

block_cache.capacity  33554432  ->  134217728  18 % of reads miss the block cache

The old and the new values took turns, 4 pairs of blocks in all: by the cost of
an operation the new ones were 31.0 % better, and with 95 % confidence the true
gain is between +27.0 and +35.0 %. That is a gain even at the low end, and the
gain measured is at least the 2 % that makes a change worth its risk, so the new
values stay.

cost of an operation: o old values, x new values; further left is better
                   33.8                                    56.2      gain
  pair 1   0.0 s  |    x                              o           +44.4 %
  pair 2    12 s  |  x                            o               +42.9 %
  pair 3    24 s  |                                         o    left out
  pair 4    36 s  |      x                          o             +37.8 %
  medians         |    x                             o
  medians: 51.5 before, 36 after, a gain of +43.1 %

the gain, -2.1 % to +37.1 %: 0 no effect, ^ the least worth keeping (2 %)
  |                                      =====x=====
  |   0 ^

                  baseline  candidate   change
throughput ops/s    42 100     55 150  +31.0 %

other costs    before  after                 better by
cpu_us_per_op      12    9.5  +20.0 % (+10.0 to +30.0)
p99_us             88     90   -2.0 % (-30.0 to +20.0)
)");
}

TEST_F(CliTrial, DrawsAOneWayTrialInTimeOrderWithBlockCharacters) {
  const Trial trial = OneWay(Typical(), TrialDesign::kWarming);
  Start();
  EXPECT_EQ("\n" + Show(trial, "C.UTF-8"), R"(
trial     7 on main
proposal  expert: a larger block cache
design    warming
verdict   kept
why       service time fell by 31 % (27 to 35 %)
effect    +31.0 % (+27.0 to +35.0)
opened    2026-01-01 00:00:00
closed    2026-01-01 00:01:04
in force  60 s

block_cache.capacity  33554432  ->  134217728  18 % of reads miss the block cache

What the new values do grows for a while, so 30 samples with them, up to where
it levelled off, were compared with 20 samples with the old values: by the cost
of an operation the new ones were 31.0 % better, and with 95 % confidence the
true gain is between +27.0 and +35.0 %. That is a gain even at the low end, and
the gain measured is at least the 2 % that makes a change worth its risk, so the
new values stay.

cost of an operation: ○ old values, ● new values; further left is better
                     30.74                                  54.26  cost
  before   -20.0 s  |                                   ○            50
  before   -15.0 s  |                                     ○          51
  before   -10.0 s  |                                       ○        52
  before    -5.0 s  |                                         ○      53
  after      0.0 s  |                     ●                          42
  after      5.0 s  |                 ●                              40
  after       10 s  |             ●                                  38
  after       15 s  |          ●                                     36
  after       20 s  |      ●                                         34
  after       25 s  |  ●                                             32
  medians           |           ●                          ○
  medians: 51.5 before, 37 after, a gain of +39.2 %

the gain, -2.1 % to +37.1 %: 0 no effect, ^ the least worth keeping (2 %)
  |                                      ━━━━━●━━━━━
  |   0 ^

                  baseline  candidate   change
windows                 20         30  +50.0 %
throughput ops/s    42 100     55 150  +31.0 %
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
  const std::string text = Words(trial);
  EXPECT_THAT(text, Not(HasSubstr("cost of an operation")));
  EXPECT_THAT(text, Not(HasSubstr("the gain,")));
  EXPECT_THAT(text, HasSubstr("ended before a full comparison"));
  EXPECT_THAT(text, HasSubstr("It was stopped from outside"));
}

TEST_F(CliTrial, DrawsAnIntervalThatHasNoEndsYet) {
  Trial trial = Switchback(Typical());
  trial.effect = {0.05, -0.95, 19, 0.99};
  Start();
  EXPECT_THAT(Show(trial), HasSubstr("the gain, -59.0 % to +109.0 %"));
  trial.effect = {0.05, -kInfinity, kInfinity, 0.99};
  trial.verdict = Verdict::kInconclusive;
  trial.ended = "deadline";
  const std::string text = Words(trial);
  EXPECT_THAT(text, HasSubstr("+5.0 % (? to ?)"));
  EXPECT_THAT(text, HasSubstr("still could not be told from chance"));
}

struct EndCase {
  Verdict verdict;
  const char* ended;
  Effect effect;
  const char* part;
};
constexpr EndCase kEndCases[] = {
    {Verdict::kKept,
     "proven",
     {0.3, 0.2, 0.4, 0.99},
     "by the cost of an operation the new ones were 30.0 % better, and "
     "with 99 % confidence the true gain is between +20.0 and +40.0 %. "
     "That is a gain even at the low end"},
    {Verdict::kKept,
     "proven",
     {0, -0.01, 0.01, 0.99},
     "were neither better nor worse, and with 99 % confidence the true "
     "gain is between -1.0 and +1.0 %. Operations are no better for "
     "certain, but another cost, cpu_us_per_op, fell from 12 to 9.5"},
    {Verdict::kKept,
     "confirmed",
     {0, -0.1, 0.1, 0.99},
     "proven before under this load and did no harm"},
    {Verdict::kKept,
     "nothing_lost",
     {0, -0.01, 0.1, 0.99},
     "do without a setting that may carry nothing"},
    {Verdict::kRegressed, "harm", {-0.2, -0.3, -0.1, 0.99}, "20.0 % worse"},
    {Verdict::kRegressed,
     "harm",
     {-0.2, -0.3, -0.1, 0.99},
     "Even the high end is a loss, so the old values are back."},
    {Verdict::kRegressed,
     "harm",
     {-0.2, -1, -0.2, 0},
     "ended before a full comparison of the old and the new values. "
     "They were found to do harm"},
    {Verdict::kRegressed,
     "probation",
     {0.3, 0.2, 0.4, 0.99},
     "did harm in the probation"},
    {Verdict::kRegressed,
     "guardrail",
     {0, -0.3, 0.3, 0.99},
     "crossed a guardrail"},
    {Verdict::kRegressed,
     "limit",
     {0.1, 0.05, 0.3, 0.99},
     "broke a limit that the operator has set"},
    {Verdict::kRegressed,
     "p99",
     {0.1, 0.05, 0.3, 0.99},
     "The slow operations, p99,"},
    {Verdict::kRegressed,
     "stalls",
     {0.1, 0.05, 0.3, 0.99},
     "Writers had to wait"},
    {Verdict::kNoGain,
     "futile",
     {0.005, -0.01, 0.02, 0.99},
     "A gain of the 2 % that makes a change worth its risk is not"},
    {Verdict::kInconclusive,
     "load_shift",
     {0.1, -0.1, 0.3, 0.99},
     "The load changed meanwhile"},
    {Verdict::kInconclusive,
     "unsettled",
     {},
     "Work that began under the old values"},
    {Verdict::kOpen, "", {}, "There is no verdict yet."},
};

TEST_F(CliTrial, SaysWhyInWordsForEveryEnd) {
  const Trial typical = Switchback(Typical());
  Start();
  for (const EndCase& row : kEndCases) {
    Trial trial = typical;
    trial.verdict = row.verdict;
    trial.ended = row.ended;
    trial.effect = row.effect;
    EXPECT_THAT(Words(trial), HasSubstr(row.part)) << row.ended;
  }
}

TEST_F(CliTrial, GivesBlocksAndCostsAsJson) {
  Trial trial = Switchback(Typical());
  trial.expected = "61 % -> 80 % cache hits";
  trial.option_writes = 8;
  Start();
  OnLoop([this, &trial] { control_.trials = {trial}; });
  const std::string json = Get("/v1/trials/7");
  for (const char* part :
       {R"("design":"switchback")", R"("ended":"proven")",
        R"("load":"75 % get, 20 % write, 5 % seek")",
        R"("expected":"61 % -> 80 % cache hits")", R"("option_writes":8)",
        R"("min_effect":0.02)",
        R"({"candidate":true,"pair":0,"begin_s":6,"windows":5,"dropped":1,)"
        R"("cost":36})",
        R"("pair":2,"begin_s":30,"windows":5,"dropped":1,"cost":null})",
        R"({"name":"p99_us","before":88,"after":90,"effect":{"mean":-0.02)"}) {
    EXPECT_THAT(json, HasSubstr(part));
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
