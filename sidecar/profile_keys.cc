#include "sidecar/profile_keys.h"

#include <iterator>

namespace rocktune {
namespace {

// By ProfileDimension.
constexpr absl::string_view kKeys[] = {
    "get_share",         "multiget_share", "write_share",  "seek_share",
    "arrival_ops_per_s", "found_share",    "scan_length",  "key_bytes",
    "value_bytes",       "read_bytes",     "delete_share", "zipf_exponent",
    "working_set_bytes",
};
static_assert(std::size(kKeys) == kProfileDimensions);

}  // namespace

absl::string_view KeyOf(ProfileDimension dimension) {
  return kKeys[static_cast<size_t>(dimension)];
}

std::optional<ProfileDimension> DimensionOf(absl::string_view key) {
  for (size_t i = 0; i < std::size(kKeys); ++i) {
    if (kKeys[i] == key) return static_cast<ProfileDimension>(i);
  }
  return std::nullopt;
}

}  // namespace rocktune
