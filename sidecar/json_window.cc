// Windows as JSON.
#include <array>
#include <iterator>

#include "sidecar/json_views.h"

namespace rocktune {
namespace {

// By Ticker. Counts over the window; bytes and microseconds say so.
constexpr absl::string_view kTickerKeys[] = {
    "block_cache_hit",
    "block_cache_miss",
    "block_cache_data_hit",
    "block_cache_data_miss",
    "block_cache_index_miss",
    "block_cache_filter_miss",
    "bloom_useful",
    "bloom_full_positive",
    "bloom_full_true_positive",
    "memtable_hit",
    "memtable_miss",
    "get_hit_l0",
    "get_hit_l1",
    "get_hit_l2_and_up",
    "keys_written",
    "keys_read",
    "bytes_written",
    "bytes_read",
    "multiget_calls",
    "multiget_keys_read",
    "multiget_keys_found",
    "multiget_bytes_read",
    "seeks",
    "seeks_found",
    "nexts",
    "prevs",
    "iter_bytes_read",
    "write_done_by_self",
    "write_done_by_other",
    "wal_bytes",
    "wal_syncs",
    "stall_us",
    "flush_write_bytes",
    "compact_read_bytes",
    "compact_write_bytes",
};
static_assert(std::size(kTickerKeys) == kTickers);

void WriteOps(const Window& window, JsonWriter* json) {
  json->Key("operations").BeginObject();
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const OpStats& stats = window.op(static_cast<OpKind>(kind));
    json->Key(ToString(static_cast<OpKind>(kind)))
        .BeginObject()
        .Field("count", stats.count)
        .Field("samples", stats.samples)
        .Field("latency_us_mean", stats.latency_us_mean)
        .Field("latency_us_p50", stats.latency_us_p50)
        .Field("latency_us_p99", stats.latency_us_p99)
        .EndObject();
  }
  json->EndObject();
}

void WriteColumnFamily(const ColumnFamilyShape& family, JsonWriter* json) {
  json->BeginObject()
      .Field("id", family.id)
      .Field("name", family.name)
      .Key("levels")
      .BeginArray();
  for (const LevelShape& level : family.levels) {
    json->BeginObject()
        .Field("files", level.files)
        .Field("bytes", level.bytes)
        .EndObject();
  }
  json->EndArray()
      .Field("immutable_memtables", family.immutable_memtables)
      .Field("active_memtable_bytes", family.active_memtable_bytes)
      .Field("all_memtable_bytes", family.all_memtable_bytes)
      .Field("pending_compaction_bytes", family.pending_compaction_bytes)
      .Field("table_reader_bytes", family.table_reader_bytes)
      .Field("estimated_keys", family.estimated_keys)
      .EndObject();
}

void WriteShape(const Window& window, JsonWriter* json) {
  json->Key("column_families").BeginArray();
  for (const ColumnFamilyShape& family : window.column_families) {
    WriteColumnFamily(family, json);
  }
  json->EndArray().Key("caches").BeginArray();
  for (const CacheShape& cache : window.caches) {
    json->BeginObject()
        .Field("scope", cache.column_family)
        .Field("capacity_bytes", cache.capacity_bytes)
        .Field("usage_bytes", cache.usage_bytes)
        .Field("pinned_bytes", cache.pinned_bytes)
        .EndObject();
  }
  json->EndArray();
}

void WriteStalls(const StallFacts& stalls, JsonWriter* json) {
  json->Key("stalls")
      .BeginObject()
      .Field("delayed_write_bytes_per_s", stalls.delayed_write_rate)
      .Field("writes_stopped", stalls.writes_stopped)
      .Field("memtable_stalls", stalls.memtable_stalls)
      .Field("l0_stalls", stalls.l0_stalls)
      .Field("pending_bytes_stalls", stalls.pending_bytes_stalls)
      .Field("stall_us", stalls.stall_micros)
      .EndObject();
}

void WriteEvents(const EventFacts& events, JsonWriter* json) {
  json->Key("events")
      .BeginObject()
      .Field("flushes", events.flushes)
      .Field("flush_bytes", events.flush_bytes)
      .Field("compactions", events.compactions)
      .Field("compaction_read_bytes", events.compaction_read_bytes)
      .Field("compaction_write_bytes", events.compaction_write_bytes)
      .Field("compaction_cpu_s", events.compaction_cpu_s)
      .Field("compaction_elapsed_s", events.compaction_elapsed_s)
      .Field("files_created", events.files_created)
      .Field("entries", events.entries)
      .Field("deletions", events.deletions)
      .Field("key_bytes", events.key_bytes)
      .Field("value_bytes", events.value_bytes)
      .Field("background_errors", events.background_errors)
      .Field("dropped", events.dropped)
      .EndObject();
}

}  // namespace

void WriteJson(const Window& window, JsonWriter* json) {
  json->BeginObject()
      .Field("database", window.database)
      .Field("number", window.number)
      .Field("start", window.start)
      .SecondsField("length_s", window.length)
      .Field("throughput_ops_per_s", window.OperationsPerSecond());
  WriteOps(window, json);
  json->Key("tickers").BeginObject();
  for (size_t i = 0; i < std::size(kTickerKeys); ++i) {
    json->Field(kTickerKeys[i], window.tickers[i]);
  }
  json->EndObject();
  WriteShape(window, json);
  WriteStalls(window.stalls, json);
  WriteEvents(window.events, json);
  json->Key("process")
      .BeginObject()
      .Field("cpu_us", window.process.cpu_us)
      .Field("resident_bytes", window.process.resident_bytes)
      .Field("read_bytes", window.process.read_bytes)
      .Field("write_bytes", window.process.write_bytes)
      .EndObject();
  json->Field("running_flushes", window.running_flushes)
      .Field("running_compactions", window.running_compactions)
      .Field("has_tickers", window.has_tickers)
      .Field("has_latencies", window.has_latencies)
      .EndObject();
}

}  // namespace rocktune
