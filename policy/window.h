// Counters and latencies of one sampling interval of one database. Everything
// an advisor, the objective and the guardrails know about a database is here.
#ifndef ROCKTUNE_POLICY_WINDOW_H_
#define ROCKTUNE_POLICY_WINDOW_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rocktune {

enum class OpKind { kGet, kMultiGet, kWrite, kSeek };
inline constexpr int kOpKinds = 4;
absl::string_view ToString(OpKind kind);

// One kind of operation. `count` is exact (from tickers; for writes: write
// calls). Latencies come from `samples` sampled calls, inside RocksDB, whole
// microseconds at the source; they are 0 when samples == 0.
struct OpStats {
  uint64_t count = 0;
  uint64_t samples = 0;
  double latency_us_mean = 0;
  double latency_us_p50 = 0;
  double latency_us_p99 = 0;
};

// The RocksDB tickers we use, as deltas over the window. Resolved by name at
// run time ("rocksdb.block.cache.hit"); one row each in the ticker table.
enum class Ticker {
  kBlockCacheHit,
  kBlockCacheMiss,
  kBlockCacheDataHit,
  kBlockCacheDataMiss,
  kBlockCacheIndexMiss,
  kBlockCacheFilterMiss,
  kBloomUseful,
  kBloomFullPositive,
  kBloomFullTruePositive,
  kMemtableHit,
  kMemtableMiss,
  kGetHitL0,
  kGetHitL1,
  kGetHitL2AndUp,
  kKeysWritten,
  kKeysRead,
  kBytesWritten,
  kBytesRead,
  kMultiGetCalls,
  kMultiGetKeysRead,
  kMultiGetKeysFound,
  kMultiGetBytesRead,
  kSeeks,
  kSeeksFound,
  kNexts,
  kPrevs,
  kIterBytesRead,
  kWriteDoneBySelf,
  kWriteDoneByOther,
  kWalBytes,
  kWalSyncs,
  kStallMicros,
  kFlushWriteBytes,
  kCompactReadBytes,
  kCompactWriteBytes,
};
inline constexpr int kTickers =
    static_cast<int>(Ticker::kCompactWriteBytes) + 1;

struct LevelShape {
  uint64_t files = 0;
  uint64_t bytes = 0;
};

// State at the end of the window.
struct ColumnFamilyShape {
  uint32_t id = 0;
  std::string name;
  std::vector<LevelShape> levels;  // index = level
  uint64_t immutable_memtables = 0;
  uint64_t active_memtable_bytes = 0;
  uint64_t all_memtable_bytes = 0;  // active + immutable, not pinned
  uint64_t pending_compaction_bytes = 0;
  uint64_t table_reader_bytes = 0;
  uint64_t estimated_keys = 0;
  uint64_t Bytes() const {
    uint64_t sum = 0;
    for (const LevelShape& level : levels) sum += level.bytes;
    return sum;
  }
};

// A block cache, by the option key's column family ("" = shared by all).
struct CacheShape {
  std::string column_family;
  uint64_t capacity_bytes = 0;
  uint64_t usage_bytes = 0;
  uint64_t pinned_bytes = 0;
};

// Stalls within the window. Counts by cause come from cfstats.
struct StallFacts {
  uint64_t delayed_write_rate = 0;  // bytes per second at the end; 0 = none
  bool writes_stopped = false;      // at the end
  uint64_t memtable_stalls = 0;     // delays + stops, deltas
  uint64_t l0_stalls = 0;
  uint64_t pending_bytes_stalls = 0;
  uint64_t stall_micros = 0;  // writer time lost, all writers summed
};

// From the event listener; all zero without Instrument().
struct EventFacts {
  uint64_t flushes = 0;
  uint64_t flush_bytes = 0;
  uint64_t compactions = 0;
  uint64_t compaction_read_bytes = 0;
  uint64_t compaction_write_bytes = 0;
  double compaction_cpu_s = 0;
  double compaction_elapsed_s = 0;
  uint64_t files_created = 0;
  uint64_t entries = 0;  // of created files
  uint64_t deletions = 0;
  uint64_t key_bytes = 0;
  uint64_t value_bytes = 0;
  uint64_t background_errors = 0;
  uint64_t stall_changes = 0;  // of the stall condition of any column family
  uint64_t stops = 0;          // of these: writes began to be stopped
  uint64_t dropped = 0;        // events lost because the ring was full
};

// The process, as deltas over the window unless named otherwise.
struct ProcessFacts {
  uint64_t cpu_us = 0;          // user + system, all threads
  uint64_t resident_bytes = 0;  // at the end
  uint64_t read_bytes = 0;      // block device, /proc/self/io
  uint64_t write_bytes = 0;
};

struct Window {
  std::string database;
  uint64_t number = 0;  // 1, 2, 3 ... since attach
  absl::Time start;
  absl::Duration length;
  std::array<OpStats, kOpKinds> ops;
  std::array<uint64_t, kTickers> tickers{};
  std::vector<ColumnFamilyShape> column_families;  // by id
  std::vector<CacheShape> caches;
  StallFacts stalls;
  EventFacts events;
  ProcessFacts process;
  int running_flushes = 0;  // at the end
  int running_compactions = 0;
  bool has_tickers = false;    // a Statistics is present
  bool has_latencies = false;  // operations are sampled
  // One in so many operations of the window was sampled, about.
  double sampled_one_in = 1;

  const OpStats& op(OpKind kind) const {
    return ops[static_cast<size_t>(kind)];
  }
  OpStats& op(OpKind kind) { return ops[static_cast<size_t>(kind)]; }
  uint64_t ticker(Ticker t) const { return tickers[static_cast<size_t>(t)]; }
  uint64_t& ticker(Ticker t) { return tickers[static_cast<size_t>(t)]; }
  uint64_t Operations() const {
    uint64_t sum = 0;
    for (const OpStats& stats : ops) sum += stats.count;
    return sum;
  }
  double OperationsPerSecond() const {
    double seconds = absl::ToDoubleSeconds(length);
    return seconds > 0 ? static_cast<double>(Operations()) / seconds : 0;
  }
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_WINDOW_H_
