// What db_bench prints, as figures and as a window.
#ifndef ROCKTUNE_BENCH_OFFLINE_DB_BENCH_REPORT_H_
#define ROCKTUNE_BENCH_OFFLINE_DB_BENCH_REPORT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "policy/window.h"

namespace rocktune {

struct DbBenchReport {
  std::string benchmark;  // of the last line with a result
  double ops_per_s = 0;   // its
  double p99_us = 0;      // of the kind it did most; 0 without --statistics
  // Of all its benchmarks together: db_bench counts through. The levels are
  // those that the benchmark "levelstats" printed, if it ran. What a cache
  // holds is estimated from its misses.
  Window window;
};

// NotFound: no line "name : ... micros/op ... ops/sec" is in it.
absl::StatusOr<DbBenchReport> ParseDbBench(const std::string& output,
                                           uint64_t block_cache_bytes);

// The window of any program, from the lines of rocksdb::Statistics::ToString()
// in what it printed. Without them nothing is known but how many operations
// there were; half of them are then taken for reads and half for writes.
struct PlainRun {
  double ops_per_s = 0;
  double seconds = 0;
  uint64_t block_cache_bytes = 0;
};
Window WindowOfOutput(const std::string& output, const PlainRun& run);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_DB_BENCH_REPORT_H_
