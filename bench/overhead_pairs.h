// Interleaved A/B in one process: the same operations on two databases, in
// pairs of short blocks, so that whatever else the machine does hits both
// alike.
#ifndef ROCKTUNE_BENCH_OVERHEAD_PAIRS_H_
#define ROCKTUNE_BENCH_OVERHEAD_PAIRS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "bench/overhead_workload.h"

namespace rocktune::bench {

struct PairsPlan {
  Operation operation = Operation::kGet;
  int pairs = 31;  // >= 20
  uint64_t operations_per_block = 60000;
  std::string folder = "/dev/shm";  // databases are made below it
};

// The median over the pairs and the 95 % interval of that median (from order
// statistics, so no distribution is assumed).
struct MedianRatio {
  double median = 0;
  double low = 0;
  double high = 0;
};
MedianRatio MedianOf(std::vector<double> ratios);

struct PairsResult {
  Operation operation = Operation::kGet;
  int pairs = 0;
  MedianRatio throughput;  // other / plain, higher is better
  MedianRatio cpu;         // thread CPU time per operation, lower is better
  MedianRatio p99;         // of one operation in 16, lower is better
  double plain_us = 0;     // wall time per operation, median, plain
};

// Neither is owned.
struct ComparedDbs {
  rocksdb::DB* plain;
  rocksdb::DB* other;
};

// Calls `before_pair` before each pair, the warming one included, outside of
// what is timed; its error ends the run.
absl::StatusOr<PairsResult> ComparePairs(
    const PairsPlan& plan, const ComparedDbs& dbs,
    absl::FunctionRef<absl::Status()> before_pair);

// An unobserved database with an observed one, whose windows are cut every
// second, as a tuner would.
absl::StatusOr<PairsResult> RunPairs(const PairsPlan& plan);

}  // namespace rocktune::bench

#endif  // ROCKTUNE_BENCH_OVERHEAD_PAIRS_H_
