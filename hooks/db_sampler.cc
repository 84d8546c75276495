#include "hooks/db_sampler.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "hooks/tuning_listener.h"
#include "hooks/tuning_statistics.h"

namespace rocktune {
namespace {

using Properties = rocksdb::DB::Properties;

// Somebody may swap a cache (SetOptions can, since 9.8); asking every family
// for its table options takes the database's mutex, so it is not done every
// window. A guess.
constexpr uint64_t kCacheSearchWindows = 16;
// Timed calls a second that suffice. A guess: 2000 in a window of a second, and
// still 200 in one of 100 ms.
constexpr double kSamplesPerSecond = 2000;

// Rows of the map property rocksdb.dbstats that stand in for tickers when
// there is no Statistics.
struct DbStatRow {
  const char* key;
  Ticker ticker;
};
constexpr DbStatRow kDbStats[] = {
    {"db.user_keys_written", Ticker::kKeysWritten},
    {"db.user_bytes_written", Ticker::kBytesWritten},
    {"db.user_writes_by_self", Ticker::kWriteDoneBySelf},
    {"db.user_writes_by_other", Ticker::kWriteDoneByOther},
    {"db.wal_bytes_written", Ticker::kWalBytes},
    {"db.wal_syncs", Ticker::kWalSyncs},
    {"db.user_write_stall_micros", Ticker::kStallMicros},
};

uint64_t Grown(uint64_t before, uint64_t after) {
  return after > before ? after - before : 0;
}

}  // namespace

DbSampler::DbSampler(rocksdb::DB* db, const FamilySet* families,
                     Instrumentation instrumentation, const StallKeys& keys)
    : db_(db),
      families_(families),
      instrumentation_(std::move(instrumentation)),
      keys_(keys) {
  if (instrumentation_.statistics == nullptr) {
    std::shared_ptr<rocksdb::Statistics> host = db->GetDBOptions().statistics;
    if (host != nullptr) {
      host_statistics_ = std::make_unique<HostStatistics>(std::move(host));
    }
  }
  Sample(absl::InfinitePast());  // sets every counter to what it is now
  number_ = 0;
}

Window DbSampler::Sample(absl::Time now) {
  Window window;
  window.number = ++number_;
  const bool has_start = last_ != absl::InfinitePast() && last_ <= now;
  window.start = has_start && number_ > 1 ? last_ : now;
  window.length = now - window.start;
  last_ = now;
  CutOperations(&window);
  if (instrumentation_.listener != nullptr) {
    instrumentation_.listener->Drain(&window);
  }
  SampleFamilies(&window);
  SampleCaches(&window);
  SampleDatabase(&window);
  const ProcessCounters process = ReadProcessCounters();
  window.process = Between(process_, process);
  process_ = process;
  return window;
}

void DbSampler::CutOperations(Window* window) {
  if (instrumentation_.statistics != nullptr) {
    instrumentation_.statistics->Cut(window);
    instrumentation_.statistics->PaceSamples(*window, kSamplesPerSecond);
  } else if (host_statistics_ != nullptr) {
    host_statistics_->Cut(window);
  }
  // Always read, so that a Statistics that is switched off does not leave a
  // hole: writes at least are counted without one.
  Window counted;
  CutDbStats(&counted);
  if (!window->has_tickers) {
    for (const DbStatRow& row : kDbStats) {
      window->ticker(row.ticker) = counted.ticker(row.ticker);
    }
    window->op(OpKind::kWrite).count =
        counted.ticker(Ticker::kWriteDoneBySelf) +
        counted.ticker(Ticker::kWriteDoneByOther);
  }
  window->stalls.stall_micros = counted.ticker(Ticker::kStallMicros);
}

void DbSampler::CutDbStats(Window* window) {
  std::map<std::string, std::string> stats;
  if (!db_->GetMapProperty(Properties::kDBStats, &stats)) return;
  for (const DbStatRow& row : kDbStats) {
    const auto it = stats.find(row.key);
    uint64_t value = 0;
    if (it == stats.end() || !absl::SimpleAtoi(it->second, &value)) continue;
    uint64_t& last = db_stats_[row.key];
    window->ticker(row.ticker) = Grown(last, value);
    last = value;
  }
}

void DbSampler::SampleFamilies(Window* window) {
  std::map<uint32_t, StallCounts> stalls;
  for (const std::shared_ptr<Family>& family : families_->List()) {
    ColumnFamilyShape shape;
    StallCounts counts;
    if (!SampleFamily(db_, family.get(), keys_, &shape, &counts)) continue;
    window->column_families.push_back(std::move(shape));
    // A family that is new to us brings its whole past: not of this window.
    const auto last = stalls_.find(family->id);
    if (last != stalls_.end()) {
      StallFacts& facts = window->stalls;
      facts.memtable_stalls += Grown(last->second.memtable, counts.memtable);
      facts.l0_stalls += Grown(last->second.l0, counts.l0);
      facts.pending_bytes_stalls +=
          Grown(last->second.pending_bytes, counts.pending_bytes);
    }
    stalls[family->id] = counts;
  }
  stalls_ = std::move(stalls);
}

void DbSampler::SampleCaches(Window* window) {
  std::vector<uint32_t> ids;
  for (const ColumnFamilyShape& family : window->column_families) {
    ids.push_back(family.id);
  }
  if (ids != cache_families_ || number_ % kCacheSearchWindows == 1) {
    const HeldFamilies held = families_->HoldAll();
    caches_ = DistinctBlockCaches(db_, held.refs);
    cache_families_ = std::move(ids);
  }
  for (const BlockCacheRef& ref : caches_) {
    window->caches.push_back({ref.column_family, ref.cache->GetCapacity(),
                              ref.cache->GetUsage(),
                              ref.cache->GetPinnedUsage()});
  }
}

void DbSampler::SampleDatabase(Window* window) {
  window->stalls.delayed_write_rate =
      ReadProperty(db_, nullptr, Properties::kActualDelayedWriteRate);
  window->stalls.writes_stopped =
      ReadProperty(db_, nullptr, Properties::kIsWriteStopped) > 0;
  window->running_flushes = static_cast<int>(
      ReadProperty(db_, nullptr, Properties::kNumRunningFlushes));
  window->running_compactions = static_cast<int>(
      ReadProperty(db_, nullptr, Properties::kNumRunningCompactions));
}

}  // namespace rocktune
