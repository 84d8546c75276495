// A response surface of an LSM store, one second at a time: how fast it
// serves a load under its options, and what that leaves behind.
#ifndef ROCKTUNE_TESTS_SIMULATION_STORE_H_
#define ROCKTUNE_TESTS_SIMULATION_STORE_H_

#include <array>
#include <cstdint>

#include "policy/window.h"
#include "tests/simulation/load.h"
#include "tests/simulation/store_options.h"
#include "tests/simulation/weather.h"

namespace rocktune::simulation {

enum class StallCause { kNone, kMemtables, kL0Files, kPendingBytes };
const char* ToString(StallCause cause);

// What one second did. Bytes, counts and times of that second.
struct Second {
  std::array<double, kOpKinds> count{};
  std::array<double, kOpKinds> latency_us{};  // mean, stalls included
  std::array<double, kOpKinds> p99{};         // over the mean
  double operations = 0;
  double hit_ratio = 0;  // of the block cache, the host's reads
  double lookups = 0;    // of blocks
  double user_bytes = 0;
  double flushed_bytes = 0;  // of memtables
  double flush_bytes = 0;    // of the files they became
  double compaction_read_bytes = 0;
  double compaction_write_bytes = 0;
  double read_bytes = 0;  // from the device, of reads
  double cpu_us = 0;
  double stall_us = 0;  // writer time lost
  StallCause stall = StallCause::kNone;
  bool stopped = false;
  double running_flushes = 0;
  double running_compactions = 0;
};

// Not thread-safe.
class Store {
 public:
  Store(const StoreHost& host, const Load& load, const StoreOptions& options);

  // A smaller cache loses blocks at once, a larger one fills with misses.
  void Set(const StoreOptions& options);
  // `factor` on all service times, beside the weather.
  const Second& Step(const Load& load, const Sky& sky, double factor);
  // Fills the caches at once, as if the load had been there for long.
  void Warm(const Load& load);

  // The process was started anew: caches and memtables are empty.
  void Restart();

  const Second& second() const { return second_; }
  const StoreOptions& options() const { return options_; }
  // What it holds now.
  double cache_usage_bytes() const { return cache_usage_; }
  double memtable_bytes() const { return memtable_bytes_; }
  double l0_files() const { return l0_files_; }
  double l0_bytes() const { return l0_bytes_; }
  double debt_bytes() const { return debt_bytes_; }
  double file_bytes(const Load& load) const;
  double immutable_memtables() const;
  // Of a cache that holds so many bytes of what is asked for most.
  double HitRatio(const Load& load, double cache_bytes) const;
  // 0 .. 1 (stopped), as hooks say it.
  double StallNearness(StallCause* cause) const;

 private:
  struct Costs {
    double cpu_us[kOpKinds] = {};  // of one operation
    double reads[kOpKinds] = {};   // from the device, of one operation
    double lookups[kOpKinds] = {};
    double miss = 0;
  };
  Costs CostsOf(const Load& load) const;
  double WriteLimit(StallCause* cause, bool* stopped) const;
  void Serve(const Load& load, const Sky& sky, double factor,
             const Costs& costs);
  void Fill(const Load& load, const Costs& costs);
  double Overwritten(const Load& load) const;
  void Flush(const Load& load);
  void Compact(const Load& load);
  void Contend(const Costs& costs);

  StoreHost host_;
  StoreOptions options_;
  Second second_;
  std::array<double, kOpKinds> slowdown_{};  // by weather and plant
  double cache_usage_ = 0;
  double cache_useful_ = 0;  // of it, what the present load asks for
  double skew_ = 0;          // the cache was filled under
  double memtable_bytes_ = 0;
  double l0_files_ = 0;
  double l0_bytes_ = 0;
  double debt_bytes_ = 0;  // below level 0
  bool compacting_l0_ = false;
  // Files keep what they were written with until compaction rewrites them.
  double files_block_bytes_;
  double files_compression_;
  // How much slower the busy CPU and device make everything, >= 1.
  double cpu_crowd_ = 1;
  double device_crowd_ = 1;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_STORE_H_
