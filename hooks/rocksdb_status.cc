#include "hooks/rocksdb_status.h"

#include <string>

namespace rocktune {
namespace {

using RocksdbStatus = rocksdb::Status;

struct Row {
  RocksdbStatus::Code rocksdb;
  absl::StatusCode ours;
  // Makes RocksDB's status from ours; null where another row already does.
  RocksdbStatus (*make)(const rocksdb::Slice& message);
};

template <RocksdbStatus (*kMake)(const rocksdb::Slice&, const rocksdb::Slice&)>
RocksdbStatus Make(const rocksdb::Slice& message) {
  return kMake(message, rocksdb::Slice());
}

// The codes say what the caller should do (absl/status/status.h). Where
// several of RocksDB's share one of ours, the row with a maker leads back.
constexpr Row kRows[] = {
    {RocksdbStatus::kNotFound, absl::StatusCode::kNotFound,
     Make<RocksdbStatus::NotFound>},
    {RocksdbStatus::kCorruption, absl::StatusCode::kDataLoss,
     Make<RocksdbStatus::Corruption>},
    {RocksdbStatus::kNotSupported, absl::StatusCode::kUnimplemented,
     Make<RocksdbStatus::NotSupported>},
    {RocksdbStatus::kInvalidArgument, absl::StatusCode::kInvalidArgument,
     Make<RocksdbStatus::InvalidArgument>},
    {RocksdbStatus::kInvalidArgument, absl::StatusCode::kOutOfRange,
     Make<RocksdbStatus::InvalidArgument>},
    {RocksdbStatus::kIOError, absl::StatusCode::kInternal,
     Make<RocksdbStatus::IOError>},
    {RocksdbStatus::kMergeInProgress, absl::StatusCode::kUnavailable, nullptr},
    {RocksdbStatus::kNotSupported, absl::StatusCode::kFailedPrecondition,
     Make<RocksdbStatus::NotSupported>},
    {RocksdbStatus::kIncomplete, absl::StatusCode::kFailedPrecondition,
     nullptr},
    {RocksdbStatus::kShutdownInProgress, absl::StatusCode::kCancelled, nullptr},
    {RocksdbStatus::kTimedOut, absl::StatusCode::kDeadlineExceeded,
     Make<RocksdbStatus::TimedOut>},
    {RocksdbStatus::kAborted, absl::StatusCode::kAborted,
     Make<RocksdbStatus::Aborted>},
    {RocksdbStatus::kAborted, absl::StatusCode::kCancelled,
     Make<RocksdbStatus::Aborted>},
    {RocksdbStatus::kBusy, absl::StatusCode::kUnavailable,
     Make<RocksdbStatus::Busy>},
    {RocksdbStatus::kBusy, absl::StatusCode::kResourceExhausted,
     Make<RocksdbStatus::Busy>},
    {RocksdbStatus::kExpired, absl::StatusCode::kDeadlineExceeded, nullptr},
    {RocksdbStatus::kTryAgain, absl::StatusCode::kUnavailable, nullptr},
    {RocksdbStatus::kCompactionTooLarge, absl::StatusCode::kFailedPrecondition,
     nullptr},
    {RocksdbStatus::kColumnFamilyDropped, absl::StatusCode::kFailedPrecondition,
     nullptr},
    {RocksdbStatus::kInvalidArgument, absl::StatusCode::kAlreadyExists,
     Make<RocksdbStatus::InvalidArgument>},
    {RocksdbStatus::kInvalidArgument, absl::StatusCode::kPermissionDenied,
     Make<RocksdbStatus::InvalidArgument>},
};

}  // namespace

absl::Status FromRocksdb(const RocksdbStatus& status) {
  if (status.ok()) return absl::OkStatus();
  for (const Row& row : kRows) {
    if (row.rocksdb == status.code()) {
      return absl::Status(row.ours, status.ToString());
    }
  }
  return absl::UnknownError(status.ToString());
}

RocksdbStatus ToRocksdb(const absl::Status& status) {
  if (status.ok()) return RocksdbStatus::OK();
  const std::string message(status.message());
  for (const Row& row : kRows) {
    if (row.ours == status.code() && row.make != nullptr) {
      return row.make(message);
    }
  }
  return RocksdbStatus::Aborted(message);
}

}  // namespace rocktune
