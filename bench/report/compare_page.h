// The report of a comparison: one HTML page with its charts.
#ifndef ROCKTUNE_BENCH_REPORT_COMPARE_PAGE_H_
#define ROCKTUNE_BENCH_REPORT_COMPARE_PAGE_H_

#include <string>
#include <vector>

#include "bench/cell/cell.h"
#include "bench/compare/plan.h"

namespace rocktune {

// Sentence, table of contestants, bars of throughput, a time series for each
// workload and device (of the least seed), errors. Every text of plan and
// results is taken for hostile.
std::string CompareHtml(const ComparePlan& plan,
                        const std::vector<CellResult>& results);

// One workload on one device: the results of the least seed that is there, in
// the order of the plan's contestants.
struct ComparePlace {
  std::string workload;
  std::string device;
  std::vector<const CellResult*> runs;
};
std::vector<ComparePlace> PlacesOf(const ComparePlan& plan,
                                   const std::vector<CellResult>& results);

// What charts.js draws: {contestants, bars, places}.
boost::json::object CompareData(const ComparePlan& plan,
                                const std::vector<CellResult>& results);

// Whose trials are marked in a time series.
bool IsRocktune(const std::string& contestant);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_REPORT_COMPARE_PAGE_H_
