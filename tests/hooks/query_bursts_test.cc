// The query trace in bursts on a real database, beside a host's own.
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/attached_db.h"
#include "hooks/instrumentation.h"
#include "rocksdb/trace_reader_writer.h"
#include "tests/hooks/temp_db.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using testing::DoubleNear;
using testing::Optional;

constexpr absl::Duration kLength = absl::Seconds(2);
constexpr bool kWrites = true;

absl::Time At(int seconds) {
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

std::string KeyOf(int number) {
  return "key-" + std::to_string(10'000 + number);
}

// A trace as a host would have it.
class HostTrace : public rocksdb::TraceWriter {
 public:
  explicit HostTrace(std::atomic<int>* records) : records_(records) {}
  rocksdb::Status Write(const rocksdb::Slice&) override {
    ++*records_;
    return rocksdb::Status::OK();
  }
  rocksdb::Status Close() override { return rocksdb::Status::OK(); }
  uint64_t GetFileSize() override { return 0; }

 private:
  std::atomic<int>* const records_;
};

class QueryBursts : public testing::Test {
 protected:
  QueryBursts() {
    rocksdb::Options options;
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;
    InstrumentOptionsOf(&options, {});
    db_ = std::make_unique<TempDb>(options);
    auto attached = AttachedDb::Attach(db_->get(), db_->handles(), "test");
    EXPECT_OK(attached);
    attached_ = *std::move(attached);
    attached_->Sample(At(-2));
    Put(KeyOf(0));
    attached_->Sample(At(-1));  // one write in a second: all are traced
  }
  ~QueryBursts() override { attached_.reset(); }

  rocksdb::DB* db() { return db_->get(); }
  void Put(const std::string& key) {
    EXPECT_TRUE(
        db()->Put(rocksdb::WriteOptions(), key, std::string(50, 'v')).ok());
  }
  void Delete(const std::string& key) {
    EXPECT_TRUE(db()->Delete(rocksdb::WriteOptions(), key).ok());
  }
  void StartHostTrace(std::atomic<int>* records) {
    EXPECT_TRUE(db()->StartTrace(rocksdb::TraceOptions(),
                                 std::make_unique<HostTrace>(records))
                    .ok());
  }
  // RocksDB has no trace to end: nobody traces.
  bool NobodyTraces() { return !db()->EndTrace().ok(); }

  TraceFacts Burst(bool writes, const std::function<void()>& work) {
    EXPECT_OK(attached_->StartTrace(At(0), kLength, writes));
    work();
    auto facts = attached_->FinishTrace(At(2));
    EXPECT_OK(facts);
    return facts.ok() ? *std::move(facts) : TraceFacts();
  }

  std::unique_ptr<TempDb> db_;
  std::unique_ptr<AttachedDb> attached_;
};

TEST_F(QueryBursts, TellSharesOfUpdatesAndDeletes) {
  const TraceFacts facts = Burst(kWrites, [this] {
    for (int i = 0; i < 900; ++i) Put(KeyOf(i % 300));
    for (int i = 0; i < 100; ++i) Delete(KeyOf(i));
  });
  EXPECT_THAT(facts.delete_share, Optional(DoubleNear(0.1, 1e-9)));
  EXPECT_THAT(facts.update_share, Optional(DoubleNear(0.6, 1e-9)));
  EXPECT_EQ(facts.key_bytes_mean, 9);
  EXPECT_EQ(facts.value_bytes_mean, 50);
  ASSERT_TRUE(facts.written_keys);
  EXPECT_EQ(facts.written_keys->distinct_keys, 300);
  EXPECT_EQ(facts.written_keys->working_set_bytes, 300 * 59);
  EXPECT_TRUE(NobodyTraces());
}

// Writes that come faster than the burst can hold. Bounds of 5 deviations.
TEST_F(QueryBursts, TellSharesFromASampleToo) {
  attached_->Sample(At(0));
  for (int i = 0; i < 60'000; ++i) Put(KeyOf(0));
  attached_->Sample(At(1));  // 60 000 writes in a second: one in two is taken
  const TraceFacts facts = Burst(kWrites, [this] {
    for (int i = 0; i < 20'000; ++i) {
      if (i % 4 == 0) {
        Delete(KeyOf(i));
      } else {
        Put(KeyOf(i % 3000));
      }
    }
  });
  EXPECT_THAT(facts.delete_share, Optional(DoubleNear(0.25, 0.022)));
  EXPECT_THAT(facts.update_share,
              Optional(DoubleNear(0.75 - 2250.0 / 20'000, 0.022)));
  EXPECT_NE(facts.delete_share, 0.25);  // a sample indeed
}

TEST_F(QueryBursts, HaveNoWritesWithoutOptIn) {
  const TraceFacts facts = Burst(!kWrites, [this] {
    for (int i = 0; i < 1000; ++i) Put(KeyOf(i));
    EXPECT_TRUE(NobodyTraces());
  });
  EXPECT_FALSE(facts.update_share);
  EXPECT_FALSE(facts.delete_share);
  EXPECT_FALSE(facts.written_keys);
}

TEST_F(QueryBursts, LeaveTheHostsTraceAloneWithoutOptIn) {
  std::atomic<int> records = 0;
  StartHostTrace(&records);
  ASSERT_EQ(records, 1);  // the head
  Burst(!kWrites, [this] { Put("a"); });
  EXPECT_OK(attached_->StartTrace(At(60), kLength));
  Put("a");
  ASSERT_OK(attached_->Detach(absl::Seconds(10)));
  Put("a");
  EXPECT_EQ(records, 4);
  EXPECT_TRUE(db()->EndTrace().ok());
  EXPECT_EQ(records, 5);
}

TEST_F(QueryBursts, LeaveTheTraceAloneThatTheHostPutInPlaceOfOurs) {
  std::atomic<int> records = 0;
  const TraceFacts facts = Burst(kWrites, [&] {
    for (int i = 0; i < 200; ++i) Put(KeyOf(i));
    StartHostTrace(&records);
  });
  EXPECT_FALSE(facts.delete_share);
  EXPECT_FALSE(facts.curves.empty());
  Put("a");
  EXPECT_EQ(records, 2);
  EXPECT_TRUE(db()->EndTrace().ok());
}

TEST_F(QueryBursts, AreEndedAlsoWhereTheHostEndsTheTraceOfBlocks) {
  ASSERT_OK(attached_->StartTrace(At(0), kLength, kWrites));
  ASSERT_TRUE(db()->EndBlockCacheTrace().ok());
  EXPECT_EQ(attached_->FinishTrace(At(1)).status().code(),
            absl::StatusCode::kAborted);
  EXPECT_TRUE(NobodyTraces());
}

TEST_F(QueryBursts, DoNotBeginWhereTheHostTracesBlocks) {
  class Blocks : public rocksdb::BlockCacheTraceWriter {
    rocksdb::Status WriteHeader() override { return rocksdb::Status::OK(); }
    rocksdb::Status WriteBlockAccess(const rocksdb::BlockCacheTraceRecord&,
                                     const rocksdb::Slice&,
                                     const rocksdb::Slice&,
                                     const rocksdb::Slice&) override {
      return rocksdb::Status::OK();
    }
  };
  ASSERT_TRUE(db()->StartBlockCacheTrace(rocksdb::BlockCacheTraceOptions(),
                                         std::make_unique<Blocks>())
                  .ok());
  EXPECT_EQ(attached_->StartTrace(At(0), kLength, kWrites).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_TRUE(NobodyTraces());
}

TEST_F(QueryBursts, LeaveNothingBehindAfterADetachInTheMiddle) {
  ASSERT_OK(attached_->StartTrace(At(0), kLength, kWrites));
  for (int i = 0; i < 200; ++i) Put(KeyOf(i));
  ASSERT_OK(attached_->Detach(absl::Seconds(10)));
  EXPECT_TRUE(NobodyTraces());
  EXPECT_EQ(attached_->FinishTrace(At(1)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(attached_->StartTrace(At(1), kLength, kWrites).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(NobodyTraces());
}

TEST_F(QueryBursts, EndWithTheirOwner) {
  ASSERT_OK(attached_->StartTrace(At(0), kLength, kWrites));
  attached_.reset();
  EXPECT_TRUE(NobodyTraces());
}

TEST_F(QueryBursts, EndWithADatabaseThatIsDeletedInTheMiddle) {
  ASSERT_OK(attached_->StartTrace(At(0), kLength, kWrites));
  Put("a");
  db_.reset();
  EXPECT_EQ(attached_->FinishTrace(At(1)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(QueryBursts, StartAndStopFiftyTimesUnderLoad) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> writers;
  for (int i = 0; i < 3; ++i) {
    writers.emplace_back([&] {
      while (!stop) Put("busy");
    });
  }
  for (int burst = 0; burst < 50; ++burst) {
    const TraceFacts facts = Burst(kWrites, [this] {
      for (int i = 0; i < 200; ++i) Put(KeyOf(i % 100));
    });
    EXPECT_THAT(facts.delete_share, Optional(0));
    EXPECT_GT(facts.update_share, 0);
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
  EXPECT_TRUE(NobodyTraces());
}

}  // namespace
}  // namespace rocktune
