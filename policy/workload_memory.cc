#include "policy/workload_memory.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "policy/profile_dimensions.h"

namespace rocktune {
namespace {

// How slowly the centre of a region follows what is seen there: as the mean
// of at most so many profiles. A guess.
constexpr int kCentreMemory = 8;
constexpr int kMaxFailures = 2;

// A profile that says nothing of the mix lies in no region.
bool Known(const WorkloadProfile& profile) {
  return profile[ProfileDimension::kWriteShare].has_value();
}

// The newest in everything but where the centre is.
WorkloadProfile MovedTowards(const WorkloadProfile& centre,
                             const WorkloadProfile& seen, int times) {
  WorkloadProfile moved = seen;
  const double weight = 1.0 / std::min(kCentreMemory, times + 1);
  for (const DimensionRow& row : ProfileDimensionRows()) {
    const std::optional<double> from = centre[row.dimension];
    std::optional<double>& to = moved.value[static_cast<size_t>(row.dimension)];
    if (!from) continue;
    if (!to) {
      to = from;
    } else if (row.measure == Measure::kSize) {
      to = std::exp((1 - weight) * std::log(*from + 1) +
                    weight * std::log(*to + 1)) -
           1;
    } else {
      to = (1 - weight) * *from + weight * *to;
    }
  }
  return moved;
}

std::vector<MemoryEntry>::const_iterator Nearest(
    const std::vector<MemoryEntry>& entries, const WorkloadProfile& profile) {
  auto nearest = entries.end();
  if (!Known(profile)) return nearest;
  double least = WorkloadMemory::kSameRegion;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    if (!Known(entry->profile)) continue;
    const double distance = DistanceBetween(entry->profile, profile).distance;
    if (distance >= least) continue;
    least = distance;
    nearest = entry;
  }
  return nearest;
}

}  // namespace

const MemoryEntry* WorkloadMemory::Recall(
    const WorkloadProfile& profile) const {
  const auto entry = Nearest(entries_, profile);
  return entry == entries_.end() ? nullptr : &*entry;
}

std::vector<MemoryEntry>::iterator WorkloadMemory::Find(
    const WorkloadProfile& profile) {
  return entries_.begin() + (Nearest(entries_, profile) - entries_.begin());
}

const MemoryEntry& WorkloadMemory::Remember(const WorkloadProfile& profile,
                                            const OptionValues& values,
                                            absl::Time now) {
  auto entry = Find(profile);
  if (entry != entries_.end()) {
    entry->profile = MovedTowards(entry->profile, profile, entry->times_proven);
  } else {
    MemoryEntry added;
    added.profile = profile;
    if (entries_.size() < kMaxEntries) {
      for (const MemoryEntry& old : entries_) {
        added.id = std::max(added.id, old.id);
      }
      ++added.id;
      entry = entries_.insert(entries_.end(), std::move(added));
    } else {
      entry = std::min_element(entries_.begin(), entries_.end(),
                               [](const MemoryEntry& a, const MemoryEntry& b) {
                                 return a.last_proven < b.last_proven;
                               });
      added.id = entry->id;
      *entry = std::move(added);
    }
  }
  entry->values = values;
  ++entry->times_proven;
  entry->times_failed = 0;
  entry->last_proven = now;
  return *entry;
}

bool WorkloadMemory::Failed(const WorkloadProfile& profile) {
  const auto entry = Find(profile);
  if (entry == entries_.end()) return false;
  if (++entry->times_failed < kMaxFailures) return false;
  entries_.erase(entry);
  return true;
}

}  // namespace rocktune
