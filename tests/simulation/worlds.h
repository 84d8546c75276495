// A few stores with their loads, whose best values are found once.
#ifndef ROCKTUNE_TESTS_SIMULATION_WORLDS_H_
#define ROCKTUNE_TESTS_SIMULATION_WORLDS_H_

#include <cstdint>

#include "tests/simulation/surface.h"

namespace rocktune::simulation {

// One load on one host, and what can be had there.
struct World {
  StoreHost host;
  Load load;
  OptionValues start;  // RocksDB's defaults
  double start_rate = 0;
  Optimum optimum;
};

// A load that comes and goes with another one.
struct TwoPhases {
  StoreHost host;
  Load phases[2];
  OptionValues best[2];  // of each phase by itself, online
  // The best that does not change with the phase: of what is to be had online,
  // and of all that a store can be opened with.
  OptionValues best_static;
  OptionValues best_static_at_open;
  // What switching between the phases' own optima would give over best_static
  // (geometric mean of the two, without the cost of switching).
  double ideal_ratio = 0;
};

inline constexpr uint64_t kWorlds = 12;
inline constexpr uint64_t kPhasePairs = 4;
// By number, 0 .. kWorlds - 1 (kPhasePairs - 1). The first call of each takes
// a second; not thread-safe.
const World& WorldOf(uint64_t number);
const TwoPhases& PhasesOf(uint64_t number);

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_WORLDS_H_
