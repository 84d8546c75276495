// The one conversion between RocksDB's status and ours.
#ifndef ROCKTUNE_HOOKS_ROCKSDB_STATUS_H_
#define ROCKTUNE_HOOKS_ROCKSDB_STATUS_H_

#include "absl/status/status.h"
#include "rocksdb/status.h"

namespace rocktune {

absl::Status FromRocksdb(const rocksdb::Status& status);
rocksdb::Status ToRocksdb(const absl::Status& status);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_ROCKSDB_STATUS_H_
