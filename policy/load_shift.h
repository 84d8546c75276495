// Notices that the load has changed, from one window to the next.
#ifndef ROCKTUNE_POLICY_LOAD_SHIFT_H_
#define ROCKTUNE_POLICY_LOAD_SHIFT_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "policy/window.h"
#include "policy/workload_profile.h"

namespace rocktune {

// What moved, by how much, since when.
struct LoadShift {
  ProfileDimension dimension = ProfileDimension::kGetShare;
  double before = 0;
  double after = 0;
  absl::Time since;  // start of the first window that was different
  std::string text;  // "write share 0.10 -> 0.31 since 3 windows"
};

// Not thread-safe. Fires within 2 windows on a 2x shift of the mix, and stays
// silent for an hour of stationary, noisy, autocorrelated load (both figures
// come from tests/simulation).
class LoadShiftDetector {
 public:
  // The shift, once, in the window in which it is believed; the windows since
  // LoadShift::since belong to the new load. A load that stays there is the
  // new reference. Idle windows are skipped. `rate_is_ours`: option values
  // are being changed, so the arrival rate of a closed loop says nothing.
  std::optional<LoadShift> Add(const Window& window, bool rate_is_ours);
  // A shift may be under way: the last window was different, one more would
  // make it a shift. Such a window belongs to neither load yet.
  bool suspects() const { return suspects_; }
  void Reset();

 private:
  bool suspects_ = false;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_LOAD_SHIFT_H_
