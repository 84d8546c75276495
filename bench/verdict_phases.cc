#include "bench/verdict_phases.h"

#include "rocksdb/cache.h"
#include "rocksdb/table.h"

namespace rocktune {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;

struct Shape {
  size_t cache_bytes = 80 * kMebibyte;
  size_t block_bytes = 4096;
  size_t write_buffer_bytes = 16 * kMebibyte;
  rocksdb::CompressionType compression = rocksdb::kNoCompression;
};

rocksdb::Options OptionsOf(const Shape& shape) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(shape.cache_bytes);
  table.block_size = shape.block_bytes;
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = shape.write_buffer_bytes;
  options.compression = shape.compression;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

LoadSpec Load(uint64_t keys, size_t value_bytes) {
  LoadSpec load;
  load.keys = keys;
  load.value_bytes = value_bytes;
  load.first_updates = 0;
  return load;
}

// The data fit the cache, and not a tenth of it.
VerdictPhase CutCache() {
  VerdictPhase phase{.name = "block cache to a tenth", .planted = true};
  phase.load = Load(500'000, 100);
  phase.mix = {.get = 95, .put = 5, .scan = 0};
  phase.options = OptionsOf({});
  phase.candidates = {{{"block_cache.capacity", "8388608", "83886080"}}};
  return phase;
}

// One compaction at a time, and writers that are delayed as soon as it is
// behind.
VerdictPhase FewJobs() {
  VerdictPhase phase{.name = "fewest background jobs", .planted = true};
  phase.load = Load(200'000, 200);
  phase.mix = {.get = 50, .put = 50, .scan = 0};
  phase.options = OptionsOf({.write_buffer_bytes = 2 * kMebibyte});
  phase.options.max_background_jobs = 8;
  phase.options.max_bytes_for_level_base = 16 * kMebibyte;
  phase.options.target_file_size_base = 4 * kMebibyte;
  phase.options.level0_slowdown_writes_trigger = 20;
  phase.options.level0_stop_writes_trigger = 36;
  phase.options.delayed_write_rate = kMebibyte;
  phase.candidates = {{{"max_background_jobs", "2", "8"},
                       {"level0_slowdown_writes_trigger", "6", "20"}}};
  return phase;
}

// Files are rewritten every few seconds, and most reads miss the cache.
VerdictPhase SlowCompression() {
  VerdictPhase phase{.name = "slow compression", .planted = true};
  phase.load = Load(200'000, 100);
  phase.mix = {.get = 50, .put = 50, .scan = 0};
  phase.options = OptionsOf({.cache_bytes = 8 * kMebibyte,
                             .block_bytes = 16384,
                             .write_buffer_bytes = 4 * kMebibyte});
  phase.candidates = {{{"compression", "kZlibCompression", "kNoCompression"}}};
  return phase;
}

}  // namespace

VerdictPhase NoOpPhase() {
  VerdictPhase phase{.name = "A/A"};
  phase.load = Load(500'000, 100);
  phase.mix = {.get = 90, .put = 10, .scan = 0};
  phase.options = OptionsOf({.cache_bytes = 32 * kMebibyte});
  phase.candidates = {{{"max_sequential_skip_in_iterations", "16"}},
                      {{"delayed_write_rate", "33554432"}},
                      {{"memtable_whole_key_filtering", "true"}},
                      {{"blob_compaction_readahead_size", "1048576"}},
                      {{"blob_file_size", "134217728"}},
                      {{"max_sequential_skip_in_iterations", "4"}},
                      {{"strict_bytes_per_sync", "true"}},
                      {{"soft_pending_compaction_bytes_limit", "137438953472"}},
                      {{"delayed_write_rate", "67108864"}},
                      {{"inplace_update_num_locks", "20000"}}};
  return phase;
}

std::vector<VerdictPhase> PlantedPhases() {
  return {CutCache(), FewJobs(), SlowCompression()};
}

}  // namespace rocktune
