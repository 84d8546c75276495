#include "hooks/cgroup_limits.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rocktune {
namespace {

// v1 writes "no limit" as the largest multiple of the page size below 2^63;
// no machine has half of that.
constexpr uint64_t kNoLimit = uint64_t{1} << 62;

// A path deeper than this is not walked further up.
constexpr int kMaxDepth = 32;

template <typename T>
void TakeLess(std::optional<T> value, std::optional<T>* least) {
  if (value && (!*least || *value < **least)) *least = value;
}

bool Controls(const Mount& mount, absl::string_view controller) {
  if (mount.type == "cgroup2") return controller.empty();
  if (mount.type != "cgroup" || controller.empty()) return false;
  const std::vector<std::string> words =
      absl::StrSplit(mount.super_options, ',');
  return std::find(words.begin(), words.end(), controller) != words.end();
}

bool Controls(const CgroupPath& path, absl::string_view controller) {
  if (controller.empty()) return path.controllers.empty();
  return std::find(path.controllers.begin(), path.controllers.end(),
                   controller) != path.controllers.end();
}

// Directories from our own group up to the mount point. Inside a container
// the path may be seen from outside: what is mounted (`root`) is cut off.
std::vector<std::string> Directories(const CgroupPath& path,
                                     const Mount& mount) {
  absl::string_view below = path.path;
  const absl::string_view root = mount.root;
  if (root != "/") {
    below = absl::StartsWith(below, root) ? below.substr(root.size())
                                          : absl::string_view();
  }
  while (absl::EndsWith(below, "/")) below.remove_suffix(1);
  std::vector<std::string> directories;
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    directories.push_back(absl::StrCat(mount.point, below));
    if (below.empty()) break;
    below = below.substr(0, below.rfind('/'));
  }
  return directories;
}

// All directories that limit `controller` (empty: v2).
std::vector<std::string> DirectoriesOf(absl::string_view controller,
                                       absl::Span<const CgroupPath> paths,
                                       absl::Span<const Mount> mounts) {
  for (const CgroupPath& path : paths) {
    if (!Controls(path, controller)) continue;
    for (const Mount& mount : mounts) {
      if (Controls(mount, controller)) return Directories(path, mount);
    }
  }
  return {};
}

}  // namespace

std::vector<CgroupPath> ParseCgroupPaths(absl::string_view text) {
  std::vector<CgroupPath> paths;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<absl::string_view> fields =
        absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3 || !absl::StartsWith(fields[2], "/")) continue;
    CgroupPath path;
    path.controllers = absl::StrSplit(fields[1], ',', absl::SkipEmpty());
    path.path = std::string(fields[2]);
    paths.push_back(std::move(path));
  }
  return paths;
}

std::optional<uint64_t> ParseMemoryLimit(absl::string_view text) {
  uint64_t bytes = 0;
  if (!absl::SimpleAtoi(absl::StripAsciiWhitespace(text), &bytes) ||
      bytes == 0 || bytes >= kNoLimit) {
    return std::nullopt;
  }
  return bytes;
}

std::optional<double> ParseCpuMax(absl::string_view text) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(absl::StripAsciiWhitespace(text), ' ', absl::SkipEmpty());
  if (words.size() != 2) return std::nullopt;
  return ParseCpuQuota(words[0], words[1]);
}

std::optional<double> ParseCpuQuota(absl::string_view quota_us,
                                    absl::string_view period_us) {
  int64_t quota = 0;
  int64_t period = 0;
  if (!absl::SimpleAtoi(absl::StripAsciiWhitespace(quota_us), &quota) ||
      !absl::SimpleAtoi(absl::StripAsciiWhitespace(period_us), &period) ||
      quota <= 0 || period <= 0) {
    return std::nullopt;
  }
  return static_cast<double>(quota) / static_cast<double>(period);
}

CgroupLimits ReadCgroupLimits(absl::Span<const CgroupPath> paths,
                              absl::Span<const Mount> mounts,
                              SystemFileReader read) {
  CgroupLimits limits;
  for (const std::string& directory : DirectoriesOf("", paths, mounts)) {
    TakeLess(ParseMemoryLimit(read(directory + "/memory.max").value_or("")),
             &limits.memory_bytes);
    TakeLess(ParseCpuMax(read(directory + "/cpu.max").value_or("")),
             &limits.cpus);
  }
  for (const std::string& directory : DirectoriesOf("memory", paths, mounts)) {
    TakeLess(ParseMemoryLimit(
                 read(directory + "/memory.limit_in_bytes").value_or("")),
             &limits.memory_bytes);
  }
  for (const std::string& directory : DirectoriesOf("cpu", paths, mounts)) {
    TakeLess(ParseCpuQuota(read(directory + "/cpu.cfs_quota_us").value_or(""),
                           read(directory + "/cpu.cfs_period_us").value_or("")),
             &limits.cpus);
  }
  return limits;
}

}  // namespace rocktune
