// A small comparison with made-up numbers.
#ifndef ROCKTUNE_TESTS_BENCH_REPORT_CANNED_CELLS_H_
#define ROCKTUNE_TESTS_BENCH_REPORT_CANNED_CELLS_H_

#include <string>
#include <vector>

#include "bench/cell/cell.h"
#include "bench/compare/plan.h"

namespace rocktune {

inline ComparePlan CannedPlan() {
  ComparePlan plan;
  plan.contestants = {"defaults", "guide", "rocktune"};
  plan.workloads = {"ycsb-a", "fillrandom"};
  plan.devices = {"nvme", "hdd"};
  plan.run_s = 60;
  return plan;
}

inline CellResult CannedCell(const std::string& contestant,
                             const std::string& workload,
                             const std::string& device, double ops_per_s) {
  CellResult cell;
  cell.spec.contestant = contestant;
  cell.spec.workload = workload;
  cell.spec.device = device;
  cell.tail.ops_per_s = cell.whole.ops_per_s = ops_per_s;
  cell.tail.kinds[0] = {1000, 100, 1e8 / ops_per_s, 9000};
  for (int second = 0; second < 60; ++second) {
    CellPoint point;
    point.at_s = second + 1;
    const double swing = second * 7 % 11 - 5.0;
    point.ops_per_s = ops_per_s * (1 + swing / 60);
    if (workload != "fillrandom") point.read_p99_us = 1e8 / point.ops_per_s;
    point.write_p99_us = 3e7 / point.ops_per_s;
    cell.points.push_back(point);
  }
  return cell;
}

inline std::vector<CellResult> CannedResults() {
  std::vector<CellResult> results;
  for (const std::string& workload : CannedPlan().workloads) {
    for (const std::string& device : CannedPlan().devices) {
      const double base = device == "nvme" ? 60000 : 900;
      results.push_back(CannedCell("defaults", workload, device, base));
      results.push_back(CannedCell("guide", workload, device, 1.4 * base));
      results.push_back(CannedCell("rocktune", workload, device, 2 * base));
      results.back().trials = {
          {8, 16, "regressed", "compaction_readahead_size 0 -> 2 MiB", -0.11},
          {20, 31, "kept",
           "write_buffer_size 64 MiB -> 128 MiB, max_background_jobs 2 -> 4",
           0.31},
          {36, 44, "inconclusive", "max_subcompactions 1 -> 2", 0.01}};
    }
  }
  return results;
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_BENCH_REPORT_CANNED_CELLS_H_
