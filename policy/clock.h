// The clock as an argument. policy and hooks read no time themselves: the
// sidecar passes a real clock, tests pass one they move by hand.
#ifndef ROCKTUNE_POLICY_CLOCK_H_
#define ROCKTUNE_POLICY_CLOCK_H_

#include "absl/time/time.h"

namespace rocktune {

// Thread-safe: Now() may be called from any thread. Times come from a
// monotonic source, so that a corrected wall clock never ends a trial.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_CLOCK_H_
