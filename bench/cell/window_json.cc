#include "bench/cell/window_json.h"

#include "bench/cell/cell.h"
#include "bench/cell/json_fields.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// A list as the one field of an object, as files and FieldReader want it.
struct WindowList {
  std::vector<Window> windows;
};

}  // namespace

template <typename Visitor>
void Fields(Visitor& visit, OpStats& stats) {
  visit("count", stats.count);
  visit("samples", stats.samples);
  visit("mean_us", stats.latency_us_mean);
  visit("p50_us", stats.latency_us_p50);
  visit("p99_us", stats.latency_us_p99);
}

template <typename Visitor>
void Fields(Visitor& visit, LevelShape& level) {
  visit("files", level.files);
  visit("bytes", level.bytes);
}

template <typename Visitor>
void Fields(Visitor& visit, ColumnFamilyShape& family) {
  visit("id", family.id);
  visit("name", family.name);
  visit("levels", family.levels);
  visit("immutable_memtables", family.immutable_memtables);
  visit("active_memtable_bytes", family.active_memtable_bytes);
  visit("all_memtable_bytes", family.all_memtable_bytes);
  visit("pending_compaction_bytes", family.pending_compaction_bytes);
  visit("table_reader_bytes", family.table_reader_bytes);
  visit("estimated_keys", family.estimated_keys);
}

template <typename Visitor>
void Fields(Visitor& visit, CacheShape& cache) {
  visit("family", cache.column_family);
  visit("capacity_bytes", cache.capacity_bytes);
  visit("usage_bytes", cache.usage_bytes);
  visit("pinned_bytes", cache.pinned_bytes);
}

template <typename Visitor>
void Fields(Visitor& visit, StallFacts& stalls) {
  visit("delayed_write_rate", stalls.delayed_write_rate);
  visit("writes_stopped", stalls.writes_stopped);
  visit("memtable_stalls", stalls.memtable_stalls);
  visit("l0_stalls", stalls.l0_stalls);
  visit("pending_bytes_stalls", stalls.pending_bytes_stalls);
  visit("stall_micros", stalls.stall_micros);
}

template <typename Visitor>
void Fields(Visitor& visit, EventFacts& events) {
  visit("flushes", events.flushes);
  visit("flush_bytes", events.flush_bytes);
  visit("compactions", events.compactions);
  visit("compaction_read_bytes", events.compaction_read_bytes);
  visit("compaction_write_bytes", events.compaction_write_bytes);
  visit("compaction_cpu_s", events.compaction_cpu_s);
  visit("compaction_elapsed_s", events.compaction_elapsed_s);
  visit("files_created", events.files_created);
  visit("entries", events.entries);
  visit("deletions", events.deletions);
  visit("key_bytes", events.key_bytes);
  visit("value_bytes", events.value_bytes);
  visit("background_errors", events.background_errors);
  visit("stall_changes", events.stall_changes);
  visit("stops", events.stops);
  visit("dropped", events.dropped);
}

template <typename Visitor>
void Fields(Visitor& visit, ProcessFacts& process) {
  visit("cpu_us", process.cpu_us);
  visit("resident_bytes", process.resident_bytes);
  visit("read_bytes", process.read_bytes);
  visit("write_bytes", process.write_bytes);
}

template <typename Visitor>
void Fields(Visitor& visit, Window& window) {
  double start_s = absl::ToDoubleSeconds(window.start - absl::UnixEpoch());
  double length_s = absl::ToDoubleSeconds(window.length);
  visit("number", window.number);
  visit("start_s", start_s);
  visit("length_s", length_s);
  window.start = absl::UnixEpoch() + absl::Seconds(start_s);
  window.length = absl::Seconds(length_s);
  visit("ops", window.ops);
  visit("tickers", window.tickers);
  visit("families", window.column_families);
  visit("caches", window.caches);
  visit("stalls", window.stalls);
  visit("events", window.events);
  visit("process", window.process);
  visit("running_flushes", window.running_flushes);
  visit("running_compactions", window.running_compactions);
  visit("has_tickers", window.has_tickers);
  visit("has_latencies", window.has_latencies);
  visit("sampled_one_in", window.sampled_one_in);
}

namespace {

template <typename Visitor>
void Fields(Visitor& visit, WindowList& list) {
  visit("windows", list.windows);
}

}  // namespace

boost::json::array ToJson(const std::vector<Window>& windows) {
  FieldWriter writer;
  WindowList list{windows};
  Fields(writer, list);
  return writer.Take()["windows"].as_array();
}

absl::StatusOr<std::vector<Window>> WindowsFromJson(
    const boost::json::value& json) {
  const boost::json::object object{{"windows", json}};
  FieldReader reader(object, "");
  WindowList list;
  Fields(reader, list);
  ROCKTUNE_RETURN_IF_ERROR(reader.Finish());
  return std::move(list.windows);
}

absl::Status WriteWindowsFile(const std::string& path,
                              const std::vector<Window>& windows) {
  return WriteJsonFile(path, {{"windows", ToJson(windows)}});
}

absl::StatusOr<std::vector<Window>> ReadWindowsFile(const std::string& path) {
  ROCKTUNE_ASSIGN_OR_RETURN(const boost::json::object json, ReadJsonFile(path));
  const boost::json::value* windows = json.if_contains("windows");
  if (windows == nullptr) {
    return absl::InvalidArgumentError(path + " holds no windows");
  }
  return WindowsFromJson(*windows);
}

}  // namespace rocktune
