#include "hooks/tickers.h"

#include <string>

#include "rocksdb/statistics.h"

namespace rocktune {
namespace {

struct TickerRow {
  Ticker ticker;
  const char* name;
};

constexpr TickerRow kTickerRows[] = {
    {Ticker::kBlockCacheHit, "rocksdb.block.cache.hit"},
    {Ticker::kBlockCacheMiss, "rocksdb.block.cache.miss"},
    {Ticker::kBlockCacheDataHit, "rocksdb.block.cache.data.hit"},
    {Ticker::kBlockCacheDataMiss, "rocksdb.block.cache.data.miss"},
    {Ticker::kBlockCacheIndexMiss, "rocksdb.block.cache.index.miss"},
    {Ticker::kBlockCacheFilterMiss, "rocksdb.block.cache.filter.miss"},
    {Ticker::kBloomUseful, "rocksdb.bloom.filter.useful"},
    {Ticker::kBloomFullPositive, "rocksdb.bloom.filter.full.positive"},
    {Ticker::kBloomFullTruePositive, "rocksdb.bloom.filter.full.true.positive"},
    {Ticker::kMemtableHit, "rocksdb.memtable.hit"},
    {Ticker::kMemtableMiss, "rocksdb.memtable.miss"},
    {Ticker::kGetHitL0, "rocksdb.l0.hit"},
    {Ticker::kGetHitL1, "rocksdb.l1.hit"},
    {Ticker::kGetHitL2AndUp, "rocksdb.l2andup.hit"},
    {Ticker::kKeysWritten, "rocksdb.number.keys.written"},
    {Ticker::kKeysRead, "rocksdb.number.keys.read"},
    {Ticker::kBytesWritten, "rocksdb.bytes.written"},
    {Ticker::kBytesRead, "rocksdb.bytes.read"},
    {Ticker::kMultiGetCalls, "rocksdb.number.multiget.get"},
    {Ticker::kMultiGetKeysRead, "rocksdb.number.multiget.keys.read"},
    {Ticker::kMultiGetKeysFound, "rocksdb.number.multiget.keys.found"},
    {Ticker::kMultiGetBytesRead, "rocksdb.number.multiget.bytes.read"},
    {Ticker::kSeeks, "rocksdb.number.db.seek"},
    {Ticker::kSeeksFound, "rocksdb.number.db.seek.found"},
    {Ticker::kNexts, "rocksdb.number.db.next"},
    {Ticker::kPrevs, "rocksdb.number.db.prev"},
    {Ticker::kIterBytesRead, "rocksdb.db.iter.bytes.read"},
    {Ticker::kWriteDoneBySelf, "rocksdb.write.self"},
    {Ticker::kWriteDoneByOther, "rocksdb.write.other"},
    {Ticker::kWalBytes, "rocksdb.wal.bytes"},
    {Ticker::kWalSyncs, "rocksdb.wal.synced"},
    {Ticker::kStallMicros, "rocksdb.stall.micros"},
    {Ticker::kFlushWriteBytes, "rocksdb.flush.write.bytes"},
    {Ticker::kCompactReadBytes, "rocksdb.compact.read.bytes"},
    {Ticker::kCompactWriteBytes, "rocksdb.compact.write.bytes"},
};
static_assert(std::size(kTickerRows) == kTickers);

struct LatencyRow {
  OpKind kind;
  const char* name;
};

constexpr LatencyRow kLatencyRows[] = {
    {OpKind::kGet, "rocksdb.db.get.micros"},
    {OpKind::kMultiGet, "rocksdb.db.multiget.micros"},
    {OpKind::kWrite, "rocksdb.db.write.micros"},
    {OpKind::kSeek, "rocksdb.db.seek.micros"},
};
static_assert(std::size(kLatencyRows) == kOpKinds);

}  // namespace

absl::string_view RocksdbName(Ticker ticker) {
  for (const TickerRow& row : kTickerRows) {
    if (row.ticker == ticker) return row.name;
  }
  return "";
}

absl::string_view RocksdbName(OpKind latency) {
  for (const LatencyRow& row : kLatencyRows) {
    if (row.kind == latency) return row.name;
  }
  return "";
}

TickerTable::TickerTable() {
  index_.fill(kUnusedTicker);
  for (const auto& [type, name] : rocksdb::TickersNameMap) {
    for (const TickerRow& row : kTickerRows) {
      if (name != row.name || type >= kSize) continue;
      index_[type] = static_cast<uint8_t>(row.ticker);
      has_[static_cast<size_t>(row.ticker)] = true;
    }
  }
}

HistogramTable::HistogramTable() {
  index_.fill(kUnusedHistogram);
  for (const auto& [type, name] : rocksdb::HistogramsNameMap) {
    for (const LatencyRow& row : kLatencyRows) {
      if (name != row.name || type >= kSize) continue;
      index_[type] = static_cast<uint8_t>(row.kind);
    }
  }
}

}  // namespace rocktune
