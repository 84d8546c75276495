// When the operations of an open loop are due.
#ifndef ROCKTUNE_BENCH_WORKLOAD_DUE_TIMES_H_
#define ROCKTUNE_BENCH_WORKLOAD_DUE_TIMES_H_

#include <cstdint>

#include "bench/workload/workload.h"

namespace rocktune {

// The due times of one client: evenly spaced at its share of the group's rate,
// or of the rate the sine makes of it at that moment. The clients of a group
// take turns; the seed moves all of them by less than one turn. Pure; times are
// seconds after the phase began.
class DueTimes {
 public:
  struct Spec {
    const ClientGroup* group = nullptr;  // rate_ops_per_s > 0; used at once
    int thread = 0;                      // of the group
    uint64_t group_seed = 0;             // the same for the whole group
  };
  explicit DueTimes(const Spec& spec);

  // Of the next operation; never before the one before it.
  double Next();
  // Operations due in [0, seconds].
  uint64_t CountBy(double seconds) const;

 private:
  double RateAt(double seconds) const;    // operations a second
  double Expected(double seconds) const;  // the rate's integral from 0

  double rate_;
  double amplitude_;
  double radians_per_s_ = 0;
  double offset_;  // of the first operation, in operations
  uint64_t taken_ = 0;
  double last_s_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_DUE_TIMES_H_
