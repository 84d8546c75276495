// From the lookups of one burst to TraceFacts.
#ifndef ROCKTUNE_HOOKS_TRACE_FOLD_H_
#define ROCKTUNE_HOOKS_TRACE_FOLD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hooks/block_trace.h"
#include "policy/trace_facts.h"

namespace rocktune {

// Exact counts of block lookups, of the whole database.
struct LookupCounts {
  uint64_t hits = 0;
  uint64_t misses = 0;
  uint64_t data_lookups = 0;
};

struct TracedCache {
  std::string column_family;  // as CacheShape
  uint64_t capacity_bytes = 0;
  std::vector<uint32_t> families;  // ids of those that use it
};

struct TracedBurst {
  absl::Time begin;
  absl::Duration length;
  double sample_ratio = 1;  // of blocks
  absl::Span<const BlockAccess> accesses;
  uint64_t dropped = 0;  // that did not fit any more
  std::optional<LookupCounts> counts;
  std::vector<TracedCache> caches;
};

// Lookups by flush, compaction and the like are left out: what they read says
// nothing about the load, and they do not fill the cache. With several caches
// the exact counts, which are of all together, correct none of the curves.
// Milliseconds, and up to 3 MB a cache for as long.
TraceFacts FoldBurst(const TracedBurst& burst);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_TRACE_FOLD_H_
