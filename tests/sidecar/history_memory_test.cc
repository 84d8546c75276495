// What is known of loads, and files that an older version wrote.
#include <sys/stat.h>

#include <cmath>
#include <limits>

#include "sidecar/history.h"
#include "sidecar/history_schema.h"
#include "sidecar/history_sqlite.h"
#include "sidecar/profile_keys.h"
#include "tests/sidecar/history_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

void Set(ProfileDimension dimension, double value, WorkloadProfile* profile) {
  profile->value[static_cast<size_t>(dimension)] = value;
}

MemoryEntry EntryOf(int64_t id, int proven_at_s) {
  MemoryEntry entry;
  entry.id = id;
  entry.profile.windows = 120;
  Set(ProfileDimension::kGetShare, 0.875, &entry.profile);
  Set(ProfileDimension::kWorkingSetBytes, 1e18 / 3, &entry.profile);
  entry.values = {{{"write_buffer_size", "default"}, "134217728"},
                  {{"block_cache.capacity", ""}, "1073741824"}};
  entry.times_proven = 3;
  entry.times_failed = 1;
  entry.last_proven = WallTime(proven_at_s);
  return entry;
}

class HistoryMemory : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    history_.reset();
    auto opened = History::Open(folder_ / "state");
    ASSERT_OK(opened);
    history_ = std::move(*opened);
  }
  std::vector<MemoryEntry> Load(const std::string& database) {
    auto entries = history_->Memory(database);
    EXPECT_OK(entries);
    return entries.value_or(std::vector<MemoryEntry>());
  }

  ScratchFolder folder_;
  std::unique_ptr<History> history_;
};

SpendRow RowAt(int second, uint64_t calls) {
  return {WallTime(second), {calls, 1200, 80, 345}};
}

TEST_F(HistoryMemory, KeepsWhatAskingModelsCostForTwoDays) {
  ASSERT_OK(history_->SaveSpend(RowAt(0, 1)));
  ASSERT_OK(history_->SaveSpend(RowAt(300, 1)));
  ASSERT_OK(history_->SaveSpend(RowAt(300, 2)));
  Reopen();
  auto rows = history_->ReadSpend();
  ASSERT_OK(rows);
  EXPECT_EQ(*rows, (std::vector<SpendRow>{RowAt(0, 1), RowAt(300, 2)}));
  ASSERT_OK(history_->SaveSpend(RowAt(2 * 86400 + 1, 1)));
  EXPECT_EQ(history_->ReadSpend()->size(), 2u);
}

TEST_F(HistoryMemory, GivesAnEntryBackAfterAReopenAndTheUnknownStaysUnknown) {
  const MemoryEntry entry = EntryOf(4, 60);
  ASSERT_OK(history_->SaveMemory("orders", entry));
  Reopen();
  const std::vector<MemoryEntry> read = Load("orders");
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].id, 4);
  EXPECT_EQ(read[0].profile.database, "orders");
  EXPECT_EQ(read[0].profile.windows, 120);
  EXPECT_EQ(read[0].profile.value, entry.profile.value);
  EXPECT_FALSE(read[0].profile[ProfileDimension::kZipfExponent].has_value());
  EXPECT_EQ(read[0].values, entry.values);
  EXPECT_EQ(read[0].times_proven, 3);
  EXPECT_EQ(read[0].times_failed, 1);
  EXPECT_EQ(read[0].last_proven, WallTime(60));
  EXPECT_TRUE(Load("other").empty());
}

TEST_F(HistoryMemory, ReplacesTheEntryOfTheSameNumberWhole) {
  ASSERT_OK(history_->SaveMemory("orders", EntryOf(1, 10)));
  ASSERT_OK(history_->SaveMemory("users", EntryOf(1, 10)));
  MemoryEntry later = EntryOf(1, 20);
  later.profile.value = {};
  Set(ProfileDimension::kWriteShare, 1, &later.profile);
  later.values = {{{"max_background_jobs", ""}, "8"}};
  ASSERT_OK(history_->SaveMemory("orders", later));
  const std::vector<MemoryEntry> read = Load("orders");
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].profile.value, later.profile.value);
  EXPECT_EQ(read[0].values, later.values);
  EXPECT_EQ(Load("users")[0].values.size(), 2u);
}

TEST_F(HistoryMemory, ForgetsOneEntryOfOneDatabase) {
  ASSERT_OK(history_->SaveMemory("orders", EntryOf(1, 10)));
  ASSERT_OK(history_->SaveMemory("orders", EntryOf(2, 10)));
  ASSERT_OK(history_->SaveMemory("users", EntryOf(1, 10)));
  ASSERT_OK(history_->ForgetMemory("orders", 1));
  ASSERT_OK(history_->ForgetMemory("orders", 77));
  ASSERT_EQ(Load("orders").size(), 1u);
  EXPECT_EQ(Load("orders")[0].id, 2);
  EXPECT_EQ(Load("users").size(), 1u);
}

TEST_F(HistoryMemory, KeepsTheEntriesProvenLastWhenThereAreTooMany) {
  constexpr int kMost = WorkloadMemory::kMaxEntries;
  ASSERT_OK(history_->SaveMemory("users", EntryOf(1, 0)));
  // The first was proven again, after all others.
  for (int i = 1; i <= kMost + 3; ++i) {
    ASSERT_OK(history_->SaveMemory("orders", EntryOf(i, i == 1 ? 1000 : i)));
  }
  const std::vector<MemoryEntry> read = Load("orders");
  ASSERT_EQ(read.size(), static_cast<size_t>(kMost));
  EXPECT_EQ(read[0].id, 1);
  EXPECT_EQ(read[1].id, 5);
  EXPECT_EQ(read.back().id, kMost + 3);
  EXPECT_EQ(Load("users").size(), 1u);
}

TEST_F(HistoryMemory, TakesADimensionThatIsNoNumberForUnknown) {
  MemoryEntry entry = EntryOf(1, 10);
  Set(ProfileDimension::kSeekShare, std::nan(""), &entry.profile);
  Set(ProfileDimension::kArrivalRate, HUGE_VAL, &entry.profile);
  ASSERT_OK(history_->SaveMemory("orders", entry));
  const WorkloadProfile read = Load("orders").at(0).profile;
  EXPECT_FALSE(read[ProfileDimension::kSeekShare].has_value());
  EXPECT_EQ(read[ProfileDimension::kArrivalRate], HUGE_VAL);
}

TEST_F(HistoryMemory, NamesEveryDimensionOnce) {
  for (int i = 0; i < kProfileDimensions; ++i) {
    const auto dimension = static_cast<ProfileDimension>(i);
    EXPECT_EQ(DimensionOf(KeyOf(dimension)), dimension);
  }
  EXPECT_EQ(DimensionOf("colour"), std::nullopt);
}

// One kept trial and one that its process died in, as schema 2 held them.
constexpr char kWrittenBySchema2[] = R"(
INSERT INTO sessions VALUES(1, 4711, '7.8.3', 1700000000000000, NULL);
INSERT INTO trials VALUES(1, 1, 'orders', 'expert', 'a larger memtable',
  1700000001000000, 1700000061000000, 'kept', 0.25, 0.2, 0.3, 0.95, 3,
  40000000, '25 % less service time');
INSERT INTO trials(id, session, database, source, summary, opened_us)
  VALUES(2, 1, 'orders', 'operator', 'more jobs', 1700000070000000);
INSERT INTO changes VALUES(1, 0, 0, 'write_buffer_size', 'default',
  '67108864', '134217728', '134217728', 'a reason');
INSERT INTO changes VALUES(1, 1, 0, 'write_buffer_size', 'default',
  '134217728', '67108864', NULL, '');
INSERT INTO changes VALUES(2, 0, 0, 'max_background_jobs', '', '2', '4', NULL,
  'compaction is behind');
INSERT INTO changes VALUES(2, 1, 0, 'max_background_jobs', '', '4', '2', NULL,
  '');
INSERT INTO notes VALUES(1, 0, 'budget', 1, 'block_cache.capacity', '',
  'over_budget', 'too much', '10GB', '');
INSERT INTO arms VALUES(1, 'baseline', 20, 12345.5, 52.25, 0.0, 9.5, 11.25, 7);
INSERT INTO latencies VALUES(1, 'baseline', 'get', 12.5, 88.0);
INSERT INTO entries VALUES(1, 1, 1700000000000000, 'orders', 'operator', 0,
  1000, 'mode suggest -> auto');
INSERT INTO proven VALUES(1, 'orders', 1700000061000000, 1, 1);
INSERT INTO proven_values VALUES(1, 'write_buffer_size', 'default',
  '134217728');
INSERT INTO pins VALUES('orders', 0, 'compression', '', 1, '', '');
)";

TEST(HistoryMigration, KeepsAllThatTheLastSchemaHeld) {
  ScratchFolder folder;
  const std::string dir = folder / "state";
  ASSERT_EQ(mkdir(dir.c_str(), 0700), 0);
  {
    auto db = Sqlite::Open(dir + "/history.db");
    ASSERT_OK(db);
    ASSERT_OK(Migrate(db->get(), 2));
    ASSERT_OK((*db)->Execute(kWrittenBySchema2));
  }
  auto opened = History::Open(dir);
  ASSERT_OK(opened);
  History& history = **opened;
  auto kept = history.TrialById(1);
  ASSERT_OK(kept);
  EXPECT_EQ(kept->verdict, Verdict::kKept);
  EXPECT_EQ(kept->why, "25 % less service time");
  EXPECT_EQ(kept->effect.low, 0.2);
  EXPECT_EQ(kept->notes.at(0).code, "over_budget");
  EXPECT_EQ(kept->baseline.latency_us_p99[0], 88);
  EXPECT_EQ(kept->inverse.changes.at(0).after, "67108864");
  EXPECT_EQ(kept->design, TrialDesign::kBeforeAfter);
  EXPECT_EQ(kept->ended, "");
  EXPECT_TRUE(kept->blocks.empty());
  EXPECT_EQ(history.OpenTrials("orders")->at(0).inverse.changes.at(0).after,
            "2");
  EXPECT_EQ(history.Proven("orders")->size(), 1u);
  EXPECT_EQ(history.Pins("orders")->at(0).option, "compression");
  EXPECT_EQ(history.Entries("orders", 10)->at(0).uid, 1000u);
  ASSERT_OK(history.SaveMemory("orders", EntryOf(1, 10)));
  EXPECT_EQ(history.Memory("orders")->size(), 1u);
  Trial died = history.OpenTrials("orders")->at(0);
  died.verdict = Verdict::kAborted;
  died.blocks = {{true, 0, absl::Seconds(1), 5, 0, 40}};
  ASSERT_OK(history.CloseTrial(died, WallTime(99)));
  EXPECT_EQ(history.TrialById(2)->blocks.size(), 1u);
}

}  // namespace
}  // namespace rocktune
