// From the writes of one burst to TraceFacts.
#ifndef ROCKTUNE_HOOKS_WRITE_FOLD_H_
#define ROCKTUNE_HOOKS_WRITE_FOLD_H_

#include <cstdint>

#include "absl/types/span.h"
#include "hooks/query_trace.h"
#include "policy/trace_facts.h"

namespace rocktune {

// Uses of keys, taken at random from a larger number of uses.
struct SampledKeys {
  double uses = 0;
  double distinct = 0;
  double once = 0;  // keys that were used once
  double twice = 0;
};

// Distinct keys among all `uses`, from a sample of them: Colwell et al., 2012
// (extrapolation), with Chao's estimate (2005) of how many keys the sample
// missed. That estimate is a lower bound, so this is one too where the sample
// is a small part; with the whole as the sample it is the count itself.
double DistinctAmong(double uses, const SampledKeys& sample);

struct TracedWrites {
  absl::Span<const TracedWrite> writes;
  uint64_t dropped = 0;     // that did not fit any more
  uint64_t unknown = 0;     // batches that could not be read
  double sample_ratio = 1;  // of batches
};

// Sets written_keys, update_share and delete_share, and the means of keys and
// values where the reads gave none. Nothing when there were fewer than 100
// writes, or some that could not be read; nothing of single keys when less than
// a tenth of the writes is in the sample. Milliseconds, and 4 MB for as long.
//
// An update is a put or merge whose key was put or merged before within the
// burst. So the share is a lower bound of that of writes to keys that the
// database holds: a key that is written less often than once in a burst looks
// new. A put after a delete counts as an update all the same. From a sample of
// a tenth the share is up to 0.1 too high where many keys are rare (measured in
// the tests); a half is within 0.01.
void FoldWrites(const TracedWrites& traced, TraceFacts* facts);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_WRITE_FOLD_H_
