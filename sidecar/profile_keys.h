// The dimensions of a workload profile by name, unit included: the same in the
// history and in JSON, and never changed once a file holds them.
#ifndef ROCKTUNE_SIDECAR_PROFILE_KEYS_H_
#define ROCKTUNE_SIDECAR_PROFILE_KEYS_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "policy/workload_profile.h"

namespace rocktune {

// "get_share", "arrival_rate_ops_per_s", "value_bytes", ...
absl::string_view KeyOf(ProfileDimension dimension);

// nullopt: no dimension has this name.
std::optional<ProfileDimension> DimensionOf(absl::string_view key);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_PROFILE_KEYS_H_
