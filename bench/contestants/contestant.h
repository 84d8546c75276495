// Those who are compared: each makes of a database what it can, within the
// same budget.
#ifndef ROCKTUNE_BENCH_CONTESTANTS_CONTESTANT_H_
#define ROCKTUNE_BENCH_CONTESTANTS_CONTESTANT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "bench/cell/cell.h"
#include "bench/workload/driver.h"
#include "policy/window.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"

namespace rocktune {

// What a contestant did, for the report. Times are seconds since Start().
struct ContestantReport {
  std::vector<CellTrial> trials;
  uint64_t tokens = 0;
  std::vector<Window> windows;  // where CellSpec::windows_file asks for them
};

// One object serves one cell, from one thread: Configure, Start, then a Tick
// each second, then Stop while the database is still open. An error ends the
// cell. `db` outlives Stop().
class Contestant {
 public:
  virtual ~Contestant() = default;

  // Before DB::Open. `options` are RocksDB's defaults.
  virtual absl::Status Configure(rocksdb::Options*) { return absl::OkStatus(); }
  virtual absl::Status Start(rocksdb::DB*) { return absl::OkStatus(); }
  // `at_s`: since Start(). `left_s`: until the tail begins, in which nothing
  // new shall be tried; <= 0 in the tail.
  struct Moment {
    double at_s = 0;
    double left_s = 0;
  };
  virtual absl::Status Tick(const LoadInterval&, const Moment&) {
    return absl::OkStatus();
  }
  virtual absl::Status Stop(ContestantReport*) { return absl::OkStatus(); }
};

struct ContestantRow {
  absl::string_view name;
  absl::string_view meaning;  // one line, for --help and the report
  std::unique_ptr<Contestant> (*make)(const CellSpec& spec);
};

// In the order of reports.
const std::vector<ContestantRow>& ContestantTable();

// NotFound with the nearest name.
absl::StatusOr<std::unique_ptr<Contestant>> MakeContestant(
    const CellSpec& spec);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CONTESTANTS_CONTESTANT_H_
