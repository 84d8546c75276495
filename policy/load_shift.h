// Notices that the load has changed, from one window to the next.
#ifndef ROCKTUNE_POLICY_LOAD_SHIFT_H_
#define ROCKTUNE_POLICY_LOAD_SHIFT_H_

#include <array>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "policy/shift_series.h"
#include "policy/window.h"
#include "policy/workload_profile.h"

namespace rocktune {

// What moved, by how much, since when.
struct LoadShift {
  ProfileDimension dimension = ProfileDimension::kGetShare;
  double before = 0;
  double after = 0;
  absl::Time since;  // start of the first window that was different
  std::string text;  // "write share 0.10 -> 0.31 since 2s"
};

// Not thread-safe. Fires within 2 windows on a 2x shift of the mix, and stays
// silent for an hour of stationary, noisy, autocorrelated load (both figures
// come from tests/simulation).
//
// A dimension (mix, found share, scan length, sizes) has shifted when the last
// two windows both differ from what the windows before them lead to expect,
// their mean by five standard deviations of that expectation, and the move is
// worth the name: a share by 0.025 and a factor of 1.5 in its odds, a size by
// a factor of 1.5. Or when it has drifted: the mean of the last eight windows
// or so stands out of the reference as far. The arrival rate bursts by nature:
// it must stay beyond a factor of 2 for kRateWindows windows on end. The
// constants are guesses, chosen by simulated hours.
class LoadShiftDetector {
 public:
  static constexpr int kRateWindows = 30;

  // The shift, once, in the window in which it is believed; the windows since
  // LoadShift::since belong to the new load. A load that stays there is the
  // new reference. Idle windows (fewer than 30 operations) are skipped.
  // `rate_is_ours`: option values are being changed, so the arrival rate of a
  // closed loop says nothing.
  std::optional<LoadShift> Add(const Window& window, bool rate_is_ours);
  // A shift may be under way: the last window was different, one more would
  // make it a shift. Such a window belongs to neither load yet.
  bool suspects() const { return suspects_; }
  void Reset() { *this = LoadShiftDetector(); }

 private:
  struct Watch {
    ShiftSeries series;
    // Windows in a row that were different, not learnt yet.
    int run = 0;
    double run_value_sum = 0;  // as the dimension reads
    double run_sum = 0;        // logarithms; of a rate, the one before
    double run_error_sum = 0;
    double run_counting_variance = 0;
    absl::Time run_since;
    // Since when the recent mean has been half way to a drift.
    std::optional<absl::Time> drift_since;
  };
  struct Value;  // of one window

  std::optional<LoadShift> Look(const Value& value, absl::Time at,
                                Watch* watch);
  std::optional<LoadShift> LookAtRun(const Value& value, absl::Time at,
                                     Watch* watch);
  std::optional<LoadShift> LookForDrift(const Value& value, absl::Time at,
                                        Watch* watch);
  std::optional<LoadShift> LookAtRate(const Value& value, absl::Time at,
                                      Watch* watch);

  std::array<Watch, kProfileDimensions> watches_;
  bool suspects_ = false;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_LOAD_SHIFT_H_
