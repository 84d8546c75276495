#include "hooks/trace_bursts.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/attached_db.h"
#include "hooks/block_trace.h"
#include "hooks/instrumentation.h"
#include "hooks/keyed_hash.h"
#include "rocksdb/cache.h"
#include "rocksdb/table.h"
#include "tests/hooks/temp_db.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

constexpr absl::Duration kLength = absl::Seconds(2);
constexpr int kKeys = 20'000;

absl::Time At(int seconds) {
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

std::string KeyOf(int number) { return absl::StrFormat("key-%08d", number); }

rocksdb::Options OptionsWith(std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::Options options;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.compression = rocksdb::kNoCompression;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// Instrumented, with `kKeys` keys in each family's files; a cache of 512 KiB,
// or one for each family.
class TracedDb {
 public:
  explicit TracedDb(const std::vector<std::string>& more_families = {}) {
    rocksdb::Options options = OptionsWith(rocksdb::NewLRUCache(512 << 10, 0));
    InstrumentOptionsOf(&options, {});
    db_ = std::make_unique<TempDb>(options, more_families);
    for (const FamilyRef& family : db_->families()) Fill(family.handle);
    auto attached = AttachedDb::Attach(db_->get(), db_->handles(), "test");
    EXPECT_OK(attached);
    attached_ = *std::move(attached);
    attached_->Sample(At(-2));
    Read(0, 0, 1);
    attached_->Sample(At(-1));  // one lookup in a second: all are traced
  }
  ~TracedDb() { attached_.reset(); }

  rocksdb::DB* db() { return db_->get(); }
  AttachedDb& attached() { return *attached_; }
  const FamilyRef& family(size_t i) { return db_->families()[i]; }

  void Read(size_t i, int from, int to) {
    std::string value;
    for (int key = from; key < to; ++key) {
      const rocksdb::Status status = db()->Get(
          rocksdb::ReadOptions(), family(i).handle, KeyOf(key), &value);
      ASSERT_TRUE(status.ok()) << status.ToString();
    }
  }

  TraceFacts Burst(const std::function<void()>& work) {
    EXPECT_OK(attached_->StartTrace(At(0), kLength));
    work();
    auto facts = attached_->FinishTrace(At(2));
    EXPECT_OK(facts);
    return facts.ok() ? *std::move(facts) : TraceFacts();
  }

 private:
  void Fill(rocksdb::ColumnFamilyHandle* handle) {
    const std::string value(100, 'v');
    for (int key = 0; key < kKeys; ++key) {
      EXPECT_TRUE(
          db()->Put(rocksdb::WriteOptions(), handle, KeyOf(key), value).ok());
    }
    EXPECT_TRUE(db()->Flush(rocksdb::FlushOptions(), handle).ok());
  }

  std::unique_ptr<TempDb> db_;
  std::unique_ptr<AttachedDb> attached_;
};

uint64_t Sum(const std::vector<uint64_t>& numbers) {
  uint64_t sum = 0;
  for (const uint64_t number : numbers) sum += number;
  return sum;
}

// A trace as a host would have it.
class HostTrace : public rocksdb::BlockCacheTraceWriter {
 public:
  explicit HostTrace(std::atomic<int>* records) : records_(records) {}
  rocksdb::Status WriteHeader() override { return rocksdb::Status::OK(); }
  rocksdb::Status WriteBlockAccess(const rocksdb::BlockCacheTraceRecord&,
                                   const rocksdb::Slice&, const rocksdb::Slice&,
                                   const rocksdb::Slice&) override {
    ++*records_;
    return rocksdb::Status::OK();
  }

 private:
  std::atomic<int>* const records_;
};

rocksdb::Status StartHostTrace(rocksdb::DB* db, std::atomic<int>* records) {
  return db->StartBlockCacheTrace(rocksdb::BlockCacheTraceOptions(),
                                  std::make_unique<HostTrace>(records));
}

// The vector of the paper's appendix.
TEST(KeyedHash, IsSipHash24) {
  const KeyedHash hash(0x0706050403020100, 0x0f0e0d0c0b0a0908);
  std::string bytes;
  for (char c = 0; c < 15; ++c) bytes += c;
  EXPECT_EQ(hash(bytes.data(), bytes.size()), 0xa129ca6149be45e5);
}

TEST(BlockTraceBuffer, DropsAndCountsWhatDoesNotFit) {
  BlockTraceBuffer buffer(2);
  for (uint64_t i = 1; i <= 5; ++i) {
    BlockAccess access;
    access.block = i;
    buffer.Add(access);
  }
  ASSERT_EQ(buffer.facts().size(), 2);
  EXPECT_EQ(buffer.facts()[1].block, 2);
  EXPECT_EQ(buffer.dropped(), 3);
}

TEST(BlockTraceBuffer, HoldsNumbersAndNoBytesOfKeys) {
  static_assert(std::is_trivially_copyable_v<BlockAccess>);
  EXPECT_LE(sizeof(BlockAccess), 40);
  TracedDb traced;
  auto buffer = std::make_shared<BlockTraceBuffer>(size_t{1} << 16);
  ASSERT_TRUE(traced.db()
                  ->StartBlockCacheTrace(rocksdb::BlockCacheTraceOptions(),
                                         NewBlockTraceWriter(buffer))
                  .ok());
  traced.Read(0, 0, 1000);
  ASSERT_TRUE(traced.db()->EndBlockCacheTrace().ok());
  EXPECT_TRUE(buffer->ended());
  const absl::Span<const BlockAccess> accesses = buffer->facts();
  ASSERT_EQ(accesses.size(), 1000);
  const std::string bytes(reinterpret_cast<const char*>(accesses.data()),
                          accesses.size() * sizeof(BlockAccess));
  for (const char* part : {"key-", "0000", "key-0000"}) {
    EXPECT_EQ(bytes.find(part), std::string::npos) << part;
  }
}

TEST(OneIn, GivesAboutAsManyRecordsWhateverTheRate) {
  EXPECT_EQ(OneIn(0, kLength), 1);
  EXPECT_EQ(OneIn(1000, kLength), 1);
  EXPECT_EQ(OneIn(30'000, kLength), 1);
  EXPECT_EQ(OneIn(300'000, kLength), 10);
  EXPECT_EQ(OneIn(300'000, 2 * kLength), 20);
  EXPECT_EQ(OneIn(1e18, kLength), 1 << 20);
}

TEST(TraceBursts, CountWhatTheTickersCount) {
  TracedDb traced;
  const TraceFacts facts = traced.Burst([&] {
    for (int i = 0; i < 3; ++i) traced.Read(0, 0, 5000);
    traced.Read(0, 0, kKeys);
  });
  const Window window = traced.attached().Sample(At(2));
  EXPECT_EQ(facts.taken, At(0));
  EXPECT_EQ(facts.length, kLength);
  ASSERT_EQ(facts.sample_ratio, 1);
  ASSERT_EQ(facts.families.size(), 1);
  EXPECT_EQ(Sum(facts.families[0].accesses_by_level),
            window.ticker(Ticker::kBlockCacheHit) +
                window.ticker(Ticker::kBlockCacheMiss));
  EXPECT_EQ(Sum(facts.families[0].misses_by_level),
            window.ticker(Ticker::kBlockCacheMiss));
  EXPECT_EQ(facts.families[0].accesses_by_level.size(), 1);  // all in L0
  EXPECT_EQ(facts.key_bytes_mean, 12);
  EXPECT_EQ(facts.value_bytes_mean, 100);
  ASSERT_TRUE(facts.read_keys.has_value());
  EXPECT_NEAR(facts.read_keys->distinct_keys, kKeys, 0.05 * kKeys);
}

TEST(TraceBursts, SampleBlocksWhenThereAreManyLookups) {
  TracedDb traced;
  traced.attached().Sample(At(0));
  for (int i = 0; i < 8; ++i) traced.Read(0, 0, kKeys);
  traced.attached().Sample(At(1));  // 160 000 lookups in a second
  const TraceFacts facts = traced.Burst([&] { traced.Read(0, 0, kKeys); });
  EXPECT_DOUBLE_EQ(facts.sample_ratio, 1.0 / 6);
  const auto sampled =
      static_cast<double>(Sum(facts.families[0].accesses_by_level));
  EXPECT_NEAR(sampled / facts.sample_ratio, kKeys, 0.3 * kKeys);
  EXPECT_NEAR(facts.read_keys->distinct_keys, kKeys, 0.3 * kKeys);
}

TEST(TraceBursts, TellLevelsAndFamiliesApart) {
  TracedDb traced({"other"});
  // The files of the other family go below level 0 and are opened anew there.
  rocksdb::CompactRangeOptions down;
  down.change_level = true;
  down.target_level = 2;
  down.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  ASSERT_TRUE(
      traced.db()
          ->CompactRange(down, traced.family(1).handle, nullptr, nullptr)
          .ok());
  const TraceFacts facts = traced.Burst([&] {
    traced.Read(0, 0, 3000);
    traced.Read(1, 0, 7000);
  });
  ASSERT_EQ(facts.families.size(), 2);
  EXPECT_EQ(facts.families[0].id, 0);
  EXPECT_THAT(facts.families[0].accesses_by_level, testing::ElementsAre(3000));
  EXPECT_EQ(facts.families[1].id, traced.family(1).id);
  EXPECT_EQ(Sum(facts.families[1].accesses_by_level), 7000);
  EXPECT_EQ(facts.families[1].accesses_by_level[0], 0);
}

TEST(TraceBursts, GiveOneCurveForFamiliesThatShareACache) {
  TracedDb traced({"other"});
  const TraceFacts facts = traced.Burst([&] {
    traced.Read(0, 0, 3000);
    traced.Read(1, 0, 3000);
  });
  ASSERT_EQ(facts.curves.size(), 1);
  EXPECT_EQ(facts.curves[0].column_family, "");
  EXPECT_EQ(facts.curves[0].accesses, 6000);
  EXPECT_EQ(facts.curves[0].capacity_bytes, 512 << 10);
}

TEST(TraceBursts, GiveEachCacheItsOwnCurve) {
  TempDb db(OptionsWith(rocksdb::NewLRUCache(1 << 20, 0)));
  rocksdb::ColumnFamilyHandle* other = nullptr;
  ASSERT_TRUE(
      db->CreateColumnFamily(OptionsWith(rocksdb::NewLRUCache(2 << 20, 0)),
                             "other", &other)
          .ok());
  auto attached = AttachedDb::Attach(db.get(), {other}, "test");
  ASSERT_OK(attached);
  for (auto* handle : {db->DefaultColumnFamily(), other}) {
    for (int key = 0; key < 2000; ++key) {
      ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), handle, KeyOf(key),
                          std::string(100, 'v'))
                      .ok());
    }
    ASSERT_TRUE(db->Flush(rocksdb::FlushOptions(), handle).ok());
  }
  // Without a Statistics the first burst guesses its sample; the second knows.
  for (int burst = 0; burst < 2; ++burst) {
    ASSERT_OK((*attached)->StartTrace(At(0), kLength));
    std::string value;
    for (int i = 0; i < 3; ++i) {
      for (int key = 0; key < 2000; ++key) {
        ASSERT_TRUE(
            db->Get(rocksdb::ReadOptions(), other, KeyOf(key), &value).ok());
      }
    }
    const auto facts = (*attached)->FinishTrace(At(2));
    ASSERT_OK(facts);
    ASSERT_EQ(facts->curves.size(), 2);
    EXPECT_EQ(facts->curves[0].column_family, "default");
    EXPECT_EQ(facts->curves[0].capacity_bytes, 1 << 20);
    EXPECT_EQ(facts->curves[0].accesses, 0);
    EXPECT_EQ(facts->curves[1].column_family, "other");
    EXPECT_EQ(facts->curves[1].capacity_bytes, 2 << 20);
    if (facts->sample_ratio == 1) {
      EXPECT_EQ(facts->curves[1].accesses, 6000);
    }
  }
  attached->reset();
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(other).ok());
}

TEST(TraceBursts, LeaveWhatCompactionReadsOutOfTheCurve) {
  TracedDb traced;
  const TraceFacts facts = traced.Burst([&] {
    ASSERT_TRUE(
        traced.db()
            ->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr)
            .ok());
  });
  ASSERT_EQ(facts.curves.size(), 1);
  EXPECT_EQ(facts.curves[0].accesses, 0);
  EXPECT_THAT(facts.families, testing::IsEmpty());
}

TEST(TraceBursts, LeaveTheHostsTraceAlone) {
  TracedDb traced;
  std::atomic<int> records = 0;
  ASSERT_TRUE(StartHostTrace(traced.db(), &records).ok());
  EXPECT_EQ(traced.attached().StartTrace(At(0), kLength).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(traced.attached().FinishTrace(At(1)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  traced.Read(0, 0, 100);
  EXPECT_EQ(records, 100);
  ASSERT_OK(traced.attached().Detach(absl::Seconds(10)));
  traced.Read(0, 0, 100);
  EXPECT_EQ(records, 200);
  EXPECT_TRUE(traced.db()->EndBlockCacheTrace().ok());
}

TEST(TraceBursts, LeaveTheHostsTraceAloneAfterItEndedOurs) {
  TracedDb traced;
  ASSERT_OK(traced.attached().StartTrace(At(0), kLength));
  ASSERT_TRUE(traced.db()->EndBlockCacheTrace().ok());
  std::atomic<int> records = 0;
  ASSERT_TRUE(StartHostTrace(traced.db(), &records).ok());
  EXPECT_EQ(traced.attached().FinishTrace(At(1)).status().code(),
            absl::StatusCode::kAborted);
  traced.Read(0, 0, 100);
  EXPECT_EQ(records, 100);
}

TEST(TraceBursts, RunOneAtATime) {
  TracedDb traced;
  ASSERT_OK(traced.attached().StartTrace(At(0), kLength));
  EXPECT_EQ(traced.attached().StartTrace(At(1), kLength).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_OK(traced.attached().FinishTrace(At(2)));
}

TEST(TraceBursts, EndWithTheDetach) {
  TracedDb traced;
  ASSERT_OK(traced.attached().StartTrace(At(0), kLength));
  traced.Read(0, 0, 100);
  ASSERT_OK(traced.attached().Detach(absl::Seconds(10)));
  EXPECT_EQ(traced.attached().FinishTrace(At(1)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(traced.attached().StartTrace(At(1), kLength).code(),
            absl::StatusCode::kFailedPrecondition);
  // RocksDB has room for another trace: ours is gone.
  std::atomic<int> records = 0;
  EXPECT_TRUE(StartHostTrace(traced.db(), &records).ok());
}

TEST(TraceBursts, EndWithADatabaseThatIsDeletedInTheMiddle) {
  auto options = OptionsWith(rocksdb::NewLRUCache(1 << 20, 0));
  InstrumentOptionsOf(&options, {});
  auto db = std::make_unique<TempDb>(options);
  auto attached = AttachedDb::Attach(db->get(), {}, "test");
  ASSERT_OK(attached);
  ASSERT_OK((*attached)->StartTrace(At(0), kLength));
  db.reset();
  EXPECT_EQ((*attached)->FinishTrace(At(1)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(TraceBursts, StartAndStopFiftyTimesUnderLoad) {
  TracedDb traced;
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&, i] {
      while (!stop) traced.Read(0, i * 5000, i * 5000 + 500);
    });
  }
  uint64_t sampled = 0;
  for (int burst = 0; burst < 50; ++burst) {
    const TraceFacts facts = traced.Burst([&] { traced.Read(0, 0, 200); });
    ASSERT_EQ(facts.curves.size(), 1);
    sampled += facts.curves[0].accesses;
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(sampled, 0);
}

}  // namespace
}  // namespace rocktune
