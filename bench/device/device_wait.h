// Waiting for a moment precisely enough for a device that answers in 20 us.
#ifndef ROCKTUNE_BENCH_DEVICE_DEVICE_WAIT_H_
#define ROCKTUNE_BENCH_DEVICE_DEVICE_WAIT_H_

#include "absl/time/time.h"

namespace rocktune {

// The monotonic clock, as time since its own zero. Only to be compared with
// other results of it.
absl::Time MonotonicNow();

// Returns at `moment` or later, never before. Sleeps, and spends at most
// 20 us at the end of a wait in yielding to other threads. Sets the calling
// thread's timer slack to the smallest for good.
void WaitUntil(absl::Time moment);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEVICE_DEVICE_WAIT_H_
