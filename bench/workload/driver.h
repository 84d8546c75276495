// Loads a database and drives it: the load side of every benchmark.
#ifndef ROCKTUNE_BENCH_WORKLOAD_DRIVER_H_
#define ROCKTUNE_BENCH_WORKLOAD_DRIVER_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/demo/latency_recorder.h"
#include "bench/workload/workload.h"
#include "rocksdb/db.h"

namespace rocktune {

// What the clients saw since the last Take().
struct LoadInterval {
  double seconds = 0;
  int phase = 0;  // index, at the end of the interval
  std::array<LatencyRecorder, kOperations> latency;
  uint64_t failures = 0;      // not in `latency`
  std::string first_failure;  // RocksDB's words, of the first one ever
  // Open loop: operations that were due and not yet sent at the end.
  uint64_t behind = 0;
  // Open loop: operations that were due in a phase and not sent by its end.
  // They never are, and no latency counts them: with any, the percentiles are
  // lower than what clients would have seen.
  uint64_t dropped = 0;

  uint64_t Count() const {
    uint64_t sum = 0;
    for (const LatencyRecorder& recorder : latency) sum += recorder.count();
    return sum;
  }
  double OpsPerS() const {
    return seconds > 0 ? static_cast<double>(Count()) / seconds : 0;
  }
  void Merge(const LoadInterval& later);
};

// Writes the workload's data (nothing when it starts empty) without WAL,
// flushes, and waits until no flush or compaction runs or is due. `progress`
// gets the share done, 0..1, a few times a second. Aborted once *stop is true;
// DeadlineExceeded when the database finds no rest for half an hour; else what
// RocksDB said. After an error the database is half loaded: delete it.
absl::Status LoadData(rocksdb::DB* db, const Workload& workload, uint64_t seed,
                      const std::function<void(double)>& progress,
                      const std::atomic<bool>* stop);

// Runs the phases from construction to destruction; the last goes on beyond its
// length. The same workload and seed give each thread the same operations in
// the same order, whatever the speed; phases switch by time, so it is the speed
// that decides how many of a phase's operations there are. Works on the default
// column family; a thread is a client, and idle in phases with fewer of them.
// Destruction waits for the calls that are inside RocksDB: while writes are
// stopped it takes until they go on. `db` must outlive it. Methods are
// thread-safe.
class Driver {
 public:
  Driver(rocksdb::DB* db, const Workload& workload, uint64_t seed);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  LoadInterval Take();  // starts the next interval
  // The last phase is over (never true when it is endless or cycles).
  bool Finished() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_DRIVER_H_
