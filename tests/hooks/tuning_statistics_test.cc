#include "hooks/tuning_statistics.h"

#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "rocksdb/statistics.h"
#include "rocksdb/write_batch.h"
#include "tests/hooks/observed_db.h"

namespace rocktune {
namespace {

std::string Key(int i) { return "key" + std::to_string(100000 + i); }

TEST(TuningStatistics, CountsWhatTheWorkloadDid) {
  ObservedDb db;
  db.Cut();
  for (int i = 0; i < 300; ++i) db.Put(Key(i), std::string(100, 'v'));
  db.Flush();
  for (int i = 0; i < 200; ++i) db.Get(Key(i));
  std::vector<rocksdb::Slice> keys = {"key100001", "key100002", "none"};
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db->MultiGet(rocksdb::ReadOptions(), db->DefaultColumnFamily(), keys.size(),
               keys.data(), values.data(), statuses.data());
  {
    std::unique_ptr<rocksdb::Iterator> it(
        db->NewIterator(rocksdb::ReadOptions()));
    it->Seek(Key(7));
    for (int i = 0; i < 5; ++i) it->Next();
    it->Seek(Key(100));
  }

  Window window = db.Cut();
  EXPECT_TRUE(window.has_tickers);
  EXPECT_TRUE(window.has_latencies);
  EXPECT_EQ(window.op(OpKind::kWrite).count, 300u);
  EXPECT_EQ(window.op(OpKind::kGet).count, 200u);
  EXPECT_EQ(window.op(OpKind::kMultiGet).count, 1u);
  EXPECT_EQ(window.op(OpKind::kSeek).count, 2u);
  EXPECT_EQ(window.ticker(Ticker::kMultiGetKeysRead), 3u);
  EXPECT_EQ(window.ticker(Ticker::kMultiGetKeysFound), 2u);
  EXPECT_EQ(window.ticker(Ticker::kNexts), 5u);
  EXPECT_EQ(window.ticker(Ticker::kBytesRead), 200u * 100u);
  EXPECT_EQ(window.ticker(Ticker::kKeysWritten), 300u);
  EXPECT_GT(window.ticker(Ticker::kFlushWriteBytes), 0u);
  EXPECT_GT(window.ticker(Ticker::kBlockCacheDataHit), 0u);
  EXPECT_EQ(window.ticker(Ticker::kGetHitL0), 202u);  // MultiGet too
}

TEST(TuningStatistics, ASecondCutHasOnlyWhatCameSince) {
  ObservedDb db;
  for (int i = 0; i < 10; ++i) db.Put(Key(i), "v");
  EXPECT_EQ(db.Cut().op(OpKind::kWrite).count, 10u);
  EXPECT_EQ(db.Cut().op(OpKind::kWrite).count, 0u);
  db.Put(Key(1), "v");
  EXPECT_EQ(db.Cut().op(OpKind::kWrite).count, 1u);
}

TEST(TuningStatistics, TimesEveryOperationWhenAskedTo) {
  ObservedDb db(QuietOptions(), {.sample_one_in = 1});
  db.Cut();
  for (int i = 0; i < 100; ++i) db.Put(Key(i), "v");
  for (int i = 0; i < 50; ++i) db.Get(Key(i));
  Window window = db.Cut();
  EXPECT_EQ(window.op(OpKind::kWrite).samples, 100u);
  EXPECT_EQ(window.op(OpKind::kGet).samples, 50u);
  EXPECT_GE(window.op(OpKind::kWrite).latency_us_p99,
            window.op(OpKind::kWrite).latency_us_p50);
}

TEST(TuningStatistics, TimesAboutOneOperationInN) {
  ObservedDb db(QuietOptions(), {.sample_one_in = 8});
  db.Put("a", "v");
  db.Cut();
  for (int i = 0; i < 8000; ++i) db.Get("a");
  // 1000 expected; the distances are drawn from 1 .. 15, so that the number
  // scatters by about 17.
  uint64_t samples = db.Cut().op(OpKind::kGet).samples;
  EXPECT_GT(samples, 850u);
  EXPECT_LT(samples, 1150u);
}

// Of `calls` lookups, in a window of their own.
uint64_t SamplesOf(TuningStatistics& statistics, int calls) {
  Window window;
  statistics.Cut(&window);
  for (int i = 0; i < calls; ++i) {
    if (statistics.HistEnabledForType(rocksdb::DB_GET)) {
      statistics.reportTimeToHistogram(rocksdb::DB_GET, 5);
    }
  }
  statistics.Cut(&window);
  return window.op(OpKind::kGet).samples;
}

// As if a window of `length` had had `calls` of them.
void Pace(TuningStatistics& statistics, uint64_t calls, absl::Duration length) {
  Window window;
  window.length = length;
  window.op(OpKind::kGet).count = calls;
  statistics.PaceSamples(window, /*samples_per_s=*/2000);
  SamplesOf(statistics, 64);  // countdowns that had begun run out
}

TEST(TuningStatistics, TimesEveryCallOfASlowLoad) {
  TuningStatistics statistics(nullptr, 32);
  Pace(statistics, 100, absl::Seconds(1));
  EXPECT_EQ(SamplesOf(statistics, 1000), 1000u);
  Pace(statistics, 1600, absl::Milliseconds(100));
  EXPECT_NEAR(static_cast<double>(SamplesOf(statistics, 8000)), 1000, 150);
  Window window;
  statistics.Cut(&window);
  EXPECT_EQ(window.sampled_one_in, 8);
}

TEST(TuningStatistics, NeverTimesLessThanItWasToldTo) {
  TuningStatistics statistics(nullptr, 32);
  Pace(statistics, 1'000'000'000, absl::Seconds(1));
  EXPECT_NEAR(static_cast<double>(SamplesOf(statistics, 32'000)), 1000, 150);
}

TEST(TuningStatistics, ForgetsAFastLoadWithinSeconds) {
  TuningStatistics statistics(nullptr, 32);
  Pace(statistics, 1'000'000, absl::Seconds(1));
  Pace(statistics, 0, absl::Seconds(1));  // a lull
  EXPECT_LT(SamplesOf(statistics, 8000), 400u);
  for (int window = 0; window < 25; ++window) {
    Pace(statistics, 0, absl::Seconds(1));
  }
  EXPECT_EQ(SamplesOf(statistics, 1000), 1000u);
}

TEST(TuningStatistics, IsNotPacedByWindowsTooLongToNoticeABurst) {
  TuningStatistics statistics(nullptr, 32);
  Pace(statistics, 0, absl::Seconds(1));
  Pace(statistics, 0, absl::Minutes(1));
  EXPECT_LT(SamplesOf(statistics, 8000), 400u);
}

TEST(TuningStatistics, TimesAsItWasToldToWhenNobodyCutsWindows) {
  TuningStatistics statistics(nullptr, 32);
  Pace(statistics, 0, absl::Seconds(1));
  statistics.StopPacing();
  SamplesOf(statistics, 64);
  EXPECT_LT(SamplesOf(statistics, 8000), 400u);
}

TEST(TuningStatistics, WindowsAddUpToTheTotalUnderManyThreads) {
  constexpr int kThreads = 4;
  constexpr uint64_t kEach = 200000;
  TuningStatistics statistics(nullptr, 32);
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (uint64_t i = 0; i < kEach; ++i) {
        statistics.recordTick(rocksdb::NUMBER_KEYS_READ, 1);
        statistics.recordTick(rocksdb::BYTES_READ, 100);
        if (statistics.HistEnabledForType(rocksdb::DB_GET)) {
          statistics.reportTimeToHistogram(rocksdb::DB_GET, i % 100);
        }
      }
      running.fetch_sub(1);
    });
  }
  uint64_t reads = 0;
  uint64_t bytes = 0;
  uint64_t samples = 0;
  auto add = [&] {
    Window window;
    statistics.Cut(&window);
    reads += window.op(OpKind::kGet).count;
    bytes += window.ticker(Ticker::kBytesRead);
    samples += window.op(OpKind::kGet).samples;
  };
  while (running.load() > 0) add();
  for (std::thread& thread : threads) thread.join();
  add();
  EXPECT_EQ(reads, kThreads * kEach);
  EXPECT_EQ(bytes, kThreads * kEach * 100);
  EXPECT_GT(samples, 0u);
  EXPECT_EQ(statistics.getTickerCount(rocksdb::NUMBER_KEYS_READ), reads);
  rocksdb::HistogramData data;
  statistics.histogramData(rocksdb::DB_GET, &data);
  EXPECT_EQ(data.count, samples);
}

TEST(TuningStatistics, MayDieBeforeTheThreadsThatCounted) {
  auto first = std::make_unique<TuningStatistics>(nullptr, 32);
  first->recordTick(rocksdb::NUMBER_KEYS_READ, 5);
  first.reset();
  TuningStatistics second(nullptr, 32);
  second.recordTick(rocksdb::NUMBER_KEYS_READ, 1);
  EXPECT_EQ(second.getTickerCount(rocksdb::NUMBER_KEYS_READ), 1u);
}

TEST(TuningStatistics, KeepsObjectsUsedByOneThreadApart) {
  TuningStatistics one(nullptr, 32);
  TuningStatistics two(nullptr, 32);
  for (int i = 0; i < 100; ++i) {
    one.recordTick(rocksdb::NUMBER_KEYS_READ, 1);
    two.recordTick(rocksdb::NUMBER_KEYS_READ, 2);
  }
  EXPECT_EQ(one.getTickerCount(rocksdb::NUMBER_KEYS_READ), 100u);
  EXPECT_EQ(two.getTickerCount(rocksdb::NUMBER_KEYS_READ), 200u);
}

// Counts from a destructor that runs after the thread's shards are gone.
struct CountsAtThreadExit {
  TuningStatistics* statistics = nullptr;
  ~CountsAtThreadExit() {
    statistics->recordTick(rocksdb::NUMBER_KEYS_READ, 10);
    (void)statistics->HistEnabledForType(rocksdb::DB_GET);
  }
};

TEST(TuningStatistics, CountsWhatAThreadDoesWhileItEnds) {
  TuningStatistics statistics(nullptr, 1);
  std::thread([&] {
    // Made before the first count, hence destroyed after the shards.
    thread_local CountsAtThreadExit at_exit;
    at_exit.statistics = &statistics;
    statistics.recordTick(rocksdb::NUMBER_KEYS_READ, 1);
  }).join();
  EXPECT_EQ(statistics.getTickerCount(rocksdb::NUMBER_KEYS_READ), 11u);
}

TEST(TuningStatistics, ResetHidesTheCountsFromReadersButNotFromWindows) {
  TuningStatistics statistics(nullptr, 1);
  statistics.recordTick(rocksdb::NUMBER_KEYS_READ, 7);
  statistics.reportTimeToHistogram(rocksdb::DB_GET, 3);
  ASSERT_TRUE(statistics.Reset().ok());
  EXPECT_EQ(statistics.getTickerCount(rocksdb::NUMBER_KEYS_READ), 0u);
  rocksdb::HistogramData data;
  statistics.histogramData(rocksdb::DB_GET, &data);
  EXPECT_EQ(data.count, 0u);
  statistics.recordTick(rocksdb::NUMBER_KEYS_READ, 2);
  EXPECT_EQ(statistics.getAndResetTickerCount(rocksdb::NUMBER_KEYS_READ), 2u);
  statistics.setTickerCount(rocksdb::NUMBER_KEYS_READ, 40);
  EXPECT_EQ(statistics.getTickerCount(rocksdb::NUMBER_KEYS_READ), 40u);
  Window window;
  statistics.Cut(&window);
  EXPECT_EQ(window.op(OpKind::kGet).count, 9u);
  EXPECT_EQ(window.op(OpKind::kGet).samples, 1u);
}

}  // namespace
}  // namespace rocktune
