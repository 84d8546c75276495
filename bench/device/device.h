// Emulated storage devices: profiles from published figures, a model that says
// when an operation would end, and a file system that waits until then.
#ifndef ROCKTUNE_BENCH_DEVICE_DEVICE_H_
#define ROCKTUNE_BENCH_DEVICE_DEVICE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "rocksdb/file_system.h"

namespace rocktune {

// A device as its data sheet or its cloud's documentation describes it.
struct DeviceProfile {
  std::string name;    // "nvme", "sata-ssd", "hdd", "cloud-volume", ...
  std::string source;  // where the figures come from
  // Service time of one random 4 KiB operation alone on the device:
  // log-normal by median and p99.
  double read_us_p50 = 0, read_us_p99 = 0;
  double write_us_p50 = 0, write_us_p99 = 0;
  double fsync_us_p50 = 0;
  // Ceilings; 0: none of its own.
  double read_iops = 0, write_iops = 0, total_iops = 0;
  double read_bytes_per_s = 0, write_bytes_per_s = 0, total_bytes_per_s = 0;
  int queue_depth = 1;  // operations served at a time
  // An operation larger than this counts as several towards IOPS.
  uint64_t io_bytes = 256 * 1024;
  // Sequential operations pay no positioning (hard disk): their service time
  // is transfer alone.
  bool positions = false;
  // Burst credits: IOPS above `total_iops` up to `burst_iops` while credits
  // last (`burst_credits` operations, refilled at total_iops). 0: none.
  double burst_iops = 0, burst_credits = 0;
};

std::vector<std::string> DeviceNames();
// NotFound with the nearest name.
absl::StatusOr<DeviceProfile> FindDevice(absl::string_view name);
// False for "none", the machine's own device: leave the file system as it is.
bool IsEmulated(const DeviceProfile& profile);

enum class DeviceOp { kRead, kWrite, kSync };

// What has been asked of a device.
struct DeviceCounters {
  uint64_t reads = 0, read_bytes = 0;
  uint64_t writes = 0, write_bytes = 0;
  uint64_t syncs = 0;
  absl::Duration busy;  // waited by all callers together
};

// When operations end. Pure: time is an argument. Thread-safe.
class DeviceModel {
 public:
  DeviceModel(const DeviceProfile& profile, uint64_t seed);
  ~DeviceModel();

  // The moment at which an operation submitted at `now` is done (>= now).
  // `sequential`: follows the previous operation on the same file.
  absl::Time Submit(DeviceOp op, uint64_t bytes, bool sequential,
                    absl::Time now);
  DeviceCounters Counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A file system over `base` whose data reads, writes and syncs take as long as
// the model says. `base`'s own time is part of it, not added: give it files
// that lie in the page cache, so that this machine's disk is not measured.
// Direct I/O is asked for above and served buffered below. Reads are device
// reads always: there is no page cache in the model, so open the database with
// direct reads. Buffered writes cost nothing until they are synced or their
// range is written back. Syncs are not passed on to `base`: the data survive
// the process, not the machine. Everything else (names, locks, listings) is
// passed on. Owns a share of `base` and of the model.
std::shared_ptr<rocksdb::FileSystem> NewDeviceFileSystem(
    const std::shared_ptr<rocksdb::FileSystem>& base,
    std::shared_ptr<DeviceModel> model);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEVICE_DEVICE_H_
