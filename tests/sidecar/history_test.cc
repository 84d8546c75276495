#include "sidecar/history.h"

#include <limits>

#include "tests/sidecar/history_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using absl::StatusCode;

class HistoryTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }

  void Reopen(const HistoryLimits& limits = {}) {
    history_.reset();
    auto opened = History::Open(folder_ / "state", limits);
    ASSERT_OK(opened);
    history_ = std::move(*opened);
    auto session = history_->BeginSession("7.8.3", WallTime(0));
    ASSERT_OK(session);
    session_ = *session;
  }

  int64_t Open(const Trial& trial) {
    auto id = history_->OpenTrial(session_, trial, WallTime(1));
    EXPECT_OK(id);
    return id.value_or(0);
  }

  void Close(int64_t id, Verdict verdict) {
    Trial trial;
    trial.id = id;
    trial.verdict = verdict;
    EXPECT_OK(history_->CloseTrial(trial, WallTime(2)));
  }

  ScratchFolder folder_;
  std::unique_ptr<History> history_;
  int64_t session_ = 0;
};

Trial FullTrial() {
  Trial trial = TrialOf("write_buffer_size", "67108864", "134217728");
  trial.change_set.changes.push_back(
      {{"max_background_jobs", ""}, "2", "4", "compaction is behind"});
  trial.inverse = InverseOf(trial.change_set);
  trial.source = ProposalSource::kOperator;
  CalibrationNote note;
  note.step = CalibrationStep::kBudget;
  note.rejected = true;
  note.option = "block_cache.capacity";
  note.column_family = "default";
  note.code = "over_budget";
  note.message = "10 GiB is over the budget of 2 GiB";
  note.asked = "10GB";
  note.given = "";
  trial.notes = {note};
  trial.verdict = Verdict::kKept;
  trial.effect = {0.25, 0.2, 0.3, 0.95};
  trial.baseline.windows = 20;
  trial.baseline.throughput_ops_per_s = 12345.678901234567;
  trial.baseline.latency_us_p99 = {1, 2, 3, 4};
  trial.candidate.windows = 15;
  trial.candidate.service_time_us = 41.5;
  trial.candidate.latency_us_mean = {5, 6, 7, 8};
  trial.candidate.stall_share = 0.125;
  trial.candidate.cpu_us_per_op = 9.5;
  trial.candidate.write_bytes_per_user_byte = 11.25;
  trial.candidate.resident_bytes = 1ull << 33;
  trial.windows_dropped = 3;
  trial.in_force = absl::Seconds(40);
  trial.why = "25 % less service time";
  trial.design = TrialDesign::kSwitchback;
  trial.design_why = "both options take effect at once";
  trial.blocks = {{false, 0, absl::Seconds(3), 5, 1, 52.25},
                  {true, 0, absl::Seconds(9), 4, 2, 41.5}};
  trial.costs = {{"cpu_us_per_op", 12, 9.5, {0.2, 0.1, 0.3, 0.99}}};
  trial.ended = "proven";
  trial.expected = "8 % more hits";
  trial.load = "90 % get, 10 % write";
  trial.option_writes = 7;
  trial.confirms = trial.thins = true;
  trial.about_trial = 3;
  trial.min_effect = 0.03;
  return trial;
}

void ExpectSameChanges(const ChangeSet& a, const ChangeSet& b) {
  ASSERT_EQ(a.changes.size(), b.changes.size());
  for (size_t i = 0; i < a.changes.size(); ++i) {
    EXPECT_EQ(a.changes[i].key, b.changes[i].key);
    EXPECT_EQ(a.changes[i].before, b.changes[i].before);
    EXPECT_EQ(a.changes[i].after, b.changes[i].after);
    EXPECT_EQ(a.changes[i].reason, b.changes[i].reason);
  }
}

void ExpectSameArm(const ArmSummary& a, const ArmSummary& b) {
  EXPECT_EQ(a.windows, b.windows);
  EXPECT_EQ(a.throughput_ops_per_s, b.throughput_ops_per_s);
  EXPECT_EQ(a.service_time_us, b.service_time_us);
  EXPECT_EQ(a.latency_us_mean, b.latency_us_mean);
  EXPECT_EQ(a.latency_us_p99, b.latency_us_p99);
  EXPECT_EQ(a.stall_share, b.stall_share);
  EXPECT_EQ(a.cpu_us_per_op, b.cpu_us_per_op);
  EXPECT_EQ(a.write_bytes_per_user_byte, b.write_bytes_per_user_byte);
  EXPECT_EQ(a.resident_bytes, b.resident_bytes);
}

TEST_F(HistoryTest, GivesATrialBackAsItWasAfterAReopen) {
  Trial trial = FullTrial();
  trial.id = Open(trial);
  ASSERT_OK(history_->CloseTrial(trial, WallTime(60)));
  Reopen();
  auto read = history_->TrialById(trial.id);
  ASSERT_OK(read);
  EXPECT_EQ(read->id, trial.id);
  EXPECT_EQ(read->database, "orders");
  EXPECT_EQ(read->source, ProposalSource::kOperator);
  EXPECT_EQ(read->summary, trial.summary);
  ExpectSameChanges(read->change_set, trial.change_set);
  ExpectSameChanges(read->inverse, trial.inverse);
  ASSERT_EQ(read->notes.size(), 1u);
  EXPECT_EQ(read->notes[0].step, CalibrationStep::kBudget);
  EXPECT_TRUE(read->notes[0].rejected);
  EXPECT_EQ(read->notes[0].option, "block_cache.capacity");
  EXPECT_EQ(read->notes[0].code, "over_budget");
  EXPECT_EQ(read->notes[0].asked, "10GB");
  EXPECT_EQ(read->opened, WallTime(1));
  EXPECT_EQ(read->closed, WallTime(60));
  EXPECT_EQ(read->verdict, Verdict::kKept);
  EXPECT_EQ(read->effect.mean, 0.25);
  EXPECT_EQ(read->effect.low, 0.2);
  EXPECT_EQ(read->effect.high, 0.3);
  EXPECT_EQ(read->effect.confidence, 0.95);
  ExpectSameArm(read->baseline, trial.baseline);
  ExpectSameArm(read->candidate, trial.candidate);
  EXPECT_EQ(read->windows_dropped, 3);
  EXPECT_EQ(read->in_force, absl::Seconds(40));
  EXPECT_EQ(read->why, trial.why);
}

TEST_F(HistoryTest, GivesBackHowATrialWasMeasured) {
  Trial trial = FullTrial();
  trial.id = Open(trial);
  auto open = history_->TrialById(trial.id);
  ASSERT_OK(open);
  EXPECT_EQ(open->design, TrialDesign::kSwitchback);
  EXPECT_EQ(open->design_why, trial.design_why);
  EXPECT_EQ(open->expected, trial.expected);
  EXPECT_EQ(open->load, trial.load);
  EXPECT_TRUE(open->blocks.empty());
  ASSERT_OK(history_->CloseTrial(trial, WallTime(60)));
  ASSERT_OK(history_->CloseTrial(trial, WallTime(61)));  // not twice in there
  Reopen();
  auto read = history_->TrialById(trial.id);
  ASSERT_OK(read);
  EXPECT_EQ(read->design, TrialDesign::kSwitchback);
  EXPECT_EQ(read->ended, "proven");
  EXPECT_EQ(read->option_writes, 7);
  EXPECT_TRUE(read->confirms);
  EXPECT_TRUE(read->thins);
  EXPECT_EQ(read->about_trial, 3);
  EXPECT_EQ(read->min_effect, 0.03);
  ASSERT_EQ(read->blocks.size(), 2u);
  EXPECT_FALSE(read->blocks[0].candidate);
  EXPECT_TRUE(read->blocks[1].candidate);
  EXPECT_EQ(read->blocks[1].begin, absl::Seconds(9));
  EXPECT_EQ(read->blocks[1].windows, 4);
  EXPECT_EQ(read->blocks[1].dropped, 2);
  EXPECT_EQ(read->blocks[0].cost, 52.25);
  ASSERT_EQ(read->costs.size(), 1u);
  EXPECT_EQ(read->costs[0].name, "cpu_us_per_op");
  EXPECT_EQ(read->costs[0].before, 12);
  EXPECT_EQ(read->costs[0].after, 9.5);
  EXPECT_EQ(read->costs[0].effect.low, 0.1);
  EXPECT_EQ(read->costs[0].effect.confidence, 0.99);
}

TEST_F(HistoryTest, RefusesATrialThatCouldNotBeUndone) {
  Trial trial = FullTrial();
  trial.inverse.changes.pop_back();
  EXPECT_THAT(history_->OpenTrial(session_, trial, WallTime(1)),
              IsError(StatusCode::kInvalidArgument, "write_buffer_size"));
}

TEST_F(HistoryTest, FindsTheTrialsADeadProcessLeftOpen) {
  int64_t closed = Open(TrialOf("a", "1", "2"));
  int64_t first = Open(TrialOf("b", "1", "2"));
  int64_t second = Open(TrialOf("c", "1", "2"));
  Close(closed, Verdict::kNoGain);
  Reopen();
  auto open = history_->OpenTrials("orders");
  ASSERT_OK(open);
  ASSERT_EQ(open->size(), 2u);
  EXPECT_EQ((*open)[0].id, first);
  EXPECT_EQ((*open)[0].inverse.changes[0].after, "1");
  EXPECT_EQ((*open)[0].closed, absl::InfiniteFuture());
  EXPECT_EQ((*open)[1].id, second);
  EXPECT_TRUE(history_->OpenTrials("other")->empty());
}

TEST_F(HistoryTest, ClosesOnlyWhatItKnowsAndOnlyWithAVerdict) {
  Trial unknown;
  unknown.id = 77;
  unknown.verdict = Verdict::kKept;
  EXPECT_THAT(history_->CloseTrial(unknown, WallTime(2)),
              IsError(StatusCode::kNotFound, "77"));
  EXPECT_THAT(history_->TrialById(77), IsError(StatusCode::kNotFound, "77"));
  Trial open = TrialOf("a", "1", "2");
  open.id = Open(open);
  EXPECT_THAT(history_->CloseTrial(open, WallTime(2)),
              IsError(StatusCode::kInvalidArgument, "verdict"));
}

TEST_F(HistoryTest, LetsAFailedProbationChangeTheVerdict) {
  int64_t id = Open(TrialOf("a", "1", "2"));
  Close(id, Verdict::kKept);
  Close(id, Verdict::kRegressed);
  EXPECT_EQ(history_->TrialById(id)->verdict, Verdict::kRegressed);
}

TEST_F(HistoryTest, RemembersWhatWasReadBack) {
  int64_t id = Open(FullTrial());
  EXPECT_TRUE(history_->ReadBackOf(id)->empty());
  std::vector<ReadBackValue> values = {
      {{"write_buffer_size", "default"}, "67108864", "134217728", "134217700"}};
  ASSERT_OK(history_->RecordReadBack(id, values));
  auto read = history_->ReadBackOf(id);
  ASSERT_OK(read);
  ASSERT_EQ(read->size(), 1u);
  EXPECT_EQ((*read)[0].key.name, "write_buffer_size");
  EXPECT_EQ((*read)[0].before, "67108864");
  EXPECT_EQ((*read)[0].asked, "134217728");
  EXPECT_EQ((*read)[0].after, "134217700");
  EXPECT_THAT(history_->RecordReadBack(77, values),
              IsError(StatusCode::kNotFound, "77"));
}

TEST_F(HistoryTest, FindsTheTrialsOfAnOptionNewestFirst) {
  int64_t first = Open(TrialOf("a", "1", "2"));
  Open(TrialOf("b", "1", "2"));
  int64_t third = Open(TrialOf("a", "2", "3"));
  auto trials = history_->TrialsOf("orders", "a", 10);
  ASSERT_OK(trials);
  ASSERT_EQ(trials->size(), 2u);
  EXPECT_EQ((*trials)[0].id, third);
  EXPECT_EQ((*trials)[1].id, first);
  EXPECT_EQ(history_->TrialsOf("orders", "a", 1)->size(), 1u);
  EXPECT_EQ(history_->TrialsOf("orders", "", 10)->size(), 3u);
  EXPECT_EQ(history_->TrialsOf("", "", 10)->size(), 3u);
  EXPECT_TRUE(history_->TrialsOf("other", "a", 10)->empty());
  EXPECT_TRUE(history_->TrialsOf("orders", "' OR 1=1 --", 10)->empty());
}

TEST_F(HistoryTest, KeepsTheUidOfAnOperator) {
  ASSERT_OK(history_->Note(session_, {.at = WallTime(5),
                                      .database = "orders",
                                      .kind = "freeze",
                                      .uid = 4294967294u,
                                      .line = "frozen by an operator"}));
  Reopen();
  auto entries = history_->Entries("orders", 10);
  ASSERT_OK(entries);
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ((*entries)[0].uid, 4294967294u);
  EXPECT_EQ((*entries)[0].at, WallTime(5));
  EXPECT_EQ((*entries)[0].kind, "freeze");
  EXPECT_EQ((*entries)[0].line, "frozen by an operator");
}

TEST_F(HistoryTest, LeavesAnEntryWhenATrialOpens) {
  int64_t id = Open(TrialOf("a", "1", "2"));
  Close(id, Verdict::kRegressed);
  auto entries = history_->Entries("", 10);
  ASSERT_OK(entries);
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ((*entries)[0].kind, "trial");
  EXPECT_EQ((*entries)[0].line, "opened: a to 2");
  EXPECT_EQ((*entries)[0].trial, id);
  EXPECT_FALSE((*entries)[0].uid.has_value());
}

TEST_F(HistoryTest, GoesBackToWhatWasProvenWhenATrialEnded) {
  int64_t kept = Open(TrialOf("a", "1", "2"));
  ASSERT_OK(history_->SetProven("orders", {{{"a", "default"}, "2"}},
                                WallTime(2), kept));
  int64_t rolled_back = Open(TrialOf("b", "1", "2"));
  // An operator goes back to the baseline while the trial is open.
  ASSERT_OK(history_->SetProven("orders", {}, WallTime(3)));
  int64_t kept_later = Open(TrialOf("b", "1", "3"));
  OptionValues later = {{{"b", "default"}, "3"}};
  ASSERT_OK(history_->SetProven("orders", later, WallTime(4), kept_later));
  Reopen();
  OptionValues first = {{{"a", "default"}, "2"}};
  EXPECT_EQ(*history_->Proven("orders"), later);
  EXPECT_EQ(*history_->ProvenAfter("orders", kept), first);
  EXPECT_EQ(*history_->ProvenAfter("orders", rolled_back), first);
  EXPECT_EQ(*history_->ProvenAfter("orders", kept_later), later);
  EXPECT_THAT(history_->ProvenAfter("other", kept),
              IsError(StatusCode::kNotFound, "other"));
  EXPECT_TRUE(history_->Proven("other")->empty());
}

TEST_F(HistoryTest, KeepsPinsOverARestart) {
  ASSERT_OK(history_->SetPins(
      "orders", {{"a", "cf", true, "", ""}, {"b", "", false, "1", "9"}}));
  Reopen();
  auto pins = history_->Pins("orders");
  ASSERT_OK(pins);
  ASSERT_EQ(pins->size(), 2u);
  EXPECT_EQ((*pins)[0].column_family, "cf");
  EXPECT_TRUE((*pins)[0].denied);
  EXPECT_EQ((*pins)[1].option, "b");
  EXPECT_EQ((*pins)[1].max, "9");
  ASSERT_OK(history_->SetPins("orders", {}));
  EXPECT_TRUE(history_->Pins("orders")->empty());
}

TEST_F(HistoryTest, StopsGrowingAndNeverDropsAnOpenTrial) {
  Reopen({.trials = 5, .entries = 7, .sessions = 2, .proven = 3});
  ASSERT_OK(history_->SetProven("quiet", {{{"a", ""}, "1"}}, WallTime(1)));
  int64_t open = Open(TrialOf("a", "1", "2"));
  for (int i = 0; i < 40; ++i) {
    int64_t id = Open(TrialOf("b", "1", "2"));
    Close(id, Verdict::kNoGain);
    ASSERT_OK(history_->SetProven("orders", {}, WallTime(i), id));
  }
  auto trials = history_->TrialsOf("orders", "", 1000);
  ASSERT_OK(trials);
  ASSERT_EQ(trials->size(), 6u);
  EXPECT_EQ(trials->back().id, open);
  EXPECT_EQ(history_->Entries("", 1000)->size(), 7u);
  EXPECT_EQ(history_->Proven("quiet")->size(), 1u);
}

TEST_F(HistoryTest, CutsFreeTextBetweenCharactersAndValuesNever) {
  std::string long_value(100'000, '7');
  Trial trial = TrialOf("a", long_value, "2");
  trial.summary = "x";
  for (int i = 0; i < 5000; ++i) trial.summary += "\xc3\xa9";
  int64_t id = Open(trial);
  auto read = history_->TrialById(id);
  ASSERT_OK(read);
  EXPECT_EQ(read->inverse.changes[0].after, long_value);
  EXPECT_EQ(read->summary.size(), History::kMaxTextBytes - 1);
  EXPECT_EQ(read->summary.substr(read->summary.size() - 2), "\xc3\xa9");
}

TEST_F(HistoryTest, TakesNumbersThatAreNone) {
  Trial trial = TrialOf("a", "1", "2");
  trial.id = Open(trial);
  trial.verdict = Verdict::kInconclusive;
  trial.effect.mean = std::numeric_limits<double>::quiet_NaN();
  trial.effect.high = std::numeric_limits<double>::infinity();
  ASSERT_OK(history_->CloseTrial(trial, WallTime(2)));
  auto read = history_->TrialById(trial.id);
  ASSERT_OK(read);
  EXPECT_EQ(read->effect.mean, 0);
  EXPECT_EQ(read->effect.high, std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace rocktune
