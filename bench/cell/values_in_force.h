// What an open database runs with.
#ifndef ROCKTUNE_BENCH_CELL_VALUES_IN_FORCE_H_
#define ROCKTUNE_BENCH_CELL_VALUES_IN_FORCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "policy/option.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"

namespace rocktune {

// Every option of the database and its default family, capacity of the block
// cache included, whose value is another one than that of a database opened
// with `before`, but for their table, which is RocksDB's default. Opens one in
// `scratch_dir`, on this machine's own file system, and removes it.
absl::StatusOr<OptionValues> ChangedSince(const rocksdb::Options& before,
                                          rocksdb::DB* db,
                                          const std::string& scratch_dir);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CELL_VALUES_IN_FORCE_H_
