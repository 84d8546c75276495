// Real threads on an emulated device, through its file system and by the
// clock: does it keep what its profile promises?
#ifndef ROCKTUNE_BENCH_DEVICE_FIDELITY_H_
#define ROCKTUNE_BENCH_DEVICE_FIDELITY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/device/closed_loop.h"
#include "bench/device/device.h"

namespace rocktune {

struct FidelityPlan {
  std::string folder = "/dev/shm";  // a file of 256 MiB is made in it
  double seconds = 2;               // of each cell, by the profile
  int least_operations = 400;       // of each cell, however long they take
  uint64_t seed = 1;
};

struct FidelityCell {
  ClosedLoop loop;
  double promised_iops = 0;    // by the profile
  ClosedLoopFigures expected;  // by the model in virtual time
  ClosedLoopFigures measured;
  double cores = 0;  // processor time / time

  // 0.05: five percent above what was promised or expected.
  double IopsOff() const { return measured.iops / promised_iops - 1; }
  double P50Off() const { return measured.us_p50 / expected.us_p50 - 1; }
  double P99Off() const { return measured.us_p99 / expected.us_p99 - 1; }
};

// Reads and writes of 4 KiB and 1 MiB at depths 1, 4 and 16, and sequential
// ones at depth 1 (threads side by side are not in order).
std::vector<ClosedLoop> FidelityLoops();

// Measures one cell. `seed`, `loop.operations` and the model's draws are those
// of the virtual run. Errors are the file system's: Internal with its words.
absl::StatusOr<FidelityCell> MeasureFidelity(const DeviceProfile& profile,
                                             ClosedLoop loop,
                                             const FidelityPlan& plan);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEVICE_FIDELITY_H_
