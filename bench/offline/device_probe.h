// What the device below a directory gives: a few seconds of plain I/O.
#ifndef ROCKTUNE_BENCH_OFFLINE_DEVICE_PROBE_H_
#define ROCKTUNE_BENCH_OFFLINE_DEVICE_PROBE_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rocktune {

struct DeviceFigures {
  bool by_fio = false;     // who measured it: fio, or our own threads
  bool direct = false;     // past the page cache; else its figures are memory's
  double read_iops_1 = 0;  // random 4 KiB, one at a time
  double read_iops_16 = 0;  // sixteen at a time
  double write_iops_16 = 0;
  double read_bytes_per_s = 0;  // sequential, 1 MiB
  double write_bytes_per_s = 0;
  double sync_us = 0;  // fdatasync after 4 KiB
};

// By fio where there is one and it can (ProbeWithFio), else by threads of our
// own. Takes at most `limit`, and a second to end, and a file of at most 256
// MiB in `dir`, which is removed. Cancelled; ResourceExhausted: no room for the
// file; Unavailable.
absl::StatusOr<DeviceFigures> ProbeDevice(const std::string& dir,
                                          absl::Duration limit,
                                          const std::atomic<bool>* stop);

// One line for people.
std::string Describe(const DeviceFigures& figures);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_DEVICE_PROBE_H_
