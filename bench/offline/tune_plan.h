// What a tuning run is asked to do: the command line, checked.
#ifndef ROCKTUNE_BENCH_OFFLINE_TUNE_PLAN_H_
#define ROCKTUNE_BENCH_OFFLINE_TUNE_PLAN_H_

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hooks/option_set.h"

namespace rocktune {

struct TunePlan {
  // Where to start; both empty: RocksDB's defaults.
  std::string options_file;
  std::string db;  // a database directory: its newest OPTIONS file

  // What measures; exactly one is given.
  std::string workload;  // a name or a phases.toml
  std::string command;   // a template, see command_template.h
  std::string db_bench;  // arguments of db_bench

  // Of a command: where its metrics are in what it prints (metric.h).
  std::string throughput;
  std::string p99;
  double p99_us_factor = 1;  // unit of p99 in microseconds
  bool shell = false;

  // Of a workload.
  std::string device = "auto";  // "auto": the machine's own
  uint64_t data_bytes = 512ull << 20;
  double warm_s = 5;
  double run_s = 20;

  uint64_t memory_bytes = 0;  // budget; 0: see MemoryBudget()
  uint64_t seed = 1;
  int iterations = 5;
  int max_pairs = 5;          // of runs in one comparison
  double time_s = 0;          // budget; 0: none
  uint64_t tokens = 200'000;  // budget of a model
  double run_limit_s = 1800;  // of one run of a command
  bool probe = true;
  bool thin = false;  // measure each kept option by taking it back

  // Who advises: "expert", "llm" or "replay".
  std::string advisor = "expert";
  std::string provider;
  std::string provider_url;
  std::string model;
  std::string key_file;
  std::string record;
  std::string replay;

  std::string out;  // the one directory that is written to
};

// InvalidArgument or NotFound: what is wrong, and what is meant instead.
absl::Status Check(const TunePlan& plan);

// Everything that decides the result; `out` and what is only said to people
// are left out. Two runs in one directory must agree in it.
boost::json::object ToJson(const TunePlan& plan);

// FailedPrecondition: "iterations is 5 there and 7 here, ...".
absl::Status CheckSamePlan(const boost::json::object& there,
                           const boost::json::object& here);

// The options to start from.
absl::StatusOr<OptionSet> StartOptions(const TunePlan& plan);

// Memory for caches, write buffers and table readers: half of the data of a
// built-in workload, so that reads reach the device; half of the usable memory
// for commands.
uint64_t MemoryBudget(const TunePlan& plan, uint64_t usable_bytes);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_TUNE_PLAN_H_
