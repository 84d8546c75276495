// The figures: what is counted over many episodes, and what must be reached.
#ifndef ROCKTUNE_TESTS_SIMULATION_FIGURES_H_
#define ROCKTUNE_TESTS_SIMULATION_FIGURES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rocktune::simulation {

// An interval of 95 % for a ratio of hits in trials (Wilson 1927).
struct Interval {
  double low = 0;
  double high = 1;
};
Interval Wilson(int hits, int trials);

// kWorst: nine of ten episodes are no worse.
enum class FigureForm { kRatio, kMedian, kMean, kWorst };

struct FigureRow {
  const char* key;   // in the JSON object
  const char* kind;  // of the episodes it is made of; shared by rows
  FigureForm form;
  bool at_most;  // else at least
  double bound;
  double share;  // of the episodes
  int least;     // episodes, however few there are in all
  // What the mean of the outcomes' second numbers is called; null: no row.
  const char* other = nullptr;
  // In Outcome::numbers, of kinds with several figures; else Outcome::value.
  const char* number = nullptr;
};
absl::Span<const FigureRow> FigureRows();

struct Figure {
  const FigureRow* row = nullptr;
  int episodes = 0;  // that count
  int hits = 0;
  double value = 0;
  double other = 0;   // mean of the second numbers; no bound holds it
  Interval interval;  // of a ratio
  // By group: hits or, for other forms, the values.
  std::map<std::string, std::pair<int, int>> groups;  // hits, episodes
  double hours = 0;
  bool held = true;  // not certainly missed, see Judged()
  // "KIND:SEED what happened" of the hits that should not be, or of the
  // misses that should.
  std::vector<std::string> bad;
};

// Runs `episodes` episodes, spread over the figures. The seed of the i-th
// episode of a figure depends on `seed` and i alone. `progress` may be empty.
std::vector<Figure> RunFigures(
    int episodes, uint64_t seed, absl::string_view only,
    const std::function<void(const Figure&)>& progress);

// One row a figure; JSON with one number a key.
std::string ToTable(absl::Span<const Figure> figures);
std::string ToJson(absl::Span<const Figure> figures);

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_FIGURES_H_
