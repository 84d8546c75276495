// One online run as a picture for a README.
#ifndef ROCKTUNE_BENCH_REPORT_ONLINE_RUN_SVG_H_
#define ROCKTUNE_BENCH_REPORT_ONLINE_RUN_SVG_H_

#include <string>

#include "absl/status/statusor.h"
#include "bench/cell/cell.h"

namespace rocktune {

// Throughput, p99 of reads and writes over time, trials marked. A whole SVG
// file, without scripts; follows light and dark mode. InvalidArgument: the
// cell has no points (its run failed).
absl::StatusOr<std::string> OnlineRunSvg(const CellResult& cell);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_REPORT_ONLINE_RUN_SVG_H_
