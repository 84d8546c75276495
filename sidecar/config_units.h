// Sizes and durations as people write them in a configuration.
#ifndef ROCKTUNE_SIDECAR_CONFIG_UNITS_H_
#define ROCKTUNE_SIDECAR_CONFIG_UNITS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rocktune {

// "64 MiB", "1.5G", "512": bytes. Units are binary with and without the "i"
// (1 KB = 1024), as in RocksDB and in option values. nullopt: not a size.
std::optional<uint64_t> ParseBytes(absl::string_view text);

// The shortest text that ParseBytes() reads as `bytes`.
std::string FormatBytes(uint64_t bytes);

// "30s", "500ms", "2m", "1h30m": a finite duration of at least 0.
std::optional<absl::Duration> ParseDurationText(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_CONFIG_UNITS_H_
