#include "bench/workload/operation_runner.h"

#include <memory>

namespace rocktune {

OperationRunner::OperationRunner(rocksdb::DB* db, const KeySpace& space)
    : db_(db),
      space_(space),
      family_(db->DefaultColumnFamily()),
      key_(space.key_bytes(), '\0') {}

rocksdb::Status OperationRunner::Run(const PlannedOperation& planned,
                                     bool sync) {
  space_.Write(planned.key, key_.data());
  switch (planned.operation) {
    case Operation::kRead:
      return Read(key_);
    case Operation::kUpdate:
    case Operation::kInsert:
      return Write(key_, planned, sync);
    case Operation::kScan:
      return Scan(key_, planned.scan_length);
    case Operation::kReadModifyWrite: {
      rocksdb::Status status = Read(key_);
      return status.ok() ? Write(key_, planned, sync) : status;
    }
  }
  return rocksdb::Status::NotSupported("unknown operation");
}

rocksdb::Status OperationRunner::Read(const rocksdb::Slice& key) {
  found_.Reset();
  rocksdb::Status status = db_->Get(read_options_, family_, key, &found_);
  return status.IsNotFound() ? rocksdb::Status::OK() : status;
}

rocksdb::Status OperationRunner::Write(const rocksdb::Slice& key,
                                       const PlannedOperation& planned,
                                       bool sync) {
  write_options_.sync = sync;
  return db_->Put(write_options_, family_, key,
                  rocksdb::Slice(planned.value.data(), planned.value.size()));
}

rocksdb::Status OperationRunner::Scan(const rocksdb::Slice& key, int entries) {
  const std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(read_options_, family_));
  it->Seek(key);
  for (int n = 0; n < entries && it->Valid(); ++n) {
    scanned_bytes_ += it->value().size();
    if (n + 1 < entries) it->Next();
  }
  return it->status();
}

}  // namespace rocktune
