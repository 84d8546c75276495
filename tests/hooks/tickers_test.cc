#include "hooks/tickers.h"

#include <set>
#include <string>

#include "gtest/gtest.h"
#include "rocksdb/statistics.h"

namespace rocktune {
namespace {

TEST(Tickers, AreAllFoundInTheLoadedLibrary) {
  TickerTable table;
  std::set<std::string> names;
  for (int i = 0; i < kTickers; ++i) {
    auto ticker = static_cast<Ticker>(i);
    EXPECT_TRUE(table.Has(ticker)) << std::string(RocksdbName(ticker));
    names.insert(std::string(RocksdbName(ticker)));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(kTickers));
}

TEST(Tickers, AreNumberedAsTheLoadedLibraryNumbersThem) {
  TickerTable table;
  EXPECT_EQ(table.IndexOf(rocksdb::BLOCK_CACHE_HIT),
            static_cast<uint8_t>(Ticker::kBlockCacheHit));
  EXPECT_EQ(table.IndexOf(rocksdb::NUMBER_KEYS_READ),
            static_cast<uint8_t>(Ticker::kKeysRead));
  EXPECT_EQ(table.IndexOf(rocksdb::STALL_MICROS),
            static_cast<uint8_t>(Ticker::kStallMicros));
  EXPECT_EQ(table.IndexOf(rocksdb::GET_HIT_L2_AND_UP),
            static_cast<uint8_t>(Ticker::kGetHitL2AndUp));
  EXPECT_EQ(table.IndexOf(rocksdb::COMPACTION_KEY_DROP_USER), kUnusedTicker);
  HistogramTable histograms;
  EXPECT_EQ(histograms.IndexOf(rocksdb::DB_SEEK),
            static_cast<uint8_t>(OpKind::kSeek));
  EXPECT_EQ(histograms.IndexOf(rocksdb::DB_MULTIGET),
            static_cast<uint8_t>(OpKind::kMultiGet));
  EXPECT_EQ(histograms.IndexOf(rocksdb::BYTES_PER_READ), kUnusedHistogram);
  EXPECT_EQ(histograms.IndexOf(rocksdb::HISTOGRAM_ENUM_MAX), kUnusedHistogram);
}

TEST(Tickers, HaveNumbersBelowTheSizeOfOurTable) {
  for (const auto& [type, name] : rocksdb::TickersNameMap) {
    EXPECT_LT(static_cast<uint32_t>(type), TickerTable::kSize) << name;
  }
  for (const auto& [type, name] : rocksdb::HistogramsNameMap) {
    EXPECT_LT(static_cast<uint32_t>(type), HistogramTable::kSize) << name;
  }
}

}  // namespace
}  // namespace rocktune
