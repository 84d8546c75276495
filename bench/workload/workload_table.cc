// The named workloads. Sizes are small enough to load in seconds; Scaled()
// makes them larger than the memory the database may use.
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/workload/workload.h"
#include "policy/edit_distance.h"

namespace rocktune {
namespace {

using Mix = std::array<double, kOperations>;

struct Shares {
  double read = 0;
  double update = 0;
  double insert = 0;
  double scan = 0;
  double read_modify_write = 0;
};

constexpr Mix MixOf(const Shares& shares) {
  return {shares.read, shares.update, shares.insert, shares.scan,
          shares.read_modify_write};
}

// Ten fields of 100 bytes under keys of "user" and up to 19 digits.
const DataSpec kYcsbData{
    .keys = 1'000'000, .key_bytes = 23, .values = {.bytes = 1000}};

// db_bench's defaults: --num, --key_size, --value_size, --compression_ratio.
const DataSpec kDbBenchData{
    .keys = 1'000'000, .key_bytes = 16, .values = {.bytes = 100}};

// --key_size, --value_k and --value_sigma of the published MixGraph runs: a
// mean of 25.45 / (1 - 0.2615) = 34.5 bytes. They have 50 million keys.
const DataSpec kMixGraphData{.keys = 2'000'000,
                             .key_bytes = 48,
                             .values = {.bytes = 35, .pareto = true}};

// Clients that go on until they are stopped.
Phase Forever(std::vector<ClientGroup> clients) {
  return {"all", absl::InfiniteDuration(), std::move(clients)};
}

ClientGroup Clients(const Shares& shares, KeyChoice keys) {
  return {.name = "clients", .mix = MixOf(shares), .keys = keys};
}

ClientGroup Scanning(ClientGroup group, int min, int max) {
  group.scan_min = min;
  group.scan_max = max;
  return group;
}

// Beside readers at full speed a writer at full speed would make the mix, and
// with it the meaning of "faster", depend on the options. db_bench's own
// default has no limit; 10 000 a second (1.1 MiB/s) is our guess of a write
// rate that every emulated device can take.
ClientGroup SteadyWriter() {
  ClientGroup writer = Clients({.update = 1}, KeyChoice::kUniform);
  writer.name = "writer";
  writer.threads = 1;
  writer.rate_ops_per_s = 10'000;
  return writer;
}

// Mix and rate: db_bench --mix_get_ratio=0.83 --mix_put_ratio=0.14
// --mix_seek_ratio=0.03 --sine_a=1000 --sine_b=0.000073 --sine_d=4500, that is
// 4500 a second, 1000 more or less over a day. Guesses: the day is pressed into
// one minute, and scans are uniform in 1..50, whose middle is near the median
// (27) of the published generalised Pareto (--iter_k=2.517
// --iter_sigma=14.236), which has no mean.
ClientGroup SocialGraph() {
  ClientGroup group =
      Scanning(Clients({.read = 0.83, .update = 0.14, .scan = 0.03},
                       KeyChoice::kHotRanges),
               1, 50);
  group.rate_ops_per_s = 4500;
  group.sine_amplitude = 1000.0 / 4500.0;
  group.sine_period = absl::Minutes(1);
  return group;
}

Workload Named(const char* name, const char* meaning, const DataSpec& data,
               std::vector<ClientGroup> clients) {
  return {name, meaning, data, {Forever(std::move(clients))}};
}

Workload StartingEmpty(Workload workload) {
  workload.starts_empty = true;
  return workload;
}

// YCSB's rows: Cooper et al., "Benchmarking Cloud Serving Systems with YCSB",
// SoCC 2010, table 2, and the files workloads/workload[a-f] of its source.
std::vector<Workload> Ycsb() {
  return {
      Named("ycsb-a", "update heavy: 50 % reads, 50 % updates, Zipf (YCSB A)",
            kYcsbData,
            {Clients({.read = 0.5, .update = 0.5}, KeyChoice::kZipf)}),
      Named("ycsb-b", "read mostly: 95 % reads, 5 % updates, Zipf (YCSB B)",
            kYcsbData,
            {Clients({.read = 0.95, .update = 0.05}, KeyChoice::kZipf)}),
      Named("ycsb-c", "read only: 100 % reads, Zipf (YCSB C)", kYcsbData,
            {Clients({.read = 1}, KeyChoice::kZipf)}),
      Named("ycsb-d",
            "read latest: 95 % reads of new keys, 5 % inserts "
            "(YCSB D)",
            kYcsbData,
            {Clients({.read = 0.95, .insert = 0.05}, KeyChoice::kLatest)}),
      Named("ycsb-e",
            "short ranges: 95 % scans of 1..100 entries, 5 % "
            "inserts, Zipf (YCSB E)",
            kYcsbData,
            {Scanning(Clients({.insert = 0.05, .scan = 0.95}, KeyChoice::kZipf),
                      1, 100)}),
      Named(
          "ycsb-f",
          "read-modify-write: 50 % reads, 50 % reads with a write "
          "after it, Zipf (YCSB F)",
          kYcsbData,
          {Clients({.read = 0.5, .read_modify_write = 0.5}, KeyChoice::kZipf)}),
  };
}

// The benchmarks of RocksDB's tools/db_bench_tool.cc.
std::vector<Workload> DbBench() {
  return {
      StartingEmpty(Named("fillrandom",
                          "writes of uniform keys into an empty "
                          "database (db_bench)",
                          kDbBenchData,
                          {Clients({.update = 1}, KeyChoice::kUniform)})),
      Named("overwrite", "writes of uniform keys that exist (db_bench)",
            kDbBenchData, {Clients({.update = 1}, KeyChoice::kUniform)}),
      Named("readrandom", "reads of uniform keys (db_bench)", kDbBenchData,
            {Clients({.read = 1}, KeyChoice::kUniform)}),
      Named("readwhilewriting",
            "reads of uniform keys beside one writer at a "
            "fixed rate (db_bench, with a limit of our own)",
            kDbBenchData,
            {Clients({.read = 1}, KeyChoice::kUniform), SteadyWriter()}),
      Named("readrandomwriterandom",
            "90 % reads, 10 % writes, uniform "
            "(db_bench, --readwritepercent=90)",
            kDbBenchData,
            {Clients({.read = 0.9, .update = 0.1}, KeyChoice::kUniform)}),
      Named("seekrandom",
            "a new iterator sought to a uniform key and read "
            "once (db_bench, --seek_nexts=0)",
            kDbBenchData,
            {Scanning(Clients({.scan = 1}, KeyChoice::kUniform), 1, 1)}),
      Named("mixgraph",
            "83 % reads, 14 % writes, 3 % scans over hot key "
            "ranges, small values, sine rate, open loop (db_bench; Cao et al., "
            "FAST 2020)",
            kMixGraphData, {SocialGraph()}),
  };
}

// Inserts of all data in random order, then read-mostly serving: what a rebuilt
// replica does. Ten minutes for the load are a limit, not an estimate.
Workload BulkLoadServe() {
  ClientGroup load = Clients({.insert = 1}, KeyChoice::kUniform);
  load.name = "loaders";
  return {
      .name = "bulk-load-serve",
      .meaning =
          "inserts all data into an empty database, then YCSB B's "
          "mix on them (ours)",
      .data = kDbBenchData,
      .phases = {{"load", absl::Minutes(10), {load}, true},
                 {"serve",
                  absl::InfiniteDuration(),
                  {Clients({.read = 0.95, .update = 0.05}, KeyChoice::kZipf)}}},
      .starts_empty = true};
}

// Phases whose best options differ: hot reads want cache, writes want
// memtables and background jobs, scans few sorted runs. Shares and lengths are
// ours: no published day has them.
Workload PhasesDay() {
  const auto minute = [](const char* name, ClientGroup group) {
    return Phase{name, absl::Minutes(1), {std::move(group)}};
  };
  return {.name = "phases-day",
          .meaning =
              "a minute each of reads, writes, scans and a mix, again "
              "and again (ours)",
          .data = kDbBenchData,
          .phases = {minute("reads", Clients({.read = 0.95, .update = 0.05},
                                             KeyChoice::kZipf)),
                     minute("writes", Clients({.read = 0.1, .update = 0.9},
                                              KeyChoice::kUniform)),
                     minute("scans",
                            Scanning(Clients({.update = 0.05, .scan = 0.95},
                                             KeyChoice::kUniform),
                                     1, 100)),
                     minute("mix", Clients({.read = 0.5, .update = 0.5},
                                           KeyChoice::kZipf))},
          .cycles = true};
}

const std::vector<Workload>& Table() {
  static const auto& table = *[] {
    auto* rows = new std::vector<Workload>(Ycsb());
    for (Workload& row : DbBench()) rows->push_back(std::move(row));
    rows->push_back(BulkLoadServe());
    rows->push_back(PhasesDay());
    return rows;
  }();
  return table;
}

}  // namespace

std::vector<std::string> WorkloadNames() {
  std::vector<std::string> names;
  for (const Workload& row : Table()) names.push_back(row.name);
  return names;
}

absl::StatusOr<Workload> FindWorkload(absl::string_view name) {
  for (const Workload& row : Table()) {
    if (row.name == name) return row;
  }
  const std::string near = NearestName(name, WorkloadNames());
  return absl::NotFoundError(absl::StrCat(
      "no workload \"", name, "\"",
      near.empty() ? "; one of " : absl::StrCat("; did you mean ", near, "?"),
      near.empty() ? absl::StrJoin(WorkloadNames(), ", ") : ""));
}

}  // namespace rocktune
