#include "hooks/host_facts.h"

#include <sched.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "hooks/cgroup_limits.h"
#include "hooks/mounts.h"
#include "hooks/system_file.h"
#include "hooks/versions.h"

namespace rocktune {
namespace {

// A quota is rounded down: a background job too few costs less than one that
// is throttled in the middle of a compaction.
int UsableCores(const std::optional<double>& quota_cpus) {
  int cores = 0;
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
    cores = CPU_COUNT(&allowed);
  }
  if (cores <= 0) cores = static_cast<int>(std::thread::hardware_concurrency());
  if (quota_cpus && *quota_cpus < cores) cores = static_cast<int>(*quota_cpus);
  return std::max(cores, 1);
}

std::string RealPath(const std::string& path) {
  char resolved[PATH_MAX];
  return realpath(path.c_str(), resolved) == nullptr ? std::string() : resolved;
}

std::string DeviceName(dev_t device) {
  return absl::StrCat(major(device), ":", minor(device));
}

// File systems of their own device number (btrfs, overlay) name the block
// device as the source of the mount; major 0 is no block device.
std::string BlockDeviceOf(const std::string& path, const Mount* mount) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return "";
  if (major(info.st_dev) != 0) return DeviceName(info.st_dev);
  if (mount != nullptr && stat(mount->source.c_str(), &info) == 0 &&
      S_ISBLK(info.st_mode)) {
    return DeviceName(info.st_rdev);
  }
  return "";
}

// The queue belongs to the whole disk; a partition finds it one directory up
// (the entry of /sys/dev/block is a link, ".." follows it).
std::optional<std::string> ReadQueueFile(const std::string& device,
                                         const std::string& name) {
  const std::string base = absl::StrCat("/sys/dev/block/", device);
  std::optional<std::string> text =
      ReadSystemFile(absl::StrCat(base, "/queue/", name));
  if (!text) text = ReadSystemFile(absl::StrCat(base, "/../queue/", name));
  return text;
}

void ReadDevice(const std::string& db_path, absl::Span<const Mount> mounts,
                HostFacts* facts) {
  const std::string path = RealPath(db_path);
  if (path.empty()) return;
  const Mount* mount = FindMount(mounts, path);
  if (mount != nullptr) facts->filesystem = mount->type;
  const std::string device = BlockDeviceOf(path, mount);
  if (device.empty()) return;
  if (const auto rotational = ReadQueueFile(device, "rotational")) {
    const absl::string_view word = absl::StripAsciiWhitespace(*rotational);
    if (word == "0" || word == "1") facts->rotational = word == "1";
  }
  if (const auto scheduler = ReadQueueFile(device, "scheduler")) {
    facts->device_queue = ParseScheduler(*scheduler);
  }
}

}  // namespace

HostFacts ReadHostFacts(const std::string& db_path) {
  HostFacts facts;
  const std::vector<Mount> mounts =
      ParseMountinfo(ReadSystemFile("/proc/self/mountinfo").value_or(""));
  const CgroupLimits limits = ReadCgroupLimits(
      ParseCgroupPaths(ReadSystemFile("/proc/self/cgroup").value_or("")),
      mounts, ReadSystemFile);
  facts.cgroup_memory_bytes = limits.memory_bytes;
  facts.cgroup_cpus = limits.cpus;
  facts.cores = UsableCores(limits.cpus);
  facts.memory_bytes =
      ParseMemTotal(ReadSystemFile("/proc/meminfo").value_or(""));
  ReadDevice(db_path, mounts, &facts);
  facts.rocksdb_version = LoadedRocksdbVersion();
  return facts;
}

uint64_t ParseMemTotal(absl::string_view meminfo) {
  for (absl::string_view line : absl::StrSplit(meminfo, '\n')) {
    if (!absl::StartsWith(line, "MemTotal:")) continue;
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    uint64_t kib = 0;
    if (words.size() < 2 || !absl::SimpleAtoi(words[1], &kib)) return 0;
    return kib * 1024;
  }
  return 0;
}

std::string ParseScheduler(absl::string_view text) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(absl::StripAsciiWhitespace(text), ' ', absl::SkipEmpty());
  for (absl::string_view word : words) {
    if (word.size() > 2 && word.front() == '[' && word.back() == ']') {
      return std::string(word.substr(1, word.size() - 2));
    }
  }
  return words.size() == 1 ? std::string(words[0]) : std::string();
}

}  // namespace rocktune
