// Which cells a comparison has, in which order they run.
#ifndef ROCKTUNE_BENCH_COMPARE_PLAN_H_
#define ROCKTUNE_BENCH_COMPARE_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/cell/cell.h"

namespace rocktune {

// What is compared. Lists keep the order given.
struct ComparePlan {
  std::vector<std::string> contestants;
  std::vector<std::string> workloads;
  std::vector<std::string> devices;
  std::vector<uint64_t> seeds{1};
  uint64_t data_bytes = 512ull << 20;
  CellBudget budget;
  CellModel model;
  double warm_s = 5;
  double run_s = 90;
  double tail_s = 20;
  std::string oracle_dir;  // with results of `oracle`; empty: none

  // The estimate of progress: running alone, without loading.
  double Seconds() const;
};

// The matrix that fits into ten minutes; the full one, in which every cell has
// the time that a slow device needs to fill a cache: a night.
ComparePlan QuickPlan();
ComparePlan FullPlan();

// Every name exists, numbers are in range. NotFound, InvalidArgument.
absl::Status Check(const ComparePlan& plan);

// InvalidArgument where the tail is not whole cycles of a plan whose phases
// cycle: it would be judged by some of them.
absl::Status CheckTail(const ComparePlan& plan);

// All cells. Contestants of one workload, device and seed run one after the
// other, beginning with another one each time, so that a drift of the machine
// hits all alike; device is the fastest loop, so that an interrupted run has
// something of everything. source_dir and work_dir are left empty.
std::vector<CellSpec> CellsOf(const ComparePlan& plan);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_COMPARE_PLAN_H_
