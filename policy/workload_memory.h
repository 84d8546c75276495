// What was proven under which load. When a known load comes back, its values
// are tried first, and no advisor is asked.
#ifndef ROCKTUNE_POLICY_WORKLOAD_MEMORY_H_
#define ROCKTUNE_POLICY_WORKLOAD_MEMORY_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "policy/option.h"
#include "policy/workload_profile.h"

namespace rocktune {

// One region of the space of profiles and the values proven there.
struct MemoryEntry {
  int64_t id = 0;           // 1, 2, 3 ... in its database; 0: not remembered
  WorkloadProfile profile;  // its centre (mean of what was seen there)
  OptionValues values;      // every value that was in force and differs, in
                            // any region, from that at attach
  int times_proven = 0;     // kept trials, confirming ones included
  int times_failed = 0;     // confirming trials in a row that did not hold
  absl::Time last_proven;
};

// Not thread-safe.
class WorkloadMemory {
 public:
  static constexpr size_t kMaxEntries = 32;
  // Profiles nearer than this (DistanceBetween) are the same region.
  static constexpr double kSameRegion = 0.5;

  // The entry of the region `profile` lies in, or null; null also while the
  // mix of `profile` is unknown. The nearest of several. Valid until the next
  // Remember() or Failed().
  const MemoryEntry* Recall(const WorkloadProfile& profile) const;

  // `values` were proven (or are still the best known) under `profile`:
  // makes or updates its region's entry and returns it, to be saved. When the
  // table is full the entry that was proven longest ago goes; the new one
  // takes over its id, so that saving it replaces the old one.
  const MemoryEntry& Remember(const WorkloadProfile& profile,
                              const OptionValues& values, absl::Time now);
  // The confirming trial of an entry did not hold: two failures in a row and
  // it is forgotten. True when it was forgotten (Recall() before tells which).
  bool Failed(const WorkloadProfile& profile);

  const std::vector<MemoryEntry>& entries() const { return entries_; }
  void Load(std::vector<MemoryEntry> entries) { entries_ = std::move(entries); }

 private:
  std::vector<MemoryEntry>::iterator Find(const WorkloadProfile& profile);

  std::vector<MemoryEntry> entries_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_WORKLOAD_MEMORY_H_
