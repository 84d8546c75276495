// A host that has its own Statistics must not see a difference.
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hooks/tuning_statistics.h"
#include "rocksdb/statistics.h"
#include "tests/hooks/observed_db.h"

namespace rocktune {
namespace {

std::string Key(int i) { return "key" + std::to_string(100000 + i); }

// One thread, no background work of its own accord: the same every time.
void RunWorkload(ObservedDb* db) {
  for (int i = 0; i < 500; ++i) db->Put(Key(i), std::string(80, 'v'));
  db->Flush();
  for (int i = 0; i < 700; ++i) db->Get(Key(i));
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE((*db)->Delete(rocksdb::WriteOptions(), Key(i)).ok());
  }
  db->Flush();
  db->CompactAll();
  std::vector<rocksdb::Slice> keys = {"key100051", "key100052", "none"};
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  for (int i = 0; i < 20; ++i) {
    for (rocksdb::PinnableSlice& value : values) value.Reset();
    (*db)->MultiGet(rocksdb::ReadOptions(), (*db)->DefaultColumnFamily(),
                    keys.size(), keys.data(), values.data(), statuses.data());
  }
  std::unique_ptr<rocksdb::Iterator> it(
      (*db)->NewIterator(rocksdb::ReadOptions()));
  for (int i = 0; i < 60; ++i) {
    it->Seek(Key(i * 8));
    for (int n = 0; n < 3 && it->Valid(); ++n) it->Next();
  }
}

struct Numbers {
  std::map<std::string, uint64_t> tickers;
  std::map<std::string, uint64_t> histogram_counts;
};

bool Contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

Numbers NumbersOf(const rocksdb::Statistics& statistics) {
  Numbers numbers;
  for (const auto& [type, name] : rocksdb::TickersNameMap) {
    // Durations differ from run to run, and so do bytes in the cache, which
    // RocksDB counts as malloc rounds them.
    if (Contains(name, "micros") || Contains(name, "nanos") ||
        (Contains(name, "cache") && Contains(name, "bytes"))) {
      continue;
    }
    numbers.tickers[name] = statistics.getTickerCount(type);
  }
  for (const auto& [type, name] : rocksdb::HistogramsNameMap) {
    rocksdb::HistogramData data;
    statistics.histogramData(type, &data);
    numbers.histogram_counts[name] = data.count;
  }
  return numbers;
}

Numbers NumbersAt(rocksdb::StatsLevel level, bool observed) {
  rocksdb::Options options = QuietOptions();
  std::shared_ptr<rocksdb::Statistics> host = rocksdb::CreateDBStatistics();
  host->set_stats_level(level);
  options.statistics = host;
  if (observed) {
    ObservedDb db(options, {.sample_one_in = 4});
    RunWorkload(&db);
    EXPECT_GT(db.Cut().op(OpKind::kGet).count, 0u);
  } else {
    ObservedDb db(ObservedDb::Plain{}, options);
    RunWorkload(&db);
  }
  return NumbersOf(*host);
}

TEST(HostStatistics, AreThoseOfARunWithoutUsAtEveryLevel) {
  for (int level = rocksdb::kDisableAll; level <= rocksdb::kAll; ++level) {
    auto stats_level = static_cast<rocksdb::StatsLevel>(level);
    Numbers without = NumbersAt(stats_level, /*observed=*/false);
    Numbers with = NumbersAt(stats_level, /*observed=*/true);
    for (const auto& [name, count] : without.tickers) {
      EXPECT_EQ(with.tickers[name], count) << name << ", level " << level;
    }
    for (const auto& [name, count] : without.histogram_counts) {
      EXPECT_EQ(with.histogram_counts[name], count)
          << name << ", level " << level;
    }
  }
}

TEST(HostStatistics, DoNotStopOurOwnCountingAndSampling) {
  rocksdb::Options options = QuietOptions();
  options.statistics = rocksdb::CreateDBStatistics();
  ObservedDb db(options, {.sample_one_in = 2});
  db.Put("a", "v");
  db.Cut();
  for (int i = 0; i < 2000; ++i) db.Get("a");
  Window window = db.Cut();
  EXPECT_EQ(window.op(OpKind::kGet).count, 2000u);
  EXPECT_GT(window.op(OpKind::kGet).samples, 700u);
  EXPECT_LT(window.op(OpKind::kGet).samples, 1300u);
}

TEST(HostStatistics, AnswerThroughOurObject) {
  rocksdb::Options options = QuietOptions();
  std::shared_ptr<rocksdb::Statistics> host = rocksdb::CreateDBStatistics();
  options.statistics = host;
  ObservedDb db(options);
  RunWorkload(&db);
  std::shared_ptr<rocksdb::Statistics> seen = db->GetDBOptions().statistics;
  EXPECT_EQ(NumbersOf(*seen).tickers, NumbersOf(*host).tickers);
  EXPECT_EQ(seen->ToString(), host->ToString());
  EXPECT_EQ(seen->getHistogramString(rocksdb::DB_GET),
            host->getHistogramString(rocksdb::DB_GET));
  std::map<std::string, uint64_t> map;
  EXPECT_TRUE(seen->getTickerMap(&map));
  EXPECT_FALSE(map.empty());
  uint64_t reads = host->getTickerCount(rocksdb::NUMBER_KEYS_READ);
  EXPECT_EQ(seen->getAndResetTickerCount(rocksdb::NUMBER_KEYS_READ), reads);
  EXPECT_EQ(host->getTickerCount(rocksdb::NUMBER_KEYS_READ), 0u);
  EXPECT_TRUE(seen->Reset().ok());
  EXPECT_EQ(host->getTickerCount(rocksdb::NUMBER_KEYS_WRITTEN), 0u);
  // Resetting is the host's business: our windows go on.
  EXPECT_EQ(db.Cut().op(OpKind::kWrite).count, 550u);
}

TEST(HostStatistics, KeepOneLevelWhicheverObjectIsSet) {
  std::shared_ptr<rocksdb::Statistics> host = rocksdb::CreateDBStatistics();
  host->set_stats_level(rocksdb::kExceptTimers);
  TuningStatistics ours(host, 32);
  EXPECT_EQ(ours.get_stats_level(), rocksdb::kExceptTimers);
  host->set_stats_level(rocksdb::kAll);
  ours.recordTick(rocksdb::NUMBER_KEYS_READ, 1);
  EXPECT_EQ(ours.get_stats_level(), rocksdb::kAll);
  ours.set_stats_level(rocksdb::kExceptTickers);
  ours.recordTick(rocksdb::NUMBER_KEYS_READ, 1);
  EXPECT_EQ(host->get_stats_level(), rocksdb::kExceptTickers);
  EXPECT_EQ(host->getTickerCount(rocksdb::NUMBER_KEYS_READ), 1u);
}

// Wants no timing at all and says so.
class UntimedStatistics : public rocksdb::Statistics {
 public:
  const char* Name() const override { return "Untimed"; }
  uint64_t getTickerCount(uint32_t) const override { return ticks; }
  void histogramData(uint32_t, rocksdb::HistogramData*) const override {}
  void recordTick(uint32_t, uint64_t) override { ++ticks; }
  void setTickerCount(uint32_t, uint64_t) override {}
  uint64_t getAndResetTickerCount(uint32_t) override { return 0; }
  bool HistEnabledForType(uint32_t) const override { return false; }
  void recordInHistogram(uint32_t type, uint64_t) override { ++reports[type]; }
  uint64_t ticks = 0;
  std::map<uint32_t, int> reports;
};

TEST(HostStatistics, AreNotToldOfSamplesTheyDidNotAskFor) {
  auto host = std::make_shared<UntimedStatistics>();
  TuningStatistics ours(host, 1);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(ours.HistEnabledForType(rocksdb::DB_GET));
    ours.reportTimeToHistogram(rocksdb::DB_GET, 5);
  }
  EXPECT_FALSE(ours.HistEnabledForType(rocksdb::SST_READ_MICROS));
  EXPECT_EQ(host->reports.count(rocksdb::DB_GET), 0u);
  // Reported without asking: theirs as before.
  ours.reportTimeToHistogram(rocksdb::DB_GET, 5);
  EXPECT_EQ(host->reports[rocksdb::DB_GET], 1);
  Window window;
  ours.Cut(&window);
  EXPECT_EQ(window.op(OpKind::kGet).samples, 10u);
}

}  // namespace
}  // namespace rocktune
