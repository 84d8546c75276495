#include <gtest/gtest.h>

#include <cmath>

#include "bench/contestants/ask_tell.h"
#include "bench/contestants/contestant.h"
#include "bench/contestants/evaluation.h"
#include "bench/contestants/live_options.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

TEST(Contestants, AreAllMadeByTheirNames) {
  for (const ContestantRow& row : ContestantTable()) {
    CellSpec spec;
    spec.contestant = std::string(row.name);
    EXPECT_TRUE(MakeContestant(spec).ok()) << row.name;
    EXPECT_FALSE(row.meaning.empty()) << row.name;
  }
}

TEST(AskTell, FindsTheTopOfAHill) {
  AskTell search({0.1, 0.9}, 7);
  double best = -1;
  for (int i = 0; i < 600; ++i) {
    const auto point = search.Ask();
    ASSERT_TRUE(point.has_value());
    const double value = 1 - std::hypot((*point)[0] - 0.7, (*point)[1] - 0.3);
    best = std::max(best, value);
    search.Tell(value);
  }
  EXPECT_GT(best, 0.9);
}

TEST(AskTell, EndsInTheMiddleOfASearch) {
  AskTell search({0.5}, 1);
  ASSERT_TRUE(search.Ask().has_value());
}  // its destructor must not hang

TEST(Evaluation, LeavesOutTheFirstThird) {
  Evaluation evaluation(3);
  evaluation.Begin(10, "x");
  LoadInterval slow, fast;
  slow.seconds = fast.seconds = 1;
  for (int i = 0; i < 10; ++i) slow.latency[0].Add(1000);
  for (int i = 0; i < 100; ++i) fast.latency[0].Add(1000);
  EXPECT_FALSE(evaluation.Add(slow, 11).has_value());
  EXPECT_FALSE(evaluation.Add(fast, 12).has_value());
  const auto ops = evaluation.Add(fast, 13);
  ASSERT_TRUE(ops.has_value());
  EXPECT_DOUBLE_EQ(*ops, 100);
  EXPECT_EQ(evaluation.Row(*ops, 50).verdict, "better");
  EXPECT_DOUBLE_EQ(evaluation.Row(*ops, 50).effect, 1);
}

class LiveOptionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, dir_.path() + "/db", &raw).ok());
    db_.reset(raw);
  }
  TempDir dir_;
  std::unique_ptr<rocksdb::DB> db_;
};

TEST_F(LiveOptionsTest, SetWhatIsSafeWithinTheMemoryAndUndoIt) {
  CellBudget budget;
  budget.memory_bytes = 64 << 20;
  auto live = LiveOptions::Attach(db_.get(), budget);
  ASSERT_TRUE(live.ok()) << live.status();
  const auto before = (*live)->Values();
  const auto change_set = (*live)->Set(OptionValues{
      {{"write_buffer_size", "default"}, "0"},  // would abort the process
      {{"block_cache.capacity", ""}, "1099511627776"},  // a tebibyte
      {{"level0_file_num_compaction_trigger", "default"}, "8"}});
  ASSERT_TRUE(change_set.ok()) << change_set.status();
  const auto options = db_->GetOptions();
  EXPECT_GE(options.write_buffer_size, 65536u);
  EXPECT_EQ(options.level0_file_num_compaction_trigger, 8);
  const auto now = (*live)->Values();
  EXPECT_LE(std::stoull(now->at({"block_cache.capacity", ""})), 64u << 20);
  ASSERT_TRUE((*live)->Undo(*change_set).ok());
  EXPECT_EQ(*(*live)->Values(), *before);
}

}  // namespace
}  // namespace rocktune
