// Loaded databases and their copies.
#ifndef ROCKTUNE_BENCH_CELL_DATABASE_COPY_H_
#define ROCKTUNE_BENCH_CELL_DATABASE_COPY_H_

#include <atomic>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "bench/workload/workload.h"

namespace rocktune {

// Makes `to` (which must not exist) a copy of the closed database `from`.
// Table and blob files, which RocksDB never changes, are hard links where the
// file system has them. ResourceExhausted: the disk is full; `to` is removed.
absl::Status CopyDatabase(const std::string& from, const std::string& to);

// Whether nothing more can be written below `dir`. Ask before what was written
// is removed.
bool DiskIsFull(const std::string& dir);

// Whether an error text, of RocksDB or of a command, speaks of a full disk (or
// of a limit on file sizes): then the options are not to blame.
bool SpeaksOfFullDisk(const std::string& text);

// Makes a database with the workload's data in `dir`, with RocksDB's defaults,
// unless it is there already and whole. Cancelled once *stop is true.
absl::Status EnsureLoaded(const std::string& dir, const Workload& workload,
                          uint64_t seed,
                          const std::function<void(double)>& progress,
                          const std::atomic<bool>* stop);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CELL_DATABASE_COPY_H_
