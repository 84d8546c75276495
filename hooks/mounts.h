// /proc/self/mountinfo: which file system holds a path.
#ifndef ROCKTUNE_HOOKS_MOUNTS_H_
#define ROCKTUNE_HOOKS_MOUNTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rocktune {

struct Mount {
  std::string device;         // "8:1", major:minor
  std::string root;           // of the file system, what is mounted here
  std::string point;          // where
  std::string type;           // "ext4", "cgroup2", ...
  std::string source;         // "/dev/sda1", "tmpfs", ...
  std::string super_options;  // "rw,memory"
};

// One entry per well-formed line, in the file's order; others are left out.
std::vector<Mount> ParseMountinfo(absl::string_view text);

// The mount that holds `path` (absolute, without symbolic links), or null. Of
// several on one point the last one counts: it covers the others.
const Mount* FindMount(absl::Span<const Mount> mounts, absl::string_view path);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_MOUNTS_H_
