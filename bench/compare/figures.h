// What a comparison says: ratios between contestants, with intervals, and the
// rows of the table that is published.
#ifndef ROCKTUNE_BENCH_COMPARE_FIGURES_H_
#define ROCKTUNE_BENCH_COMPARE_FIGURES_H_

#include <functional>
#include <string>
#include <vector>

#include "bench/cell/cell.h"

namespace rocktune {

// A ratio over several cells: geometric mean, and its 95 % interval from
// Student's t of the logarithms (equal ends for a single cell: not known).
struct RatioFigure {
  int cells = 0;
  double mean = 0;
  double low = 0;
  double high = 0;
  double worst = 0;  // the least ratio
  std::string worst_cell;
};

// One pair of contestants in one place. 0: cannot be said.
struct CellRatio {
  std::string workload;
  std::string device;
  uint64_t seed = 0;
  double ratio = 0;
};

// Which number of a result is compared; larger is better unless `inverted`,
// then the ratio is turned so that more than 1 is better again.
struct Metric {
  std::string name;
  double (*value)(const CellResult& result) = nullptr;
  bool inverted = false;
};
Metric EndThroughput();    // FullSpeedOpsPerS() in the tail
Metric WholeThroughput();  // the same over the whole run, search included
Metric P99();              // of all kinds, by their share, in the tail

// `of` against `against`, wherever both have a result.
std::vector<CellRatio> RatiosOf(const std::vector<CellResult>& results,
                                const Metric& metric, const std::string& of,
                                const std::string& against);

// Over all cells, as one figure.
RatioFigure Summarise(const std::vector<CellRatio>& ratios);

// The share of the oracle's gain over the defaults that `of` has reached:
// (of - defaults) / (oracle - defaults), but for places where the oracle gains
// less than 1 %. Results of the contestant "values" are the oracle's.
std::vector<CellRatio> GainShares(const std::vector<CellResult>& results,
                                  const std::string& of);

// Whether a contestant kept nothing after this many of its trials had come to
// a verdict: what it ended up with is what it had found by then.
bool SettledWithin(const CellResult& result, size_t trials);

double Median(std::vector<double> numbers);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_COMPARE_FIGURES_H_
