// What rocktune costs a host with many column families or databases.
#ifndef ROCKTUNE_BENCH_SCALE_SCALE_H_
#define ROCKTUNE_BENCH_SCALE_SCALE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/scale/fleet.h"
#include "bench/scale/process_cost.h"

namespace rocktune::bench {

struct ScalePlan {
  std::string folder;  // the databases are made below it
  int pairs = 4;       // blocks with and without, interleaved
  double block_s = 3;
  double idle_s = 6;
  int option_writes = 20;
};

// Writes of one thread in a closed loop, microseconds.
struct WriteLatency {
  double p50_us = 0;
  double p99_us = 0;
};

struct ScaleFigures {
  FleetShape shape;
  double attach_ms = 0;  // of all databases, median
  double detach_ms = 0;
  uint64_t instrument_bytes = 0;  // heap of Instrument(), all databases
  uint64_t attached_bytes = 0;    // heap of the tuner after 3 windows
  TunerCpu observing;             // per second, under load
  TunerCpu idle;                  // per second, mode auto, without load
  WriteLatency without;           // medians of the blocks
  WriteLatency with;
  double p50_ratio = 0;  // with / without, median of the pairs
  double p99_ratio = 0;
  // From Submit() to the answer, read-back included.
  double one_family_ms = 0;  // one value of one family, median
  double one_family_ms_max = 0;
  double all_families_ms = 0;  // one value of every family of one database
};

// About pairs * 2 * block_s + idle_s seconds. `say` hears of progress.
absl::StatusOr<ScaleFigures> MeasureScale(
    const ScalePlan& plan, const FleetShape& shape,
    const std::function<void(const std::string&)>& say);

// The part about option writes, of the fleet's first database, which must not
// be attached.
absl::Status MeasureOptionWrites(const Fleet& fleet, int writes,
                                 ScaleFigures* figures);

double Median(std::vector<double> values);  // 0 without values

}  // namespace rocktune::bench

#endif  // ROCKTUNE_BENCH_SCALE_SCALE_H_
