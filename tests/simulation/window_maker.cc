#include "tests/simulation/window_maker.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rocktune::simulation {
namespace {

// One operation in 32 is timed, as hooks do by default.
constexpr double kSampling = 32;
constexpr double kBaseMemoryBytes = 150.0 * (1 << 20);

constexpr absl::Duration kBurst = absl::Seconds(10);

uint64_t Whole(double number) {
  return static_cast<uint64_t>(std::max(0.0, std::round(number)));
}

void FillOperations(const Second& second, Window* window) {
  for (int kind = 0; kind < kOpKinds; ++kind) {
    OpStats& stats = window->ops[kind];
    stats.count = Whole(second.count[kind]);
    stats.samples = Whole(second.count[kind] / kSampling);
    const bool timed = stats.samples > 0;
    stats.latency_us_mean = timed ? second.latency_us[kind] : 0;
    stats.latency_us_p50 = 0.7 * stats.latency_us_mean;
    stats.latency_us_p99 = second.p99[kind] * stats.latency_us_mean;
  }
}

void FillTickers(const Store& store, const Load& load, Window* window) {
  const Second& second = store.second();
  const double gets = second.count[static_cast<int>(OpKind::kGet)];
  const double seeks = second.count[static_cast<int>(OpKind::kSeek)];
  const double writes = second.count[static_cast<int>(OpKind::kWrite)];
  auto set = [window](Ticker ticker, double value) {
    window->ticker(ticker) = Whole(value);
  };
  // Compaction's reads go through the block cache and miss.
  const double of_compaction = second.compaction_read_bytes / 4096;
  set(Ticker::kBlockCacheHit, second.lookups * second.hit_ratio);
  set(Ticker::kBlockCacheDataHit, second.lookups * second.hit_ratio);
  const double misses = second.lookups * (1 - second.hit_ratio) + of_compaction;
  set(Ticker::kBlockCacheMiss, misses);
  set(Ticker::kBlockCacheDataMiss, misses);
  const double in_memtable = 0.02 * gets * load.found;
  const double in_l0 = gets * load.found *
                       std::min(0.3, store.l0_bytes() / store.file_bytes(load));
  const double found = gets * load.found;
  set(Ticker::kBloomUseful, gets * store.l0_files());
  set(Ticker::kBloomFullPositive, 1.01 * found);
  set(Ticker::kBloomFullTruePositive, found);
  set(Ticker::kMemtableHit, in_memtable);
  set(Ticker::kMemtableMiss, gets - in_memtable);
  set(Ticker::kGetHitL0, in_l0);
  set(Ticker::kGetHitL1, 0.1 * (found - in_l0 - in_memtable));
  set(Ticker::kGetHitL2AndUp, 0.9 * (found - in_l0 - in_memtable));
  set(Ticker::kKeysWritten, writes);
  set(Ticker::kKeysRead, gets);
  set(Ticker::kBytesWritten, second.user_bytes);
  set(Ticker::kBytesRead, found * load.value_bytes);
  set(Ticker::kSeeks, seeks);
  set(Ticker::kSeeksFound, seeks);
  set(Ticker::kNexts, seeks * load.scan_entries);
  set(Ticker::kIterBytesRead,
      seeks * load.scan_entries * (load.key_bytes + load.value_bytes));
  set(Ticker::kWriteDoneBySelf, writes);
  set(Ticker::kWalBytes, second.user_bytes);
  set(Ticker::kStallMicros, second.stall_us);
  set(Ticker::kFlushWriteBytes, second.flush_bytes);
  set(Ticker::kCompactReadBytes, second.compaction_read_bytes);
  set(Ticker::kCompactWriteBytes, second.compaction_write_bytes);
}

void FillShape(const Store& store, const Load& load, const CacheLook& look,
               Window* window) {
  window->column_families.resize(1);
  ColumnFamilyShape& family = window->column_families[0];
  if (family.levels.empty()) {
    family.name = "default";
    family.levels.resize(7);
  }
  family.levels[0] = {Whole(std::floor(store.l0_files())),
                      Whole(store.l0_bytes())};
  const double base =
      std::min(store.options().level_base_bytes, store.file_bytes(load));
  family.levels[1] = {Whole(base / (64 << 20)), Whole(base)};
  const double rest = store.file_bytes(load) - base;
  family.levels[2] = {Whole(rest / (64 << 20)), Whole(rest)};
  family.immutable_memtables = Whole(store.immutable_memtables());
  family.all_memtable_bytes = Whole(store.memtable_bytes());
  family.active_memtable_bytes = Whole(
      std::fmod(store.memtable_bytes(), store.options().write_buffer_bytes));
  family.pending_compaction_bytes = Whole(store.debt_bytes());
  family.table_reader_bytes = Whole(0.005 * store.file_bytes(load));
  family.estimated_keys =
      Whole(load.data_bytes / (load.key_bytes + load.value_bytes));
  window->caches.resize(1);
  CacheShape& cache = window->caches[0];
  const bool planted = look.capacity_bytes > 0;
  cache.capacity_bytes =
      Whole(planted ? look.capacity_bytes : store.options().block_cache_bytes);
  cache.usage_bytes =
      Whole(planted ? look.usage_bytes : store.cache_usage_bytes());
}

void FillProcess(const Store& store, const Load& load, Window* window) {
  const Second& second = store.second();
  StallFacts& stalls = window->stalls;
  stalls = StallFacts();
  stalls.stall_micros = Whole(second.stall_us);
  stalls.writes_stopped = second.stopped;
  const uint64_t count = second.stall_us > 0 ? 1 : 0;
  switch (second.stall) {
    case StallCause::kNone:
      break;
    case StallCause::kMemtables:
      stalls.memtable_stalls = count;
      break;
    case StallCause::kL0Files:
      stalls.l0_stalls = count;
      break;
    case StallCause::kPendingBytes:
      stalls.pending_bytes_stalls = count;
      break;
  }
  if (count > 0 && second.stall != StallCause::kMemtables && !second.stopped) {
    stalls.delayed_write_rate = Whole(second.user_bytes);
  }
  EventFacts& events = window->events;
  events = EventFacts();
  events.flushes = second.flush_bytes > 0 ? 1 : 0;
  events.flush_bytes = Whole(second.flush_bytes);
  if (second.flush_bytes > 0) {
    events.files_created = 1;
    const double entries = second.flushed_bytes / BytesPerWrite(load);
    events.entries = Whole(entries);
    events.key_bytes = Whole(entries * load.key_bytes);
    events.value_bytes = Whole(entries * load.value_bytes);
  }
  events.compaction_read_bytes = Whole(second.compaction_read_bytes);
  events.compaction_write_bytes = Whole(second.compaction_write_bytes);
  window->process.cpu_us = Whole(second.cpu_us);
  window->process.read_bytes =
      Whole(second.read_bytes + second.compaction_read_bytes);
  window->process.write_bytes = Whole(second.user_bytes + second.flush_bytes +
                                      second.compaction_write_bytes);
  window->process.resident_bytes = Whole(
      kBaseMemoryBytes + store.cache_usage_bytes() + store.memtable_bytes());
  window->running_flushes = static_cast<int>(second.running_flushes);
  window->running_compactions = static_cast<int>(second.running_compactions);
}

}  // namespace

void FillWindow(const Store& store, const Load& load, const CacheLook& look,
                Window* window) {
  window->length = absl::Seconds(1);
  window->has_tickers = window->has_latencies = true;
  FillOperations(store.second(), window);
  FillTickers(store, load, window);
  FillShape(store, load, look, window);
  FillProcess(store, load, window);
}

TraceFacts MakeTrace(const Store& store, const Load& load, absl::Time now,
                     Random* random) {
  TraceFacts facts;
  facts.taken = now - kBurst;
  facts.length = kBurst;
  facts.sample_ratio = 0.01;
  MissRatioCurve curve;
  const double lean = random->Uniform(-0.02, 0.02);
  for (double bytes = 8 << 20; bytes < 2 * load.data_bytes; bytes *= 1.5) {
    const double hits = store.HitRatio(load, bytes);
    curve.points.push_back(
        {Whole(bytes), std::clamp(hits + lean * (1 - hits), 0.0, 1.0)});
  }
  curve.accesses = Whole(store.second().lookups * facts.sample_ratio * 10);
  curve.measured_hit_ratio = store.second().hit_ratio;
  curve.capacity_bytes = Whole(store.options().block_cache_bytes);
  facts.curves.push_back(std::move(curve));
  KeySkew skew;
  const double keys = load.data_bytes / (load.key_bytes + load.value_bytes);
  skew.distinct_keys = keys;
  skew.top_1pct_share = std::pow(0.01, 1 - load.skew);
  skew.zipf_exponent = load.skew + random->Uniform(-0.02, 0.02);
  skew.working_set_bytes = Whole(load.data_bytes);
  if (load.get > 0) facts.read_keys = skew;
  facts.key_bytes_mean = load.key_bytes;
  facts.value_bytes_mean = load.value_bytes;
  return facts;
}

}  // namespace rocktune::simulation
