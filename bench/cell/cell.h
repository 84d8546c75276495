// One cell of a comparison: one contestant on one workload, device and seed,
// in a copy of a loaded database. Plain values and their JSON.
#ifndef ROCKTUNE_BENCH_CELL_CELL_H_
#define ROCKTUNE_BENCH_CELL_CELL_H_

#include <array>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/workload/workload.h"
#include "policy/option.h"

namespace rocktune {

// What a contestant may use; the same for all in a comparison.
struct CellBudget {
  uint64_t memory_bytes = 128ull << 20;  // caches, write buffers, readers
  int cores = 2;                         // for background jobs
  double trial_s = 5;  // one evaluation, of contestants that try values
};

// The model a contestant asks, if it asks one.
struct CellModel {
  std::string provider;  // as in the [llm] table; empty: none
  std::string model;
  std::string base_url;
  std::string replay;  // a recording that answers instead
};

struct CellSpec {
  std::string contestant;
  std::string workload;  // a name, or the path of a phases.toml
  std::string device;    // a name of the device table
  uint64_t seed = 1;
  uint64_t data_bytes = 512ull << 20;
  CellBudget budget;
  CellModel model;
  // Measured from the moment the load has run for `warm_s`, for `run_s`; the
  // last `tail_s` of these are what the contestant ended up with.
  double warm_s = 5;
  double run_s = 90;
  double tail_s = 20;
  double phase_scale = 1;  // a plan's phases last so many times as long
  std::string source_dir;  // the loaded database; it is copied
  std::string work_dir;    // of this cell alone; removed at the end
  // For the contestants "values" (set online, before the load) and "options"
  // (an OPTIONS file that the database is opened with).
  OptionValues values;
  std::string options_file;
  // Where "options" puts its windows, one a second once the load has warmed
  // up, for an advisor; empty: nowhere. See window_json.h.
  std::string windows_file;
  // The cell ends after a third of `run_s` when it had less than this, as
  // FullSpeedOpsPerS() counts; 0: not.
  double give_up_below_ops_per_s = 0;
};

// Latencies of one kind of operation, as clients saw them.
struct KindFigures {
  uint64_t count = 0;
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
};

// What a stretch of the run was like. 0 where it cannot be said.
struct CellFigures {
  double seconds = 0;
  double ops_per_s = 0;
  std::array<KindFigures, kOperations> kinds;
  // Samples (10 a second) that found writes delayed or stopped, 0..1.
  double stall_share = 0;
  double device_write_bytes_per_user_byte = 0;
  double device_read_bytes_per_op = 0;
  double table_bytes_per_data_byte = 0;  // at the end
  double cpu_us_per_op = 0;              // of the whole process
  double worst_second_ops_per_s = 0;
  // Of each phase of which a whole second was seen, in the plan's order.
  std::vector<double> phase_ops_per_s;
};

struct CellPoint {
  double at_s = 0;
  double ops_per_s = 0;
  double read_p99_us = 0;
  double write_p99_us = 0;
  double stall_share = 0;
  int phase = 0;
};

struct CellTrial {
  double begin_s = 0;
  double end_s = 0;
  std::string verdict;  // "kept", "regressed", ...; of others "better"/"worse"
  std::string what;     // "write_buffer_size 64 MiB -> 128 MiB, ..."
  double effect = 0;    // relative, as its contestant measured it
  std::string why;      // one sentence with the numbers; "" where none is given
};

struct CellResult {
  CellSpec spec;
  std::string error;     // what went wrong; then figures may be missing
  bool gave_up = false;  // see CellSpec; the figures are of that third
  std::string rocksdb_version;
  CellFigures whole;
  CellFigures tail;
  uint64_t peak_memory_bytes = 0;  // resident, of the process
  uint64_t failures = 0;           // operations that RocksDB refused
  // Open loop: due and never sent in their phase. They have no latency, so
  // percentiles are too low where there are any.
  uint64_t dropped = 0;
  uint64_t tokens = 0;
  std::vector<CellPoint> points;  // a second each
  std::vector<CellTrial> trials;
  // When the last trial that was kept had its verdict; 0: none was kept.
  double converged_s = 0;
  // In force at the end, where they are not what the database would have been
  // opened with but for the contestant: RocksDB's defaults with direct I/O.
  OptionValues changed;
};

// p99 of all kinds as one number: the geometric mean by their share, as the
// objective (Cost::kP99Us) has it. 0: nothing was measured.
double P99Us(const CellFigures& figures);

// Operations per second of the kinds that clients issue as fast as they can; of
// all where every client has a rate. What a fixed rate adds to both sides would
// only dilute a ratio. Of a plan whose phases cycle: the geometric mean of its
// phases' rates, since in a sum the fastest phase would be nearly all.
// `figures` are of a run of `spec`.
double FullSpeedOpsPerS(const CellSpec& spec, const CellFigures& figures);

boost::json::object ToJson(const CellSpec& spec);
boost::json::object ToJson(const CellResult& result);
// InvalidArgument names the field.
absl::StatusOr<CellSpec> CellSpecFromJson(const boost::json::object& json);
absl::StatusOr<CellResult> CellResultFromJson(const boost::json::object& json);

// A hash of what a phases.toml says now; "" for a workload that has a name.
std::string ContentId(const std::string& workload);
// Names a cell and all that decides its result but the version of RocksDB: for
// files and for resuming.
std::string CellId(const CellSpec& spec);
// Names the loaded database a cell starts from.
std::string DataId(const CellSpec& spec);

// Files as JSON. Written beside and renamed, so a file is whole or absent.
absl::Status WriteJsonFile(const std::string& path,
                           const boost::json::object& json);
// NotFound; InvalidArgument with the path when it is no JSON object.
absl::StatusOr<boost::json::object> ReadJsonFile(const std::string& path);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CELL_CELL_H_
