#include "bench/oracle/oracle.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

constexpr int kEta = 3;  // of successive halving
// Of the memory, as block cache, in half of the candidates that lie near.
constexpr double kCacheShare = 0.7;
constexpr double kWarmS = 2;  // after the values were set

struct Candidate {
  OptionValues values;
  double ops_per_s = 0;
  bool is_defaults = false;
};

// A cycle of phases has three times a rung's seconds, and its shortest phase
// so many: a run is one cycle, as its tail.
constexpr double kCycleFactor = 3;
constexpr double kShortestPhaseS = 3;

// How long `cell` runs in a rung of so many seconds: of a plan that cycles one
// whole cycle, made shorter where it must be, so that every phase counts.
void SetLength(double seconds, CellSpec* cell) {
  const absl::StatusOr<Workload> workload = WorkloadOf(cell->workload);
  if (workload.ok() && workload->cycles) {
    const double shortest_s = absl::ToDoubleSeconds(ShortestPhaseOf(*workload));
    const double whole_s = absl::ToDoubleSeconds(CycleOf(*workload));
    cell->phase_scale =
        std::clamp(kCycleFactor * seconds / whole_s,
                   std::min(1.0, kShortestPhaseS / shortest_s), 1.0);
    seconds = cell->phase_scale * whole_s + 1;
  }
  cell->run_s = seconds;
  // A second of the run is left before the tail, as any cell has.
  cell->tail_s = seconds - 1;
}

absl::Status MeasureRung(const CellSpec& place, const Rung& rung,
                         const Measure& measure,
                         std::vector<Candidate>* candidates) {
  for (Candidate& candidate : *candidates) {
    CellSpec cell = place;
    cell.contestant = "values";
    cell.values = candidate.values;
    cell.warm_s = kWarmS;
    SetLength(rung.seconds, &cell);
    ROCKTUNE_ASSIGN_OR_RETURN(const CellResult result, measure(cell));
    candidate.ops_per_s =
        result.error.empty() ? FullSpeedOpsPerS(cell, result.tail) : 0;
  }
  std::stable_sort(candidates->begin(), candidates->end(),
                   [](const Candidate& a, const Candidate& b) {
                     return a.ops_per_s > b.ops_per_s;
                   });
  return absl::OkStatus();
}

// The `count` best, and the defaults in any case: they are the measure.
void KeepBest(size_t count, std::vector<Candidate>* candidates) {
  std::vector<Candidate> kept;
  for (const Candidate& candidate : *candidates) {
    if (kept.size() < count || candidate.is_defaults) {
      kept.push_back(candidate);
    }
  }
  *candidates = std::move(kept);
}

}  // namespace

std::vector<Rung> RungsFor(int evaluations, RungSeconds seconds) {
  // n + n/3 + n/9 + ... is nearly 1.5 n.
  int candidates = std::max(3, static_cast<int>(std::ceil(evaluations / 1.5)));
  std::vector<Rung> rungs;
  int sum = 0;
  double length = seconds.first;
  while (true) {
    rungs.push_back({candidates, length});
    sum += candidates;
    if (candidates <= kEta) break;
    candidates = (candidates + kEta - 1) / kEta;
    length = std::min(length * kEta, seconds.longest);
  }
  if (sum < evaluations) rungs.front().candidates += evaluations - sum;
  return rungs;
}

std::vector<Point> FirstCandidates(const SearchSpace& space,
                                   const OptionValues& found, int count,
                                   uint64_t memory_bytes, uint64_t seed) {
  OptionValues cached = found;
  for (auto& [key, value] : cached) {
    if (key.name == "block_cache.capacity") {
      value = FormatWhole(kCacheShare * static_cast<double>(memory_bytes));
    }
  }
  std::mt19937_64 random(seed);
  const Point starts[] = {space.PointOf(found), space.PointOf(cached)};
  std::vector<Point> points = {starts[0], starts[1]};
  while (points.size() < static_cast<size_t>(count)) {
    const size_t turn = points.size() % 4;
    if (turn == 3) {
      points.push_back(space.Random(random));
    } else {
      // Few options matter under one load: most of them stay.
      points.push_back(space.Near(starts[turn == 0 ? 0 : 1],
                                  {turn == 2 ? 0.3 : 0.12, 0.25}, random));
    }
  }
  points.resize(static_cast<size_t>(count));
  return points;
}

absl::StatusOr<OracleResult> SearchOracle(const CellSpec& place,
                                          const SearchSpace& space,
                                          const OptionValues& found,
                                          int evaluations, RungSeconds seconds,
                                          const Measure& measure) {
  const std::vector<Rung> rungs = RungsFor(evaluations, seconds);
  std::vector<Candidate> candidates;
  for (const Point& point :
       FirstCandidates(space, found, rungs.front().candidates,
                       place.budget.memory_bytes, place.seed)) {
    candidates.push_back({space.ValuesAt(point), 0, false});
  }
  candidates.front() = {{}, 0, true};  // exactly what is found
  OracleResult result;
  for (size_t i = 0; i < rungs.size(); ++i) {
    if (i > 0) {
      KeepBest(static_cast<size_t>(rungs[i].candidates), &candidates);
    }
    ROCKTUNE_RETURN_IF_ERROR(
        MeasureRung(place, rungs[i], measure, &candidates));
    result.evaluations += static_cast<int>(candidates.size());
  }
  for (const Candidate& candidate : candidates) {
    if (candidate.is_defaults) result.defaults_ops_per_s = candidate.ops_per_s;
  }
  result.best_ops_per_s = candidates.front().ops_per_s;
  for (const auto& [key, value] : candidates.front().values) {
    const auto before = found.find(key);
    if (before == found.end() || !SameValue(before->second, value)) {
      result.values[key] = value;
    }
  }
  result.workload = place.workload;
  result.device = place.device;
  result.data_bytes = place.data_bytes;
  result.memory_bytes = place.budget.memory_bytes;
  result.seed = place.seed;
  return result;
}

}  // namespace rocktune
