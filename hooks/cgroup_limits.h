// What the control groups (v1 and v2) of this process leave it.
#ifndef ROCKTUNE_HOOKS_CGROUP_LIMITS_H_
#define ROCKTUNE_HOOKS_CGROUP_LIMITS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hooks/mounts.h"
#include "hooks/system_file.h"

namespace rocktune {

struct CgroupLimits {
  std::optional<uint64_t> memory_bytes;
  std::optional<double> cpus;  // quota / period
};

// One line of /proc/self/cgroup. `controllers` is empty for v2.
struct CgroupPath {
  std::vector<std::string> controllers;
  std::string path;
};

// One entry per well-formed line; others are left out.
std::vector<CgroupPath> ParseCgroupPaths(absl::string_view text);

// A memory limit in bytes. nullopt for "max", for v1's "no limit" (a number
// near 2^63) and for what is no number.
std::optional<uint64_t> ParseMemoryLimit(absl::string_view text);

// CPUs of v2's cpu.max, "quota period". nullopt for "max" and nonsense.
std::optional<double> ParseCpuMax(absl::string_view text);

// CPUs of v1's quota (-1: none) and period.
std::optional<double> ParseCpuQuota(absl::string_view quota_us,
                                    absl::string_view period_us);

// The least limit on the way from our own group up to the top of what is
// mounted: a parent's limit binds as well.
CgroupLimits ReadCgroupLimits(absl::Span<const CgroupPath> paths,
                              absl::Span<const Mount> mounts,
                              SystemFileReader read);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_CGROUP_LIMITS_H_
