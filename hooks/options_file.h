// OPTIONS files: from RocksDB's, and to one that RocksDB loads as it is.
//
// The format has no place for what is tuned through objects: capacities of
// block and row cache, rate of a rate limiter, size of a write buffer manager
// (LiveValuesOf). WriteOptionsFile puts them into comments that RocksDB skips
// and ReadOptionsFile reads; a program that loads the file gives the cache
// itself, as the last argument of rocksdb::LoadOptionsFromFile. RocksDB drops
// the comments when it writes its own file. Also not in the format: the kind
// of a cache (all become LRU), environment, statistics, listeners, paths of
// the data.
#ifndef ROCKTUNE_HOOKS_OPTIONS_FILE_H_
#define ROCKTUNE_HOOKS_OPTIONS_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hooks/option_set.h"

namespace rocktune {

// kNotFound: no such file. kInvalidArgument: it is broken; the message is
// "FILE: line N: what and why", with the nearest name for an unknown option.
// Stricter than RocksDB, which reads "2x" as 2. kResourceExhausted: larger
// than any OPTIONS file is.
absl::StatusOr<OptionSet> ReadOptionsFile(const std::string& path);

// Of the database in `db_path`, open or not; its newest OPTIONS file.
// kNotFound: there is none.
absl::StatusOr<OptionSet> ReadLatestOptions(const std::string& db_path);

// Writes a temporary file beside `path`, loads it with RocksDB, compares every
// value of AllOptionValues(), and only then renames it; on an error the old
// file stands. kInvalidArgument: the options do not survive the format; the
// message names the first that does not. kUnavailable: the file system.
absl::Status WriteOptionsFile(const OptionSet& options,
                              const std::string& path);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_OPTIONS_FILE_H_
