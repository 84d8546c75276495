#include <memory>

#include "bench/contestants/live_options.h"
#include "bench/contestants/makers.h"
#include "policy/status_macros.h"
#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace rocktune {
namespace {

void SetTable(rocksdb::Options* options,
              const rocksdb::BlockBasedTableOptions& table) {
  options->table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
}

class Defaults : public Contestant {};

class LevelStyle : public Contestant {
 public:
  explicit LevelStyle(const CellBudget& budget) : budget_(budget) {}

  // OptimizeLevelStyleCompaction takes six buffers of a quarter of its
  // argument: 0.375 of the memory, beside half of it as cache.
  absl::Status Configure(rocksdb::Options* options) override {
    options->IncreaseParallelism(budget_.cores);
    options->OptimizeLevelStyleCompaction(budget_.memory_bytes / 4);
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(budget_.memory_bytes / 2);
    SetTable(options, table);
    return absl::OkStatus();
  }

 private:
  const CellBudget budget_;
};

class PointLookup : public Contestant {
 public:
  explicit PointLookup(const CellBudget& budget) : budget_(budget) {}

  absl::Status Configure(rocksdb::Options* options) override {
    options->IncreaseParallelism(budget_.cores);
    options->OptimizeForPointLookup(budget_.memory_bytes / 2 >> 20);
    return absl::OkStatus();
  }

 private:
  const CellBudget budget_;
};

// "Setup Options and Basic Tuning" of RocksDB's wiki. Dynamic levels are left
// out: they are for databases that begin with them.
class TuningGuide : public Contestant {
 public:
  explicit TuningGuide(const CellBudget& budget) : budget_(budget) {}

  absl::Status Configure(rocksdb::Options* options) override {
    options->max_background_jobs = std::max(2, budget_.cores);
    options->bytes_per_sync = 1 << 20;
    options->compaction_pri = rocksdb::kMinOverlappingRatio;
    options->write_buffer_size =
        std::min<uint64_t>(64 << 20, budget_.memory_bytes / 6);
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(budget_.memory_bytes / 2);
    table.block_size = 16 * 1024;
    table.cache_index_and_filter_blocks = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    SetTable(options, table);
    return absl::OkStatus();
  }

 private:
  const CellBudget budget_;
};

class Values : public Contestant {
 public:
  explicit Values(const CellSpec& spec) : spec_(spec) {}

  absl::Status Start(rocksdb::DB* db) override {
    ROCKTUNE_ASSIGN_OR_RETURN(auto live, LiveOptions::Attach(db, spec_.budget));
    return live->Set(spec_.values).status();
  }

 private:
  const CellSpec& spec_;
};

}  // namespace

ContestantPtr MakeDefaults(const CellSpec&) {
  return std::make_unique<Defaults>();
}
ContestantPtr MakeLevelStyle(const CellSpec& spec) {
  return std::make_unique<LevelStyle>(spec.budget);
}
ContestantPtr MakePointLookup(const CellSpec& spec) {
  return std::make_unique<PointLookup>(spec.budget);
}
ContestantPtr MakeTuningGuide(const CellSpec& spec) {
  return std::make_unique<TuningGuide>(spec.budget);
}
ContestantPtr MakeValues(const CellSpec& spec) {
  return std::make_unique<Values>(spec);
}

}  // namespace rocktune
