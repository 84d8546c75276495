#include "policy/guided_advisor.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/expert_world.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::Time Minute(int n) { return absl::UnixEpoch() + absl::Minutes(n); }

Trial TrialOf(ProposalSource source, Verdict verdict) {
  Trial trial;
  trial.source = source;
  trial.verdict = verdict;
  trial.change_set.changes.push_back(
      {{"max_background_jobs", ""}, "2", "4", ""});
  return trial;
}

Advice Converged() {
  Advice advice;
  advice.converged = true;
  return advice;
}

// As it stands after the model has answered at the start.
AskPolicy AfterTheFirstAnswer() {
  AskPolicy policy;
  policy.Asked(AskReason::kStart, Minute(0));
  policy.Answered(/*has_proposal=*/true);
  return policy;
}

TEST(AskPolicy, WishesAtTheStartUntilTheModelHasAnswered) {
  AskPolicy policy;
  EXPECT_EQ(policy.Wish({}, Minute(0)), AskReason::kStart);
  policy.Asked(AskReason::kStart, Minute(0));
  EXPECT_EQ(policy.Wish({}, Minute(0) + absl::Seconds(30)), std::nullopt);
  EXPECT_EQ(policy.Wish({}, Minute(2)), AskReason::kStart);
  policy.Answered(/*has_proposal=*/true);
  EXPECT_EQ(policy.Wish({}, Minute(9)), std::nullopt);
}

TEST(AskPolicy, WishesOnceMoreUnderANewLoad) {
  AskPolicy policy = AfterTheFirstAnswer();
  policy.Forget();
  EXPECT_EQ(policy.Wish({}, Minute(0)), std::nullopt);
  EXPECT_EQ(policy.Wish({}, Minute(9)), AskReason::kLoadShift);
}

TEST(AskPolicy, WishesOnceWhenTheExpertHasNothingMoreUntilSomethingWasKept) {
  AskPolicy policy = AfterTheFirstAnswer();
  EXPECT_EQ(policy.Wish(Converged(), Minute(9)), AskReason::kConverged);
  policy.Asked(AskReason::kConverged, Minute(9));
  EXPECT_EQ(policy.Wish(Converged(), Minute(19)), std::nullopt);
  policy.Learn(TrialOf(ProposalSource::kLlm, Verdict::kKept));
  EXPECT_EQ(policy.Wish(Converged(), Minute(19)), AskReason::kConverged);
}

TEST(AskPolicy, WishesWhenTheExpertsTrialsAreNotKept) {
  AskPolicy policy = AfterTheFirstAnswer();
  for (int i = 0; i < AskPolicy::kStuckTrials; ++i) {
    EXPECT_EQ(policy.Wish({}, Minute(9)), std::nullopt);
    policy.Learn(TrialOf(ProposalSource::kExpert, Verdict::kNoGain));
  }
  EXPECT_EQ(policy.Wish({}, Minute(9)), AskReason::kStuck);
  policy.Asked(AskReason::kStuck, Minute(9));
  EXPECT_EQ(policy.Wish({}, Minute(19)), std::nullopt);
}

TEST(AskPolicy, WishesAfterHarmThatTheModelProposedOnly) {
  AskPolicy policy = AfterTheFirstAnswer();
  policy.Learn(TrialOf(ProposalSource::kExpert, Verdict::kRegressed));
  EXPECT_EQ(policy.Wish({}, Minute(9)), std::nullopt);
  policy.Learn(TrialOf(ProposalSource::kLlm, Verdict::kRegressed));
  EXPECT_EQ(policy.Wish({}, Minute(9)), AskReason::kRegressed);
}

TEST(AskPolicy, TakesNothingToChangeAsTheLastWordUntilSomethingIsKept) {
  AskPolicy policy;
  policy.Asked(AskReason::kStart, Minute(0));
  policy.Answered(/*has_proposal=*/false);
  EXPECT_EQ(policy.Wish(Converged(), Minute(9)), std::nullopt);
  policy.Learn(TrialOf(ProposalSource::kExpert, Verdict::kKept));
  EXPECT_EQ(policy.Wish(Converged(), Minute(9)), AskReason::kConverged);
}

// How many calls are wished for after `trial` while every answer does harm.
int CallsAfter(AskPolicy* policy, const Trial& trial, absl::Time from) {
  policy->Learn(trial);
  int calls = 0;
  for (int i = 1; i < 9; ++i) {
    policy->Learn(TrialOf(ProposalSource::kLlm, Verdict::kRegressed));
    const absl::Time now = from + absl::Minutes(i);
    const auto reason = policy->Wish({}, now);
    if (!reason) return calls;
    policy->Asked(*reason, now);
    policy->Answered(/*has_proposal=*/true);
    ++calls;
  }
  return calls;
}

TEST(AskPolicy, StopsAfterAnswersThatLedToNothingUntilSomethingIsKept) {
  AskPolicy policy = AfterTheFirstAnswer();
  const Trial nothing = TrialOf(ProposalSource::kExpert, Verdict::kNoGain);
  EXPECT_EQ(CallsAfter(&policy, nothing, Minute(100)),
            AskPolicy::kMostFruitless - 1);
  EXPECT_EQ(CallsAfter(&policy, nothing, Minute(200)), 0);
  const Trial others = TrialOf(ProposalSource::kExpert, Verdict::kKept);
  EXPECT_EQ(CallsAfter(&policy, others, Minute(300)), 1);
  const Trial own = TrialOf(ProposalSource::kLlm, Verdict::kKept);
  EXPECT_EQ(CallsAfter(&policy, own, Minute(400)), AskPolicy::kMostFruitless);
  policy.Forget();
  EXPECT_EQ(policy.Wish({}, Minute(2000)), AskReason::kLoadShift);
}

TEST(AskPolicy, HasNothingNewToTellWhenValuesWereConfirmedOrMadeSimpler) {
  for (const bool thins : {true, false}) {
    AskPolicy policy = AfterTheFirstAnswer();
    policy.Asked(AskReason::kConverged, Minute(9));
    Trial trial = TrialOf(ProposalSource::kHistory, Verdict::kKept);
    trial.thins = thins;
    trial.confirms = !thins;
    policy.Learn(trial);
    EXPECT_EQ(policy.Wish(Converged(), Minute(19)), std::nullopt);
  }
}

Proposal FromTheModel() {
  Proposal proposal{ProposalSource::kLlm, "more jobs", {}};
  proposal.changes.push_back({"max_background_jobs", "", "4", "", ""});
  return proposal;
}

TEST(GuidedAdvisor, IsTheExpertUntilTheModelOffersAndThenOnce) {
  ExpertWorld world;
  GuidedAdvisor advisor;
  const Advice first = advisor.Advise(world.Input());
  ASSERT_TRUE(first.proposal);
  EXPECT_EQ(first.proposal->source, ProposalSource::kExpert);
  EXPECT_EQ(advisor.Wish(Minute(0)), AskReason::kStart);
  advisor.Asked(AskReason::kStart, Minute(0));
  advisor.Offer(FromTheModel());
  const Advice second = advisor.Advise(world.Input());
  ASSERT_TRUE(second.proposal);
  EXPECT_EQ(second.proposal->source, ProposalSource::kLlm);
  EXPECT_THAT(second.why, HasSubstr("more jobs"));
  EXPECT_EQ(advisor.Advise(world.Input()).proposal->source,
            ProposalSource::kExpert);
}

TEST(GuidedAdvisor, DropsAnOfferThatWasMadeForAnotherLoad) {
  ExpertWorld world;
  GuidedAdvisor advisor;
  advisor.Offer(FromTheModel());
  advisor.Forget();
  EXPECT_FALSE(advisor.HasOffer());
  EXPECT_EQ(advisor.Advise(world.Input()).proposal->source,
            ProposalSource::kExpert);
}

// A cache of 8 MiB was asked about; meanwhile it was moved.
TEST(GuidedAdvisor, DropsChangesThatWereOvertakenSinceTheQuestion) {
  struct Row {
    const char* now;
    const char* wish;
    bool dropped;
  };
  for (const Row& row : {
           Row{"8388608", "256MiB", false},    // not moved
           Row{"8388608", "4MiB", false},      // not moved
           Row{"134217728", "256MiB", false},  // half way there
           Row{"536870912", "256MiB", true},   // went further
           Row{"268435456", "256MiB", true},   // is there
           Row{"134217728", "4MiB", false},    // still down, by more
           Row{"134217728", "8MiB", true},     // was to stay
           Row{"134217728", "much", false},    // for calibration to say
       }) {
    SCOPED_TRACE(absl::StrCat(row.now, " ", row.wish));
    ExpertWorld world;
    GuidedAdvisor advisor;
    advisor.Advise(world.Input());
    advisor.Asked(AskReason::kStart, Minute(0));
    Proposal proposal = FromTheModel();
    proposal.changes.push_back({"block_cache.capacity", "", row.wish, "", ""});
    advisor.Offer(proposal);
    world.Set("block_cache.capacity", row.now);
    const Advice advice = advisor.Advise(world.Input());
    ASSERT_TRUE(advice.proposal);
    EXPECT_EQ(advice.proposal->source, ProposalSource::kLlm);
    EXPECT_EQ(advice.proposal->changes.size(), row.dropped ? 1u : 2u);
  }
}

TEST(GuidedAdvisor, IsTheExpertWhenNothingOfAnOfferIsLeft) {
  ExpertWorld world;
  GuidedAdvisor advisor;
  advisor.Advise(world.Input());
  advisor.Asked(AskReason::kStart, Minute(0));
  advisor.Offer(FromTheModel());  // 4 jobs
  world.Set("max_background_jobs", "6");
  EXPECT_EQ(advisor.Advise(world.Input()).proposal->source,
            ProposalSource::kExpert);
}

TEST(GuidedAdvisor, KeepsWhatCalibrationSaidOfTheModelForTheNextQuestion) {
  GuidedAdvisor advisor;
  Trial trial = TrialOf(ProposalSource::kLlm, Verdict::kAborted);
  trial.notes.push_back({});
  advisor.Learn(trial);
  EXPECT_EQ(advisor.notes().size(), 1u);
  advisor.Learn(TrialOf(ProposalSource::kExpert, Verdict::kKept));
  EXPECT_EQ(advisor.notes().size(), 1u);
}

// A world in which no rule applies and compactions run: the search is left.
struct SearchingWorld : ExpertWorld {
  SearchingWorld() {
    window.running_compactions = 1;
    window.op(OpKind::kWrite).count = 5000;
  }
};

// Advice until the first step of the search, each without a gain.
void GoOnToTheSearch(ExpertWorld& world, ExpertAdvisor* expert) {
  for (int i = 0; i < 20; ++i) {
    const Advice advice = expert->Advise(world.Input());
    ASSERT_TRUE(advice.proposal);
    Trial trial = TrialOf(ProposalSource::kExpert, Verdict::kNoGain);
    trial.summary = advice.proposal->summary;
    expert->Learn(trial);
    if (trial.summary.find("search: ") != trial.summary.npos) return;
  }
  FAIL() << "no search";
}

TEST(GuidedAdvisor, SearchesOnInTheDirectionThatAModelsTrialProved) {
  SearchingWorld world;
  ExpertAdvisor alone, taught;
  GoOnToTheSearch(world, &alone);
  GoOnToTheSearch(world, &taught);
  Trial kept = TrialOf(ProposalSource::kLlm, Verdict::kKept);
  kept.change_set.changes = {
      {{"max_bytes_for_level_base", "default"}, "134217728", "268435456", ""}};
  taught.Learn(kept);
  EXPECT_THAT(taught.Advise(world.Input()).why,
              HasSubstr("max_bytes_for_level_base up"));
  EXPECT_THAT(alone.Advise(world.Input()).why,
              Not(HasSubstr("max_bytes_for_level_base up")));
}

TEST(GuidedAdvisor, DoesNotSearchWhereAModelsTrialDidHarm) {
  SearchingWorld world;
  ExpertAdvisor taught;
  Trial harm = TrialOf(ProposalSource::kLlm, Verdict::kNoGain);
  taught.Learn(harm);  // max_background_jobs up
  GoOnToTheSearch(world, &taught);
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(taught.Advise(world.Input()).why,
                Not(HasSubstr("max_background_jobs up")));
  }
}

}  // namespace
}  // namespace rocktune
