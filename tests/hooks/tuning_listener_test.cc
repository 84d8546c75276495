#include "hooks/tuning_listener.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/hooks/observed_db.h"

namespace rocktune {
namespace {

std::string Key(int i) { return "key" + std::to_string(100000 + i); }

TEST(TuningListener, ReportsAFlushAndTheFileItMade) {
  ObservedDb db;
  db.Cut();
  for (int i = 0; i < 100; ++i) db.Put(Key(i), std::string(50, 'v'));
  ASSERT_TRUE(db->Delete(rocksdb::WriteOptions(), Key(0)).ok());
  db.Flush();
  EventFacts events = db.Cut().events;
  EXPECT_EQ(events.flushes, 1u);
  EXPECT_GT(events.flush_bytes, 100u);
  EXPECT_EQ(events.files_created, 1u);
  EXPECT_EQ(events.entries, 100u);  // the deleted value is gone already
  EXPECT_EQ(events.deletions, 1u);
  EXPECT_GE(events.value_bytes, 99u * 50u);
  EXPECT_GE(events.key_bytes, 100u * 9u);
  EXPECT_EQ(events.dropped, 0u);
  EXPECT_EQ(db.Cut().events.flushes, 0u);
}

TEST(TuningListener, ReportsACompactionWithItsBytesAndTime) {
  ObservedDb db;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 1000; ++i) db.Put(Key(i), std::string(100, 'v'));
    db.Flush();
  }
  db.Cut();
  db.CompactAll();
  EventFacts events = db.Cut().events;
  EXPECT_GE(events.compactions, 1u);
  EXPECT_GT(events.compaction_read_bytes, events.compaction_write_bytes);
  EXPECT_GT(events.compaction_write_bytes, 0u);
  EXPECT_GT(events.compaction_elapsed_s, 0);
}

TEST(TuningListener, CountsWhatDidNotFitTheRing) {
  rocksdb::Options options = QuietOptions();
  options.disable_auto_compactions = true;
  ObservedDb db(options, {.ring_capacity = 2});
  for (int i = 0; i < 5; ++i) {
    db.Put(Key(i), "v");
    db.Flush();
  }
  EventFacts events = db.Cut().events;
  EXPECT_EQ(events.flushes + events.files_created, 2u);
  EXPECT_EQ(events.dropped, 8u);
}

// Lets the test look while a flush is running.
class WatchesFlush : public rocksdb::EventListener {
 public:
  explicit WatchesFlush(std::function<void()> during)
      : during_(std::move(during)) {}
  void OnTableFileCreated(const rocksdb::TableFileCreationInfo&) override {
    during_();
  }

 private:
  std::function<void()> during_;
};

TEST(TuningListener, KnowsTheJobsThatAreRunning) {
  rocksdb::Options options = QuietOptions();
  TuningListener* listener = nullptr;
  std::atomic<int> running{-1};
  RunningJobs::Snapshot snapshot;
  options.listeners.push_back(std::make_shared<WatchesFlush>([&] {
    if (listener == nullptr) return;
    snapshot = listener->jobs().Take();
    if (!listener->jobs().AllEnded(snapshot)) {
      running = listener->jobs().running();
    }
  }));
  ObservedDb db(options);
  listener = &db.listener();
  db.Put("a", "v");
  db.Flush();
  EXPECT_EQ(running.load(), 1);
  EXPECT_TRUE(db.listener().jobs().AllEnded(snapshot));
  EXPECT_EQ(db.listener().jobs().running(), 0);
}

TEST(TuningListener, NoticesFamiliesMadeLater) {
  ObservedDb db;
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  ASSERT_TRUE(
      db->CreateColumnFamily(rocksdb::ColumnFamilyOptions(), "later", &handle)
          .ok());
  ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), handle, "a", "v").ok());
  ASSERT_TRUE(db->Flush(rocksdb::FlushOptions(), handle).ok());
  std::vector<SeenFamily> families = db.listener().FamiliesSeen();
  ASSERT_EQ(families.size(), 1u);
  EXPECT_EQ(families[0].name, "later");
  EXPECT_EQ(families[0].id, handle->GetID());
  EXPECT_FALSE(db.listener().SharedByDatabases());
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
}

TEST(TuningListener, TellsWhenAHandleIsAboutToDie) {
  ObservedDb db;
  std::vector<std::string> names;
  db.listener().OnHandleDeletion([&](rocksdb::ColumnFamilyHandle* handle) {
    names.push_back(handle->GetName());
  });
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  ASSERT_TRUE(
      db->CreateColumnFamily(rocksdb::ColumnFamilyOptions(), "one", &handle)
          .ok());
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  EXPECT_EQ(names, std::vector<std::string>{"one"});
  db.listener().OnHandleDeletion(nullptr);
  ASSERT_TRUE(
      db->CreateColumnFamily(rocksdb::ColumnFamilyOptions(), "two", &handle)
          .ok());
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  EXPECT_EQ(names.size(), 1u);
}

TEST(TuningListener, TellsDatabasesThatShareItApart) {
  rocksdb::Options options = QuietOptions();
  Instrumentation shared = InstrumentOptionsOf(&options, {});
  ObservedDb one(ObservedDb::Plain{}, options);
  one.Put("a", "v");
  one.Flush();
  EXPECT_FALSE(shared.listener->SharedByDatabases());
  ObservedDb two(ObservedDb::Plain{}, options);
  two.Put("a", "v");
  two.Flush();
  EXPECT_TRUE(shared.listener->SharedByDatabases());
  EXPECT_EQ(shared.listener->FamiliesSeen().size(), 2u);
}

TEST(TuningListener, CountsStallsAndBackgroundErrors) {
  TuningListener listener(nullptr, 16);
  rocksdb::WriteStallInfo stall;
  stall.condition.prev = rocksdb::WriteStallCondition::kNormal;
  stall.condition.cur = rocksdb::WriteStallCondition::kDelayed;
  listener.OnStallConditionsChanged(stall);
  stall.condition.cur = rocksdb::WriteStallCondition::kStopped;
  listener.OnStallConditionsChanged(stall);
  rocksdb::Status status = rocksdb::Status::IOError("disk");
  listener.OnBackgroundError(rocksdb::BackgroundErrorReason::kFlush, &status);
  EXPECT_TRUE(status.IsIOError());
  Window window;
  listener.Drain(&window);
  EXPECT_EQ(window.events.stall_changes, 2u);
  EXPECT_EQ(window.events.stops, 1u);
  EXPECT_EQ(window.events.background_errors, 1u);
}

TEST(Instrumentation, IsFoundThroughAnOpenDatabase) {
  ObservedDb db;
  Instrumentation found = FindInstrumentation(db.db());
  EXPECT_EQ(found.listener.get(), &db.listener());
  EXPECT_EQ(found.statistics.get(), &db.statistics());
  ObservedDb plain(ObservedDb::Plain{}, QuietOptions());
  EXPECT_EQ(FindInstrumentation(plain.db()).listener, nullptr);
}

TEST(Instrumentation, IsNotPutInTwice) {
  rocksdb::DBOptions options;
  Instrumentation first = InstrumentOptionsOf(&options, {});
  Instrumentation second = InstrumentOptionsOf(&options, {});
  EXPECT_EQ(first.listener, second.listener);
  EXPECT_EQ(first.statistics, second.statistics);
  EXPECT_EQ(options.listeners.size(), 1u);
  // Half of it copied by the host: ours is not put behind ours.
  rocksdb::DBOptions half;
  half.statistics = options.statistics;
  EXPECT_EQ(InstrumentOptionsOf(&half, {}).statistics, first.statistics);
}

}  // namespace
}  // namespace rocktune
