// When the effect of a change set can be said to be in place.
#ifndef ROCKTUNE_POLICY_SETTLING_H_
#define ROCKTUNE_POLICY_SETTLING_H_

#include "absl/types/span.h"
#include "policy/catalogue.h"
#include "policy/proposal.h"
#include "policy/window.h"

namespace rocktune {

// The class of the slowest change: files, then warming, then instant.
OptionClass SlowestClass(const ChangeSet& change_set,
                         const Catalogue& catalogue);

// True when the windows since the change (oldest first) show nothing that is
// still on its way: caches full or no longer growing (warming), no flush or
// compaction running that began under the old values (files). Instant changes
// are always in place.
bool EffectInPlace(OptionClass slowest, absl::Span<const Window> since_change);

// True when a change acts through what flushes and compactions have left to
// do, which outlives the values.
bool ActsOnDebt(const ChangeSet& change_set);

// True when every change may relieve a write stall (triggers, limits, jobs,
// write buffers), so that it may go out while writes are delayed.
bool RelievesStall(const ChangeSet& change_set);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_SETTLING_H_
