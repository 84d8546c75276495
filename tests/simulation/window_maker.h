// What hooks would have read of the simulated store at the end of a second.
#ifndef ROCKTUNE_TESTS_SIMULATION_WINDOW_MAKER_H_
#define ROCKTUNE_TESTS_SIMULATION_WINDOW_MAKER_H_

#include "absl/time/time.h"
#include "policy/trace_facts.h"
#include "policy/window.h"
#include "tests/simulation/random.h"
#include "tests/simulation/store.h"

namespace rocktune::simulation {

// What the surface does not see because an option is planted; 0: as the store.
struct CacheLook {
  double capacity_bytes = 0;
  double usage_bytes = 0;
};

// Fills all of `window` but its number and start, which are the caller's.
void FillWindow(const Store& store, const Load& load, const CacheLook& look,
                Window* window);

// What a burst of tracing would say: the hit ratio at other sizes, within
// 0.02, and the skew of the keys.
TraceFacts MakeTrace(const Store& store, const Load& load, absl::Time now,
                     Random* random);

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_WINDOW_MAKER_H_
