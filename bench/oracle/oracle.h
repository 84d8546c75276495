// The best static values for a workload and a device, by broad search: what a
// tuner could reach at best, and so what its gain is a share of.
#ifndef ROCKTUNE_BENCH_ORACLE_ORACLE_H_
#define ROCKTUNE_BENCH_ORACLE_ORACLE_H_

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/cell/cell.h"
#include "bench/contestants/search_space.h"

namespace rocktune {

// One rung of successive halving (Jamieson and Talwalkar, "Non-stochastic Best
// Arm Identification and Hyperparameter Optimization", AISTATS 2016): so many
// candidates, each measured for so long.
struct Rung {
  int candidates = 0;
  double seconds = 0;
};

// How long the first rung's candidates are measured, and the longest: beyond it
// a rung is only narrower. Guesses: the shortest stretch in which caches warm
// and memtables switch on the data of a cell, and one in which they have; the
// best is measured again by a comparison.
struct RungSeconds {
  double first = 4;
  double longest = 24;
};

// Rungs of which each has a third of the candidates before it and three times
// their seconds, `evaluations` in all or a few more; the last has one to three.
std::vector<Rung> RungsFor(int evaluations, RungSeconds seconds);

// The first rung's points: the values found, those with most of the memory as
// cache, then points near either (few options moved) and points at random.
// Deterministic.
std::vector<Point> FirstCandidates(const SearchSpace& space,
                                   const OptionValues& found, int count,
                                   uint64_t memory_bytes, uint64_t seed);

struct OracleResult {
  std::string workload;
  std::string device;
  uint64_t data_bytes = 0;
  uint64_t memory_bytes = 0;
  uint64_t seed = 0;
  int evaluations = 0;
  double defaults_ops_per_s = 0;  // in the last rung
  double best_ops_per_s = 0;
  OptionValues values;  // of the best; those that differ from the defaults
  std::string command;  // that made it
  std::string rocksdb_version;
};

boost::json::object ToJson(const OracleResult& result);
absl::StatusOr<OracleResult> OracleFromJson(const boost::json::object& json);

// Where the result for such a cell lies in `dir`: its name holds a hash of the
// place, of a phase plan's content too, and the version of RocksDB.
std::string OraclePath(const std::string& dir, const CellSpec& place);
// NotFound with the command that would make it.
absl::StatusOr<OracleResult> ReadOracle(const std::string& dir,
                                        const CellSpec& place);

// Measures one candidate: `place` with other values and length.
using Measure = std::function<absl::StatusOr<CellResult>(const CellSpec&)>;

// Searches. Each evaluation goes through `measure`, which may know the result
// from an earlier, interrupted search. A candidate that fails is worth nothing.
// Errors are those of `measure`.
absl::StatusOr<OracleResult> SearchOracle(const CellSpec& place,
                                          const SearchSpace& space,
                                          const OptionValues& found,
                                          int evaluations, RungSeconds seconds,
                                          const Measure& measure);

// The space of the linked RocksDB with its defaults: opens an empty database
// in `dir`, and removes it.
struct DefaultSpace {
  SearchSpace space;
  OptionValues found;
};
absl::StatusOr<DefaultSpace> SpaceOfDefaults(const std::string& dir,
                                             const CellBudget& budget);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_ORACLE_ORACLE_H_
