// The device below a directory as fio measures it.
#ifndef ROCKTUNE_BENCH_OFFLINE_FIO_PROBE_H_
#define ROCKTUNE_BENCH_OFFLINE_FIO_PROBE_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/offline/device_probe.h"

namespace rocktune {

struct FioTimes {
  absl::Duration measured;  // of all jobs together
  absl::Duration limit;     // of the program, laying out its file included
};

// Direct, asynchronous I/O (libaio) on a file of 256 MiB in `dir`, which is
// removed; laying it out counts in no figure. Unavailable: no fio on the PATH,
// or one that cannot do that here, say on a file system without direct I/O.
// Cancelled; DeadlineExceeded: not done within the limit.
absl::StatusOr<DeviceFigures> ProbeWithFio(const std::string& dir,
                                           const FioTimes& times,
                                           const std::atomic<bool>* stop);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_FIO_PROBE_H_
