// The clock of a running tuner: looks like wall time, never goes backwards.
#ifndef ROCKTUNE_SIDECAR_STEADY_CLOCK_H_
#define ROCKTUNE_SIDECAR_STEADY_CLOCK_H_

#include <chrono>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "policy/clock.h"

namespace rocktune {

// The wall time of construction plus the steady time since. Thread-safe.
class SteadyClock : public Clock {
 public:
  absl::Time Now() const override {
    return wall_at_start_ + absl::FromChrono(std::chrono::steady_clock::now() -
                                             steady_at_start_);
  }

 private:
  const absl::Time wall_at_start_ = absl::Now();
  const std::chrono::steady_clock::time_point steady_at_start_ =
      std::chrono::steady_clock::now();
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_STEADY_CLOCK_H_
