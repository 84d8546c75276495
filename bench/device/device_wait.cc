#include "bench/device/device_wait.h"

#include <sched.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>

namespace rocktune {
namespace {

// Measured on a 2-core virtual machine: a sleep overshoots by 60 us at the
// default timer slack of 50 us, by 4 to 9 us at the smallest slack (median;
// 7 to 13 us at p90). The rest is taken off by waking up earlier by what the
// thread's own sleeps overshoot three times in four, and yielding until the
// moment itself. A quantile, not a mean: a sleep that lost its processor says
// nothing about the timer.
constexpr absl::Duration kFirstLead = absl::Microseconds(8);
constexpr absl::Duration kLongestLead = absl::Microseconds(20);
constexpr absl::Duration kRaise = absl::Nanoseconds(300);
constexpr absl::Duration kLower = absl::Nanoseconds(100);

timespec ToMonotonic(absl::Time moment) {
  return absl::ToTimespec(moment - absl::UnixEpoch());
}

bool SetSmallestSlack() {
  // 1 ns; 0 would mean the default. Where it fails, waits are only coarser.
  return ::prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0) == 0;
}

}  // namespace

absl::Time MonotonicNow() {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return absl::UnixEpoch() + absl::DurationFromTimespec(now);
}

void WaitUntil(absl::Time moment) {
  thread_local const bool slack_set = SetSmallestSlack();
  thread_local absl::Duration lead = kFirstLead;
  (void)slack_set;
  absl::Time now = MonotonicNow();
  const absl::Time wake = moment - lead;
  if (now < wake) {
    const timespec until = ToMonotonic(wake);
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) !=
           0) {
      // A signal; `until` is absolute, so go on.
    }
    now = MonotonicNow();
    lead += now - wake > lead ? kRaise : -kLower;
    lead = std::clamp(lead, absl::ZeroDuration(), kLongestLead);
  }
  while (now < moment) {
    ::sched_yield();
    now = MonotonicNow();
  }
}

}  // namespace rocktune
