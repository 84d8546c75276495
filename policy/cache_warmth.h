// How a block cache does after its capacity was changed.
#ifndef ROCKTUNE_POLICY_CACHE_WARMTH_H_
#define ROCKTUNE_POLICY_CACHE_WARMTH_H_

#include <optional>
#include <string>

#include "absl/types/span.h"
#include "policy/proposal.h"
#include "policy/trace_facts.h"
#include "policy/window.h"

namespace rocktune {

// Part of the block lookups of `windows` that hit; nullopt without lookups.
std::optional<double> HitRatio(absl::Span<const Window> windows);

// What a miss-ratio curve says about a change of a cache's capacity.
struct CachePrediction {
  double before = 0;  // hit ratio at the capacity before
  double after = 0;
  std::string text;  // one sentence with the numbers
};
std::optional<CachePrediction> PredictCache(
    const ChangeSet& change_set, const std::optional<TraceFacts>& trace);

// Whether the hit ratio since the change (oldest first) still rises, or too
// little was seen to tell.
bool StillWarming(absl::Span<const Window> since_change);

// The change in steps that at most halve a capacity each, the last one being
// `change_set` itself. One step when nothing shrinks by more.
std::vector<ChangeSet> CutInSteps(const ChangeSet& change_set);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_CACHE_WARMTH_H_
