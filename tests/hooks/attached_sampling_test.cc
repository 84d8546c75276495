// Windows of a live database: what they say is what was done.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/attached_db.h"
#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/statistics.h"
#include "rocksdb/table.h"
#include "tests/hooks/families_db.h"
#include "tests/hooks/scripted_file_system.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

const absl::Time kStart = absl::UnixEpoch() + absl::Hours(1);

std::unique_ptr<AttachedDb> Attached(
    rocksdb::DB* db,
    const std::vector<rocksdb::ColumnFamilyHandle*>& handles = {}) {
  auto attached = AttachedDb::Attach(db, handles, "orders");
  EXPECT_OK(attached);
  return std::move(attached).value();
}

void PutMany(rocksdb::DB* db, rocksdb::ColumnFamilyHandle* handle, int count) {
  for (int i = 0; i < count; ++i) {
    ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), handle, absl::StrCat("k", i),
                        std::string(100, 'v'))
                    .ok());
  }
}

void GetMany(rocksdb::DB* db, int count) {
  std::string value;
  for (int i = 0; i < count; ++i) {
    db->Get(rocksdb::ReadOptions(), absl::StrCat("k", i), &value)
        .PermitUncheckedError();
  }
}

TEST(AttachedSampling, CountsExactlyWhatWasDoneBetweenTwoWindows) {
  FamiliesDb db;
  PutMany(db.db(), db->DefaultColumnFamily(), 50);  // before us
  auto attached = Attached(db.db());
  PutMany(db.db(), db->DefaultColumnFamily(), 300);
  const Window first = attached->Sample(kStart);
  EXPECT_EQ(first.database, "orders");
  EXPECT_EQ(first.number, 1u);
  EXPECT_EQ(first.length, absl::ZeroDuration());
  EXPECT_EQ(first.op(OpKind::kWrite).count, 300u);

  GetMany(db.db(), 200);
  const Window second = attached->Sample(kStart + absl::Seconds(1));
  EXPECT_EQ(second.number, 2u);
  EXPECT_EQ(second.start, kStart);
  EXPECT_EQ(second.length, absl::Seconds(1));
  EXPECT_EQ(second.op(OpKind::kGet).count, 200u);
  EXPECT_EQ(second.op(OpKind::kWrite).count, 0u);
  EXPECT_EQ(second.OperationsPerSecond(), 200);
  EXPECT_TRUE(second.has_tickers);
  EXPECT_TRUE(second.has_latencies);
}

TEST(AttachedSampling, TimesEveryCallOfASlowLoad) {
  FamiliesDb db;
  auto attached = Attached(db.db());
  attached->Sample(kStart);
  GetMany(db.db(), 100);  // 100 a second
  attached->Sample(kStart + absl::Seconds(1));
  GetMany(db.db(), 64);  // a countdown that had begun runs out
  attached->Sample(kStart + absl::Seconds(2));
  GetMany(db.db(), 100);
  const Window window = attached->Sample(kStart + absl::Seconds(3));
  EXPECT_EQ(window.op(OpKind::kGet).samples, 100u);
  EXPECT_EQ(window.sampled_one_in, 1);
}

TEST(AttachedSampling, ShowsTheShapeOfEveryFamily) {
  FamiliesDb db;
  rocksdb::ColumnFamilyHandle* users = db.Create("users");
  auto attached = Attached(db.db(), {users});
  for (int round = 0; round < 2; ++round) {
    PutMany(db.db(), users, 100);
    ASSERT_TRUE(db->Flush(rocksdb::FlushOptions(), users).ok());
  }
  PutMany(db.db(), users, 10);
  const Window window = attached->Sample(kStart);

  ASSERT_EQ(window.column_families.size(), 2u);
  const ColumnFamilyShape& shape = window.column_families[1];
  EXPECT_EQ(shape.name, "users");
  EXPECT_EQ(shape.id, 1u);
  EXPECT_EQ(shape.levels.size(), 7u);
  EXPECT_EQ(shape.levels[0].files, 2u);
  rocksdb::ColumnFamilyMetaData meta;
  db->GetColumnFamilyMetaData(users, &meta);
  EXPECT_EQ(shape.Bytes(), meta.size);
  EXPECT_EQ(shape.immutable_memtables, 0u);
  EXPECT_GT(shape.active_memtable_bytes, 0u);
  EXPECT_GE(shape.all_memtable_bytes, shape.active_memtable_bytes);
  EXPECT_EQ(shape.estimated_keys, 210u);
  EXPECT_EQ(window.column_families[0].Bytes(), 0u);
  EXPECT_EQ(window.events.flushes, 2u);
  EXPECT_EQ(window.events.entries, 200u);
  EXPECT_GT(window.process.resident_bytes, 0u);
}

TEST(AttachedSampling, NamesACacheAfterItsFirstFamilyUnlessAllShareIt) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(3 << 20);
  rocksdb::Options options = QuietOptions();
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  FamiliesDb db(Instrumented::kYes, options);
  auto attached = Attached(db.db());
  Window window = attached->Sample(kStart);
  ASSERT_EQ(window.caches.size(), 1u);
  EXPECT_EQ(window.caches[0].column_family, "");
  EXPECT_EQ(window.caches[0].capacity_bytes, 3u << 20);

  // This family comes with a cache of its own.
  ASSERT_OK(attached->AddColumnFamily(db.Create("users")));
  window = attached->Sample(kStart + absl::Seconds(1));
  ASSERT_EQ(window.caches.size(), 2u);
  EXPECT_EQ(window.caches[0].column_family, "default");
  EXPECT_EQ(window.caches[1].column_family, "users");
}

TEST(AttachedSampling, CountsWritesWithoutAnyStatistics) {
  FamiliesDb db(Instrumented::kNo);
  auto attached = Attached(db.db());
  PutMany(db.db(), db->DefaultColumnFamily(), 123);
  GetMany(db.db(), 10);
  const Window window = attached->Sample(kStart);
  EXPECT_FALSE(window.has_tickers);
  EXPECT_FALSE(window.has_latencies);
  EXPECT_EQ(window.op(OpKind::kWrite).count, 123u);
  EXPECT_EQ(window.ticker(Ticker::kKeysWritten), 123u);
  EXPECT_GT(window.ticker(Ticker::kWalBytes), 0u);
  EXPECT_EQ(window.op(OpKind::kGet).count, 0u);
}

TEST(AttachedSampling, ReadsTheHostsStatisticsWhereItHasOne) {
  rocksdb::Options options = QuietOptions();
  options.statistics = rocksdb::CreateDBStatistics();
  FamiliesDb db(Instrumented::kNo, options);
  PutMany(db.db(), db->DefaultColumnFamily(), 1000);
  GetMany(db.db(), 1000);
  auto attached = Attached(db.db());
  GetMany(db.db(), 500);
  const Window window = attached->Sample(kStart);
  EXPECT_TRUE(window.has_tickers);
  EXPECT_TRUE(window.has_latencies);
  const OpStats& get = window.op(OpKind::kGet);
  EXPECT_EQ(get.count, 500u);
  EXPECT_EQ(get.samples, 500u);
  EXPECT_GT(get.latency_us_mean, 0);
  EXPECT_LE(get.latency_us_p50, get.latency_us_p99);
  EXPECT_EQ(window.op(OpKind::kWrite).count, 0u);
  EXPECT_EQ(options.statistics->getTickerCount(rocksdb::NUMBER_KEYS_READ),
            1500u);  // nothing of the host's was reset
}

TEST(AttachedSampling, KeepsTheNumbersOfTwoDatabasesApart) {
  FamiliesDb one;
  FamiliesDb two;
  auto first = Attached(one.db());
  auto second = Attached(two.db());
  PutMany(one.db(), one->DefaultColumnFamily(), 11);
  PutMany(two.db(), two->DefaultColumnFamily(), 22);
  EXPECT_EQ(first->Sample(kStart).op(OpKind::kWrite).count, 11u);
  EXPECT_EQ(second->Sample(kStart).op(OpKind::kWrite).count, 22u);
}

// One writer: of two, ThreadSanitizer cannot see how a packaged RocksDB makes
// them take turns.
TEST(AttachedSampling, LosesNoOperationUnderLoad) {
  constexpr uint64_t kPuts = 30000;
  rocksdb::Options options = QuietOptions();
  options.write_buffer_size = 256 << 10;
  FamiliesDb db(Instrumented::kYes, options);
  auto attached = Attached(db.db());
  std::thread writer(
      [&db] { PutMany(db.db(), db->DefaultColumnFamily(), kPuts); });
  uint64_t writes = 0;
  uint64_t number = 0;
  while (writes < kPuts / 2) {
    const Window window = attached->Sample(kStart + absl::Seconds(number));
    EXPECT_EQ(window.number, ++number);
    writes += window.op(OpKind::kWrite).count;
  }
  writer.join();
  writes +=
      attached->Sample(kStart + absl::Seconds(number)).op(OpKind::kWrite).count;
  EXPECT_EQ(writes, kPuts);
}

TEST(AttachedSampling, SeesWritesComeNearAStopAndStop) {
  rocksdb::Options options = QuietOptions();
  options.write_buffer_size = 256 << 10;
  options.max_write_buffer_number = 2;
  FamiliesDb db(Instrumented::kYes, options);
  auto attached = Attached(db.db());
  EXPECT_EQ(attached->Proximity().nearness, 0);
  PutMany(db.db(), db->DefaultColumnFamily(), 10);
  ASSERT_TRUE(db->Flush(rocksdb::FlushOptions()).ok());
  StallProximity near = attached->Proximity();
  EXPECT_DOUBLE_EQ(near.nearness, 1.0 / options.level0_stop_writes_trigger);
  EXPECT_EQ(near.cause, "l0_files");
  EXPECT_FALSE(near.stopped);

  // Nothing is flushed any more: memtables pile up until writes stop.
  ASSERT_TRUE(db->PauseBackgroundWork().ok());
  rocksdb::WriteOptions at_once;
  at_once.no_slowdown = true;
  double last = 0;
  for (int i = 0; i < 100000 && !near.stopped; ++i) {
    const rocksdb::Status put =
        db->Put(at_once, absl::StrCat("k", i), std::string(10000, 'v'));
    near = attached->Proximity();
    EXPECT_TRUE(put.ok() || near.stopped) << put.ToString();
    EXPECT_GE(near.nearness, last);
    last = near.nearness;
  }
  EXPECT_TRUE(near.stopped);
  EXPECT_EQ(near.nearness, 1);
  EXPECT_EQ(near.cause, "memtables");
  const Window window = attached->Sample(kStart);
  EXPECT_TRUE(window.stalls.writes_stopped);
  EXPECT_EQ(window.column_families[0].immutable_memtables, 2u);
  EXPECT_EQ(window.stalls.memtable_stalls, 1u);
  EXPECT_EQ(window.stalls.l0_stalls, 0u);
  EXPECT_EQ(window.stalls.pending_bytes_stalls, 0u);
  ASSERT_TRUE(db->ContinueBackgroundWork().ok());
}

TEST(AttachedSampling, KnowsWhenTheJobsOfOneMomentHaveEnded) {
  for (const Instrumented instrumented :
       {Instrumented::kNo, Instrumented::kYes}) {
    auto files = std::make_shared<ScriptedFileSystem>();
    const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(files);
    rocksdb::Options options = QuietOptions();
    options.env = env.get();
    FamiliesDb db(instrumented, options);
    auto attached = Attached(db.db());
    EXPECT_TRUE(attached->AllEnded(*attached->JobsInFlight()));

    PutMany(db.db(), db->DefaultColumnFamily(), 10);
    files->Hold(".sst");
    rocksdb::FlushOptions in_background;
    in_background.wait = false;
    ASSERT_TRUE(db->Flush(in_background).ok());
    ASSERT_TRUE(files->WaitUntilHeld());
    const auto jobs = attached->JobsInFlight();
    EXPECT_FALSE(attached->AllEnded(*jobs));
    EXPECT_EQ(attached->Sample(kStart).running_flushes, 1);

    files->Release();
    ASSERT_TRUE(db->Flush(rocksdb::FlushOptions()).ok());
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (!attached->AllEnded(*jobs) && absl::Now() < deadline) {
      std::this_thread::yield();
    }
    EXPECT_TRUE(attached->AllEnded(*jobs));
  }
}

}  // namespace
}  // namespace rocktune
