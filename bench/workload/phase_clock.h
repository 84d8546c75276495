// Which phase it is.
#ifndef ROCKTUNE_BENCH_WORKLOAD_PHASE_CLOCK_H_
#define ROCKTUNE_BENCH_WORKLOAD_PHASE_CLOCK_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

#include "bench/workload/workload.h"

namespace rocktune {

// Thread-safe. Time is an argument; the clients ask when theirs runs out.
class PhaseClock {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // A phase as it comes by; when phases cycle, each time is another visit.
  struct Visit {
    uint64_t number = 0;
    int phase = 0;
    Time begin;
    Time end;  // Time::max(): goes on until destruction
  };

  // `workload` must outlive it.
  PhaseClock(const Workload& workload, Time begin);

  Visit At(Time now);
  // Of the current visit, as far as anybody has asked. One load.
  uint64_t number() const { return number_.load(std::memory_order_relaxed); }
  // Ends a visit before its time; nothing when it is over already or the last.
  void EndEarly(uint64_t number, Time now);
  // The last phase's length has passed.
  bool Finished(Time now);

 private:
  bool IsLast(int phase) const;
  Time EndOf(int phase, Time begin) const;
  void Enter(Time begin);  // the next phase
  void AdvanceTo(Time now);

  const Workload& workload_;
  std::mutex mutex_;  // all below
  Visit visit_;
  Time planned_end_;                 // visit_.end, but for the last phase too
  std::atomic<uint64_t> number_{0};  // visit_.number
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_PHASE_CLOCK_H_
