// The devices. Adding one is one row here; the tests take it from here.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/device/device.h"
#include "policy/edit_distance.h"

namespace rocktune {
namespace {

constexpr double kMb = 1e6;  // as drive makers count
constexpr double kMib = 1024.0 * 1024.0;

DeviceProfile Nvme() {
  DeviceProfile row;
  row.name = "nvme";
  row.source =
      "Intel SSD DC P4500 2 TB, product specification, 2017: latency 85/20 us "
      "typical, 490 000/38 000 IOPS, 3200/1050 MB/s. Guesses: p99, fsync "
      "(write cache safe against power loss), queue depth.";
  row.read_us_p50 = 85;
  row.read_us_p99 = 130;
  row.write_us_p50 = 20;
  row.write_us_p99 = 50;
  row.fsync_us_p50 = 15;
  row.read_iops = 490'000;
  row.write_iops = 38'000;
  row.read_bytes_per_s = 3200 * kMb;
  row.write_bytes_per_s = 1050 * kMb;
  row.queue_depth = 128;
  return row;
}

DeviceProfile SataSsd() {
  DeviceProfile row;
  row.name = "sata-ssd";
  row.source =
      "Samsung 870 EVO, data sheet, 2021: 13 000/36 000 IOPS at queue depth 1, "
      "98 000/88 000 at 32, 560/530 MB/s. The medians are those whose means "
      "give the IOPS at depth 1. Guesses: p99, fsync (a flush of a cache that "
      "power loss would empty), one link for both directions.";
  row.read_us_p50 = 73.6;
  row.read_us_p99 = 147;
  row.write_us_p50 = 24.8;
  row.write_us_p99 = 74.5;
  row.fsync_us_p50 = 1000;
  row.read_iops = 98'000;
  row.write_iops = 88'000;
  row.total_iops = 98'000;
  row.read_bytes_per_s = 560 * kMb;
  row.write_bytes_per_s = 530 * kMb;
  row.total_bytes_per_s = 560 * kMb;
  row.queue_depth = 32;
  return row;
}

DeviceProfile HardDisk() {
  DeviceProfile row;
  row.name = "hdd";
  row.source =
      "WD Ultrastar DC HC310, OEM specification, 2018: 7200 rpm, seek 7.4/8.2 "
      "ms, rotation 4.16 ms on average, 255 MB/s sustained (outer tracks). The "
      "medians are those whose means are seek + rotation. Guesses: p99, fsync "
      "(one turn). Left out: reordering of queued commands, which gives real "
      "disks up to twice the random IOPS at depth 16.";
  row.read_us_p50 = 11'200;
  row.read_us_p99 = 20'000;
  row.write_us_p50 = 11'980;
  row.write_us_p99 = 21'400;
  row.fsync_us_p50 = 8'330;
  row.total_bytes_per_s = 255 * kMb;
  row.positions = true;
  return row;
}

DeviceProfile CloudVolume() {
  DeviceProfile row;
  row.name = "cloud-volume";
  row.source =
      "Amazon EBS gp3, user guide (Amazon EBS volume types), 2024: baseline "
      "3 000 IOPS of up to 256 KiB and 125 MiB/s, latency of single-digit "
      "milliseconds. Guesses: where in the single digits, fsync, queue depth.";
  row.read_us_p50 = row.write_us_p50 = 800;
  row.read_us_p99 = row.write_us_p99 = 3'000;
  row.fsync_us_p50 = 800;
  row.total_iops = 3'000;
  row.total_bytes_per_s = 125 * kMib;
  row.queue_depth = 64;
  return row;
}

DeviceProfile CloudBurst() {
  DeviceProfile row = CloudVolume();
  row.name = "cloud-burst";
  row.source =
      "Amazon EBS gp2 of 100 GiB, user guide (Amazon EBS volume types), 2024: "
      "300 IOPS, bursts to 3 000 on credits, 128 MiB/s. The credits are a "
      "hundredth of the 5.4 million of a real one, so that a short run sees "
      "them end. Guesses as for cloud-volume.";
  row.total_iops = 300;
  row.burst_iops = 3'000;
  row.burst_credits = 54'000;
  row.total_bytes_per_s = 128 * kMib;
  return row;
}

DeviceProfile NoDevice() {
  DeviceProfile row;
  row.name = "none";
  row.source = "No emulation: this machine's own device.";
  return row;
}

const std::vector<DeviceProfile>& Devices() {
  static const std::vector<DeviceProfile> rows = {
      Nvme(), SataSsd(), HardDisk(), CloudVolume(), CloudBurst(), NoDevice()};
  return rows;
}

}  // namespace

std::vector<std::string> DeviceNames() {
  std::vector<std::string> names;
  for (const DeviceProfile& row : Devices()) names.push_back(row.name);
  return names;
}

absl::StatusOr<DeviceProfile> FindDevice(absl::string_view name) {
  for (const DeviceProfile& row : Devices()) {
    if (name == row.name) return row;
  }
  const std::string nearest = NearestName(name, DeviceNames());
  return absl::NotFoundError(absl::StrCat(
      "no device \"", name, "\"",
      nearest.empty() ? std::string()
                      : absl::StrCat("; did you mean \"", nearest, "\"?"),
      "; there are: ", absl::StrJoin(DeviceNames(), ", ")));
}

bool IsEmulated(const DeviceProfile& profile) {
  return profile.name != NoDevice().name;
}

}  // namespace rocktune
