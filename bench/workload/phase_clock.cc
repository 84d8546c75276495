#include "bench/workload/phase_clock.h"

#include <algorithm>

namespace rocktune {
namespace {

// Longer is for ever; and no sum of times overflows. A phase of no length
// would never let a cycle of them end.
constexpr absl::Duration kLongest = absl::Hours(24 * 365);
constexpr absl::Duration kShortest = absl::Milliseconds(1);

}  // namespace

PhaseClock::PhaseClock(const Workload& workload, Time begin)
    : workload_(workload) {
  visit_.begin = begin;
  planned_end_ = EndOf(0, begin);
  visit_.end = IsLast(0) ? Time::max() : planned_end_;
}

bool PhaseClock::IsLast(int phase) const {
  return !workload_.cycles &&
         static_cast<size_t>(phase) + 1 == workload_.phases.size();
}

PhaseClock::Time PhaseClock::EndOf(int phase, Time begin) const {
  const absl::Duration length =
      workload_.phases[static_cast<size_t>(phase)].length;
  if (length > kLongest) return Time::max();
  return begin + absl::ToChronoNanoseconds(std::max(length, kShortest));
}

void PhaseClock::Enter(Time begin) {
  ++visit_.number;
  visit_.phase = (visit_.phase + 1) % static_cast<int>(workload_.phases.size());
  visit_.begin = begin;
  planned_end_ = EndOf(visit_.phase, begin);
  visit_.end = IsLast(visit_.phase) ? Time::max() : planned_end_;
  number_.store(visit_.number, std::memory_order_relaxed);
}

void PhaseClock::AdvanceTo(Time now) {
  while (now >= visit_.end) Enter(visit_.end);
}

PhaseClock::Visit PhaseClock::At(Time now) {
  std::lock_guard lock(mutex_);
  AdvanceTo(now);
  return visit_;
}

void PhaseClock::EndEarly(uint64_t number, Time now) {
  std::lock_guard lock(mutex_);
  AdvanceTo(now);
  if (number == visit_.number && !IsLast(visit_.phase)) Enter(now);
}

bool PhaseClock::Finished(Time now) {
  std::lock_guard lock(mutex_);
  AdvanceTo(now);
  return IsLast(visit_.phase) && now >= planned_end_;
}

}  // namespace rocktune
