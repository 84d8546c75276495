// What the surface says without noise: how fast the store is under given
// options in the long run, and the best that there is.
#ifndef ROCKTUNE_TESTS_SIMULATION_SURFACE_H_
#define ROCKTUNE_TESTS_SIMULATION_SURFACE_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/types/span.h"
#include "policy/option.h"
#include "tests/simulation/store.h"

namespace rocktune::simulation {

// Operations per second in the long run, with warm caches.
double SteadyRate(const StoreHost& host, const Load& load,
                  const OptionValues& values);

// More is better.
using Score = std::function<double(const OptionValues& values)>;

struct Optimum {
  OptionValues values;
  double score = 0;
};

// How values come into force: while the store runs, from others that are in
// force (calibration then shrinks no max_bytes_for_level_base), or at its open.
enum class Way { kOnline, kAtOpen };

// Coordinate search from `start` and from `restarts` random places, over a
// grid of every option within the catalogue's bounds, the relations that
// calibration holds and the memory budget of `host`. Deterministic.
Optimum FindOptimum(const StoreHost& host, const OptionValues& start, Way way,
                    int restarts, const Score& score);

// Whether cache and memtables fit the budget and the triggers are in order.
bool Allowed(const StoreHost& host, const OptionValues& values);

// The values of one option on the grid, as canonical text.
struct GridRow {
  const char* option;
  absl::Span<const char* const> values;
};
absl::Span<const GridRow> Grid();

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_SURFACE_H_
