// What a benchmark does to a database: its data and the phases of its load.
// Plain values; the named ones are rows of workload_table.cc.
#ifndef ROCKTUNE_BENCH_WORKLOAD_WORKLOAD_H_
#define ROCKTUNE_BENCH_WORKLOAD_WORKLOAD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rocktune {

enum class Operation {
  kRead,
  kUpdate,
  kInsert,
  kScan,
  kReadModifyWrite,
};
inline constexpr int kOperations = 5;
absl::string_view ToString(Operation operation);

enum class KeyChoice {
  kUniform,
  kZipf,        // scattered over the key space; YCSB's default
  kLatest,      // Zipf by age: the newest keys are the hottest
  kSequential,  // in order, one thread after the other
  // Key ranges of unequal heat, two exponential terms over the ranges and a
  // power law inside: Cao et al., "Characterizing, Modeling, and Benchmarking
  // RocksDB Key-Value Workloads at Facebook", FAST 2020.
  kHotRanges,
};

// Value sizes: all `bytes`, or generalised Pareto (location 0) around it.
struct ValueSizes {
  size_t bytes = 100;  // the size, or the mean of the distribution
  bool pareto = false;
  double pareto_k = 0.2615;  // shape, FAST 2020's for its example
};

// What is in the database before the load begins.
struct DataSpec {
  uint64_t keys = 1'000'000;
  size_t key_bytes = 24;
  ValueSizes values;
  // Compressed size / size of a value; 1: cannot be compressed.
  double compressed_ratio = 0.5;
  // Loaded in key order, as a restored backup is, and not scattered over the
  // key space, as the writes of a service are.
  bool load_in_order = false;
  // Bytes of keys and values, uncompressed.
  uint64_t Bytes() const { return keys * (key_bytes + values.bytes); }
};

// Threads that do the same.
struct ClientGroup {
  std::string name;  // "clients", "writer"
  int threads = 2;
  std::array<double, kOperations> mix{};  // shares, add up to 1
  KeyChoice keys = KeyChoice::kZipf;
  double zipf_theta = 0.99;
  int scan_min = 1;  // entries read by a scan, uniform in [min, max]
  int scan_max = 100;
  // Offered by all threads of the group together; 0: closed loop. Open-loop
  // latencies count from when an operation was due, not from when it was sent.
  double rate_ops_per_s = 0;
  // The rate swings by this part of itself, with this period (sine).
  double sine_amplitude = 0;
  absl::Duration sine_period = absl::ZeroDuration();
  bool sync = false;  // WAL synced at every write
};

struct Phase {
  std::string name;
  absl::Duration length = absl::Seconds(60);  // Infinite: until stopped
  std::vector<ClientGroup> clients;
  // Over as soon as the clients have inserted all keys of a workload that
  // starts empty, and after `length` at the latest.
  bool ends_when_loaded = false;
};

struct Workload {
  std::string name;
  std::string meaning;  // one line, with the source
  DataSpec data;
  std::vector<Phase> phases;  // at least one; the last is repeated from the
                              // first when `cycles`, else goes on
  bool cycles = false;
  bool starts_empty = false;  // `data` is what it will write by itself
};

// Names of all rows, in order.
std::vector<std::string> WorkloadNames();

// The row of that name. NotFound with the nearest name.
absl::StatusOr<Workload> FindWorkload(absl::string_view name);

// The workload of a phases.toml. InvalidArgument with file, line and what is
// expected (unknown keys too); NotFound without a file.
absl::StatusOr<Workload> ReadPhases(const std::string& path);

// A name, or a path that ends in ".toml".
absl::StatusOr<Workload> WorkloadOf(const std::string& name_or_path);

// The length of all phases together; Infinite where one goes on forever.
absl::Duration CycleOf(const Workload& workload);
absl::Duration ShortestPhaseOf(const Workload& workload);
// By how much the phases of a plan that cycles must last longer for `run` to be
// whole cycles, at least one; 1 for all other workloads.
double ScaleToWholeCycles(const Workload& workload, absl::Duration run);

// The same load over `bytes` of data: more or fewer keys.
Workload Scaled(Workload workload, uint64_t bytes);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_WORKLOAD_H_
