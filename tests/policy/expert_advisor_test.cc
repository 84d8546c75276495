#include "policy/expert_advisor.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/objective.h"
#include "tests/policy/expert_world.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Of the proposal made for `advice`.
void LearnVerdict(const Advice& advice, Verdict verdict, double effect,
                  ExpertAdvisor* expert) {
  Trial trial;
  trial.summary = advice.proposal->summary;
  trial.verdict = verdict;
  trial.effect.mean = effect;
  expert->Learn(trial);
}

void Apply(const Proposal& proposal, ExpertWorld* world) {
  for (const ProposedChange& change : proposal.changes) {
    world->Set(change.option, change.value);
  }
}

TEST(ExpertAdvisor, ProposesTheStrongestFindingFirst) {
  ExpertWorld world;
  world.window.ticker(Ticker::kBlockCacheHit) = 20000;
  world.window.ticker(Ticker::kBlockCacheMiss) = 40000;
  world.window.column_families[0].levels[0].files = 3;
  ExpertAdvisor expert;
  const Advice advice = expert.Advise(world.Input());
  ASSERT_TRUE(advice.proposal);
  EXPECT_EQ(advice.proposal->source, ProposalSource::kExpert);
  ASSERT_EQ(advice.proposal->changes.size(), 1u);
  EXPECT_EQ(advice.proposal->changes[0].option, "block_cache.capacity");
  EXPECT_THAT(advice.proposal->summary,
              HasSubstr("block cache of 8 MiB misses 67 % of its lookups"));
}

TEST(ExpertAdvisor, DoesNotRepeatWhatFailedUntilTheLoadChanges) {
  ExpertWorld world;
  world.window.column_families[0].levels[0].files = 3;
  ExpertAdvisor expert;
  const Advice first = expert.Advise(world.Input());
  ASSERT_TRUE(first.proposal);
  const std::string summary = first.proposal->summary;
  LearnVerdict(first, Verdict::kNoGain, 0, &expert);
  const Advice second = expert.Advise(world.Input());
  EXPECT_TRUE(!second.proposal || second.proposal->summary != summary);
  expert.Forget();
  const Advice third = expert.Advise(world.Input());
  ASSERT_TRUE(third.proposal);
  EXPECT_EQ(third.proposal->summary, summary);
}

TEST(ExpertAdvisor, TriesAnInconclusiveMoveOnceMoreWhenNothingElseIsLeft) {
  ExpertWorld world;
  world.window.column_families[0].levels[0].files = 3;
  ExpertAdvisor expert;
  const Advice first = expert.Advise(world.Input());
  LearnVerdict(first, Verdict::kInconclusive, 0, &expert);
  std::vector<std::string> tried;
  while (tried.size() < 50) {
    const Advice next = expert.Advise(world.Input());
    if (!next.proposal) break;
    tried.push_back(next.why);
    const bool again = next.why == first.why;
    LearnVerdict(next, again ? Verdict::kInconclusive : Verdict::kNoGain, 0,
                 &expert);
  }
  ASSERT_GE(tried.size(), 2u);
  EXPECT_EQ(std::count(tried.begin(), tried.end(), first.why), 1);
  EXPECT_EQ(tried.back(), first.why);
}

TEST(ExpertAdvisor, GivesUpWhatVettingRefusesTwice) {
  ExpertWorld world;
  world.window.column_families[0].levels[0].files = 3;
  ExpertAdvisor expert;
  const std::string first = expert.Advise(world.Input()).why;
  EXPECT_EQ(expert.Advise(world.Input()).why, first);
  EXPECT_NE(expert.Advise(world.Input()).why, first);
}

TEST(ExpertAdvisor, ALargeGainGivesWhatWasOfNoUseANewChance) {
  ExpertWorld world;
  world.window.column_families[0].levels[0].files = 3;
  ExpertAdvisor expert;
  const Advice first = expert.Advise(world.Input());
  LearnVerdict(first, Verdict::kNoGain, 0, &expert);
  const Advice second = expert.Advise(world.Input());
  ASSERT_TRUE(second.proposal);
  LearnVerdict(second, Verdict::kKept, 0.5, &expert);
  EXPECT_EQ(expert.Advise(world.Input()).why, first.why);
}

TEST(ExpertAdvisor, LearnsNothingFromTheTrialsOfOthers) {
  ExpertWorld world;
  world.window.column_families[0].levels[0].files = 3;
  ExpertAdvisor expert;
  const Advice first = expert.Advise(world.Input());
  Trial theirs;
  theirs.source = ProposalSource::kOperator;
  theirs.summary = first.proposal->summary;
  theirs.verdict = Verdict::kRegressed;
  expert.Learn(theirs);
  EXPECT_EQ(expert.Advise(world.Input()).why, first.why);
}

TEST(ExpertAdvisor, DoesNotRepeatWhatAnOperatorTookBackLater) {
  ExpertWorld world;
  world.window.column_families[0].levels[0].files = 3;
  ExpertAdvisor expert;
  const Advice first = expert.Advise(world.Input());
  LearnVerdict(first, Verdict::kKept, 0.1, &expert);
  world.window.column_families[0].levels[0].files = 0;
  world.windows.clear();
  const Advice second = expert.Advise(world.Input());
  LearnVerdict(second, Verdict::kKept, 0.1, &expert);
  LearnVerdict(first, Verdict::kRegressed, 0.1, &expert);
  world.window.column_families[0].levels[0].files = 3;
  world.windows.clear();
  EXPECT_THAT(expert.Advise(world.Input()).why,
              Not(HasSubstr("many_l0_files_to_read")));
}

TEST(ExpertAdvisor, TriesHalfTheStepOnceWhereTheFullOneDidHarm) {
  ExpertWorld world;
  world.Set("level0_file_num_compaction_trigger", "8");
  world.window.column_families[0].levels[0].files = 8;
  ExpertAdvisor expert;
  const Advice full = expert.Advise(world.Input());
  ASSERT_TRUE(full.proposal);
  EXPECT_EQ(full.proposal->changes[0].value, "4");
  LearnVerdict(full, Verdict::kRegressed, -0.1, &expert);
  const Advice half = expert.Advise(world.Input());
  ASSERT_TRUE(half.proposal);
  EXPECT_EQ(half.proposal->changes[0].option,
            "level0_file_num_compaction_trigger");
  EXPECT_EQ(half.proposal->changes[0].value, "6");
  EXPECT_THAT(half.why, HasSubstr("half the step"));
  LearnVerdict(half, Verdict::kRegressed, -0.05, &expert);
  for (int i = 0; i < 10; ++i) {
    const Advice next = expert.Advise(world.Input());
    if (!next.proposal) break;
    EXPECT_NE(next.why, full.why);
    EXPECT_NE(next.why, half.why);
    LearnVerdict(next, Verdict::kNoGain, 0, &expert);
  }
}

TEST(ExpertAdvisor, SearchesHalfAStepOfWhatDidHarmAfterEverythingElse) {
  ExpertWorld world;
  ExpertAdvisor expert({.max_failures = 20});
  std::vector<std::string> tried;
  while (tried.size() < 20) {
    const Advice advice = expert.Advise(world.Input());
    if (!advice.proposal) break;
    const ProposedChange& change = advice.proposal->changes[0];
    tried.push_back(absl::StrCat(change.option, "=", change.value));
    const bool first = tried.size() == 1;
    LearnVerdict(advice, first ? Verdict::kRegressed : Verdict::kNoGain, 0,
                 &expert);
  }
  ASSERT_GE(tried.size(), 3u);
  EXPECT_EQ(tried.front(), "write_buffer_size=134217728");
  EXPECT_EQ(tried.back(), "write_buffer_size=94371840");
  EXPECT_EQ(std::count(tried.begin(), tried.end(), tried.back()), 1);
}

TEST(ExpertAdvisor, HasNoOpinionOnAnIdleDatabase) {
  ExpertWorld world;
  for (OpStats& stats : world.window.ops) stats = OpStats();
  ExpertAdvisor expert;
  const Advice advice = expert.Advise(world.Input());
  EXPECT_FALSE(advice.proposal);
  EXPECT_FALSE(advice.converged);
  EXPECT_THAT(advice.why, HasSubstr("too few"));
}

TEST(ExpertAdvisor, ConvergesWhenNothingHelps) {
  ExpertWorld world;
  ExpertAdvisor expert;
  Advice advice;
  int trials = 0;
  while (!(advice = expert.Advise(world.Input())).converged && trials < 50) {
    ASSERT_TRUE(advice.proposal);
    LearnVerdict(advice, Verdict::kNoGain, 0, &expert);
    ++trials;
  }
  EXPECT_LE(trials, 5);
  EXPECT_THAT(advice.why, HasSubstr("no rule applies"));
}

TEST(ExpertAdvisor, GoesOnInADirectionThatHelpsThenHalvesTheStep) {
  ExpertWorld world;
  ExpertAdvisor expert;
  Advice advice;
  const auto step = [&] {
    advice = expert.Advise(world.Input());
    EXPECT_TRUE(advice.proposal);
    return advice.proposal
               ? absl::StrCat(advice.proposal->changes[0].option, "=",
                              advice.proposal->changes[0].value)
               : "";
  };
  EXPECT_EQ(step(), "write_buffer_size=134217728");
  world.Set("write_buffer_size", "134217728");
  LearnVerdict(advice, Verdict::kKept, 0.05, &expert);
  EXPECT_EQ(step(), "write_buffer_size=268435456");
  LearnVerdict(advice, Verdict::kRegressed, -0.05, &expert);
  EXPECT_EQ(step(), "write_buffer_size=189792256");
}

// A made-up database whose service time depends on its options smoothly:
// misses fall with the cache, level-0 files follow the trigger, writes like
// larger buffers up to a point. Only its shape is like the real thing.
class ToyDatabase {
 public:
  explicit ToyDatabase(uint32_t seed) : noise_(0.03, 0.3, seed) {}

  double ReadUs(const ExpertWorld& world) const {
    const double l0 = world.Number("level0_file_num_compaction_trigger") / 2;
    return 8 + 6 * l0 + 150 * MissRatio(world);
  }
  double WriteUs(const ExpertWorld& world) const {
    const double buffer = world.Number("write_buffer_size") / (1 << 20);
    return 20 + 10 * std::abs(std::log2(buffer / 256)) +
           20 / world.Number("max_background_jobs");
  }
  double ServiceUs(const ExpertWorld& world) const {
    return 0.95 * ReadUs(world) + 0.05 * WriteUs(world);
  }

  std::vector<Window> Run(ExpertWorld* world, int windows) {
    std::vector<Window> run;
    for (int i = 0; i < windows; ++i) {
      const double noise = noise_.Factor();
      Window window =
          ReadMostlyWindow(ReadUs(*world) * noise, WriteUs(*world) * noise);
      window.column_families = world->window.column_families;
      window.column_families[0].levels[0].files = static_cast<uint64_t>(
          world->Number("level0_file_num_compaction_trigger") / 2);
      const double lookups = static_cast<double>(window.Operations());
      const double misses = lookups * MissRatio(*world);
      window.ticker(Ticker::kBlockCacheMiss) = static_cast<uint64_t>(misses);
      window.ticker(Ticker::kBlockCacheHit) =
          static_cast<uint64_t>(lookups - misses);
      const auto capacity =
          static_cast<uint64_t>(world->Number("block_cache.capacity"));
      window.caches = {{"", capacity, std::min(capacity, kHot), 0}};
      window.process.cpu_us = 1000000;
      window.running_compactions = i % 2;
      run.push_back(window);
    }
    return run;
  }

 private:
  static constexpr uint64_t kHot = 400ull << 20;

  double MissRatio(const ExpertWorld& world) const {
    const double capacity = world.Number("block_cache.capacity");
    const double part = std::min(1.0, capacity / static_cast<double>(kHot));
    return 1 - std::sqrt(part);
  }

  Noise noise_;
};

// How much less an operation costs, by the pooled windows alone.
double Gain(const std::vector<Window>& before,
            const std::vector<Window>& after) {
  const OpMix mix = MixOf(before);
  const double cost =
      ObjectiveCost(ObjectiveKind::kBalanced, Pool(before), mix, false);
  return cost /
             ObjectiveCost(ObjectiveKind::kBalanced, Pool(after), mix, false) -
         1;
}

TEST(ExpertAdvisor, TunesAToyDatabaseAndThenStops) {
  for (uint32_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    ExpertWorld world;
    ToyDatabase toy(seed);
    ExpertAdvisor expert;
    const double at_start = toy.ServiceUs(world);
    std::vector<double> kept;
    int trials = 0;
    for (; trials < 40; ++trials) {
      world.windows = toy.Run(&world, 18);
      const std::vector<Window> baseline = world.windows;
      const Advice advice = expert.Advise(world.Input());
      if (advice.converged) break;
      ASSERT_TRUE(advice.proposal);
      const OptionValues before = world.values;
      Apply(*advice.proposal, &world);
      Trial trial;
      trial.summary = advice.proposal->summary;
      trial.effect.mean = Gain(baseline, toy.Run(&world, 36));
      trial.verdict = trial.effect.mean > 0.03    ? Verdict::kKept
                      : trial.effect.mean < -0.03 ? Verdict::kRegressed
                                                  : Verdict::kNoGain;
      if (trial.verdict == Verdict::kKept) {
        kept.push_back(toy.ServiceUs(world));
      } else {
        world.values = before;
      }
      expert.Learn(trial);
    }
    // The cache in one step, then level 0 and the write buffer.
    EXPECT_LE(trials, 20);
    ASSERT_GE(kept.size(), 2u);
    EXPECT_LT(kept[1], at_start / 5);
    EXPECT_LT(toy.ServiceUs(world), at_start / 8);
  }
}

}  // namespace
}  // namespace rocktune
