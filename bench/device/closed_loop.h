// Callers that each keep one operation on a device, all the time: what the
// profile promises them, and what the model gives them in virtual time.
#ifndef ROCKTUNE_BENCH_DEVICE_CLOSED_LOOP_H_
#define ROCKTUNE_BENCH_DEVICE_CLOSED_LOOP_H_

#include <cstdint>
#include <vector>

#include "bench/device/device.h"

namespace rocktune {

struct ClosedLoop {
  DeviceOp op = DeviceOp::kRead;  // not kSync
  uint64_t bytes = 4096;
  int depth = 1;  // callers
  bool sequential = false;
  int operations = 20'000;  // of all callers together
};

struct ClosedLoopFigures {
  double iops = 0;
  double bytes_per_s = 0;
  double us_mean = 0, us_p50 = 0, us_p99 = 0;
};

// One operation.
struct ClosedLoopSample {
  absl::Time begin, end;
};

// The figures of samples in the order of submission, the first quarter left
// out: a device that has rested lets more through at first. At least four.
ClosedLoopFigures FiguresOf(const std::vector<ClosedLoopSample>& samples,
                            uint64_t bytes);

// Operations per second by arithmetic from the profile alone: the smallest of
// its ceilings and of depth / mean service time. Burst credits count as full.
double PromisedIops(const DeviceProfile& profile, const ClosedLoop& loop);

// The model in virtual time.
ClosedLoopFigures RunVirtually(const DeviceProfile& profile, uint64_t seed,
                               const ClosedLoop& loop);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEVICE_CLOSED_LOOP_H_
