// Does to a database what an operation says.
#ifndef ROCKTUNE_BENCH_WORKLOAD_OPERATION_RUNNER_H_
#define ROCKTUNE_BENCH_WORKLOAD_OPERATION_RUNNER_H_

#include <string>

#include "bench/workload/key_space.h"
#include "bench/workload/operation_stream.h"
#include "rocksdb/db.h"

namespace rocktune {

// Keeps its buffers, so that it allocates nothing of its own. Not thread-safe.
class OperationRunner {
 public:
  // Both must outlive it.
  OperationRunner(rocksdb::DB* db, const KeySpace& space);

  // A key that is not there is OK. `sync`: writes sync the WAL.
  rocksdb::Status Run(const PlannedOperation& planned, bool sync);

 private:
  rocksdb::Status Read(const rocksdb::Slice& key);
  rocksdb::Status Write(const rocksdb::Slice& key,
                        const PlannedOperation& planned, bool sync);
  rocksdb::Status Scan(const rocksdb::Slice& key, int entries);

  rocksdb::DB* const db_;
  const KeySpace& space_;
  rocksdb::ColumnFamilyHandle* const family_;
  const rocksdb::ReadOptions read_options_;
  rocksdb::WriteOptions write_options_;
  std::string key_;
  rocksdb::PinnableSlice found_;
  uint64_t scanned_bytes_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_OPERATION_RUNNER_H_
