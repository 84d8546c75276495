// The dimensions of a workload profile as rows of a table.
#ifndef ROCKTUNE_POLICY_PROFILE_DIMENSIONS_H_
#define ROCKTUNE_POLICY_PROFILE_DIMENSIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"
#include "policy/trace_facts.h"
#include "policy/window.h"
#include "policy/workload_profile.h"

namespace rocktune {

// What a dimension is read from.
struct ProfileSource {
  const Window* all = nullptr;        // the windows, pooled
  const Window* flushed = nullptr;    // those of them that only flushed
  const TraceFacts* trace = nullptr;  // the latest burst, or null
};

// Whether the files a window created hold what was written of late, and no
// compaction's older data.
inline bool OnlyFlushed(const Window& window) {
  return window.events.flushes > 0 && window.events.compactions == 0 &&
         window.running_compactions == 0;
}

// A value and how many operations, keys or entries it was counted from.
struct Reading {
  double value = 0;
  double count = 0;
};

// How two values are compared.
enum class Measure {
  kShare,   // 0 .. 1: by the difference
  kNumber,  // by the difference
  kSize,    // by the factor
};

struct DimensionRow {
  ProfileDimension dimension;
  const char* name;
  Measure measure;
  double scale;         // see DistanceBetween
  const char* missing;  // why it is unknown where its source is there
  bool from_statistics;
  std::optional<Reading> (*read)(const ProfileSource& source);
};

// In the order of ProfileDimension.
absl::Span<const DimensionRow> ProfileDimensionRows();
const DimensionRow& RowOf(ProfileDimension dimension);

// In units of the row's scale, never negative.
double DistanceOf(const DimensionRow& row, double a, double b);

// "0.31", "1200 ops/s", "116 B".
std::string ValueText(const DimensionRow& row, double value);
// "write share 0.10 -> 0.31"
std::string ChangeText(const DimensionRow& row, double before, double after);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_PROFILE_DIMENSIONS_H_
