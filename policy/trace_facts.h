// What a short burst of tracing saw of one database: how the block caches
// would do at other sizes, and how skewed the keys are. Hashes and counts only;
// no key or value byte is in here.
#ifndef ROCKTUNE_POLICY_TRACE_FACTS_H_
#define ROCKTUNE_POLICY_TRACE_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace rocktune {

// Hit ratio of a block cache by its capacity, least recently used first out.
struct MissRatioCurve {
  struct Point {
    uint64_t capacity_bytes = 0;
    double hit_ratio = 0;  // 0 .. 1
  };
  std::string column_family;  // as CacheShape: "" = shared by all
  std::vector<Point> points;  // ascending in capacity, never falling
  uint64_t accesses = 0;      // that were sampled
  // Hit ratio that was measured during the burst, at `capacity_bytes`.
  double measured_hit_ratio = 0;
  uint64_t capacity_bytes = 0;

  // Interpolated (linear in log capacity); nullopt without points, or beyond
  // the last point by more than the trace can say.
  std::optional<double> HitRatioAt(uint64_t capacity_bytes) const;
};

// How unevenly keys are used.
struct KeySkew {
  double distinct_keys = 0;   // HyperLogLog, scaled to the whole burst
  double top_1pct_share = 0;  // accesses that go to the hottest 1 % of them
  double zipf_exponent = 0;   // fitted on the hot ranks; 0 = uniform
  // Distinct blocks touched, in bytes; of writes: their distinct entries.
  uint64_t working_set_bytes = 0;
};

// Block lookups of one column family, sampled.
struct FamilyAccesses {
  uint32_t id = 0;
  std::vector<uint64_t> accesses_by_level;
  std::vector<uint64_t> misses_by_level;
};

// One burst. A field that the burst could not tell is empty.
struct TraceFacts {
  absl::Time taken;  // when it began
  absl::Duration length;
  double sample_ratio = 0;             // of blocks, 0 .. 1
  std::vector<MissRatioCurve> curves;  // one per block cache
  std::vector<FamilyAccesses> families;
  std::optional<KeySkew> read_keys;
  // Of what point reads found; where there were none, of what was written.
  std::optional<double> key_bytes_mean;
  std::optional<double> value_bytes_mean;
  // Query tracing only (the host opted in). written_keys: puts and merges.
  std::optional<KeySkew> written_keys;
  // Of writes: the key was put or merged before in the burst. A lower bound of
  // the writes to keys that exist.
  std::optional<double> update_share;
  std::optional<double> delete_share;  // of writes, ranges included

  const MissRatioCurve* CurveOf(const std::string& column_family) const {
    for (const MissRatioCurve& curve : curves) {
      if (curve.column_family == column_family) return &curve;
    }
    return nullptr;
  }
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_TRACE_FACTS_H_
