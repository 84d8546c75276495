#include "hooks/rocksdb_status.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

struct Case {
  rocksdb::Status rocksdb;
  absl::StatusCode ours;
};

TEST(RocksdbStatus, BecomesTheCodeThatSaysWhatToDo) {
  const Case cases[] = {
      {rocksdb::Status::NotFound("text"), absl::StatusCode::kNotFound},
      {rocksdb::Status::Corruption("text"), absl::StatusCode::kDataLoss},
      {rocksdb::Status::NotSupported("text"), absl::StatusCode::kUnimplemented},
      {rocksdb::Status::InvalidArgument("text"),
       absl::StatusCode::kInvalidArgument},
      {rocksdb::Status::IOError("text"), absl::StatusCode::kInternal},
      {rocksdb::Status::TimedOut("text"), absl::StatusCode::kDeadlineExceeded},
      {rocksdb::Status::Aborted("text"), absl::StatusCode::kAborted},
      {rocksdb::Status::Busy("text"), absl::StatusCode::kUnavailable},
      {rocksdb::Status::TryAgain("text"), absl::StatusCode::kUnavailable},
      {rocksdb::Status::ShutdownInProgress("text"),
       absl::StatusCode::kCancelled},
  };
  for (const Case& row : cases) {
    EXPECT_THAT(FromRocksdb(row.rocksdb), IsError(row.ours, "text"));
  }
  EXPECT_OK(FromRocksdb(rocksdb::Status::OK()));
}

TEST(RocksdbStatus, IsMadeFromOursWithTheMessage) {
  EXPECT_TRUE(ToRocksdb(absl::OkStatus()).ok());
  EXPECT_TRUE(ToRocksdb(absl::InvalidArgumentError("x")).IsInvalidArgument());
  EXPECT_TRUE(ToRocksdb(absl::AlreadyExistsError("x")).IsInvalidArgument());
  // Such as a read-only instance, which cannot be attached to.
  EXPECT_TRUE(ToRocksdb(absl::FailedPreconditionError("x")).IsNotSupported());
  EXPECT_TRUE(ToRocksdb(absl::DeadlineExceededError("x")).IsTimedOut());
  EXPECT_TRUE(ToRocksdb(absl::UnknownError("x")).IsAborted());
  rocksdb::Status status = ToRocksdb(absl::NotFoundError("no such family"));
  EXPECT_NE(status.ToString().find("no such family"), std::string::npos);
}

TEST(RocksdbStatus, SurvivesTheWayThereAndBack) {
  for (const rocksdb::Status& status :
       {rocksdb::Status::NotFound(), rocksdb::Status::Corruption(),
        rocksdb::Status::NotSupported(), rocksdb::Status::InvalidArgument(),
        rocksdb::Status::IOError(), rocksdb::Status::TimedOut(),
        rocksdb::Status::Aborted(), rocksdb::Status::Busy()}) {
    EXPECT_EQ(ToRocksdb(FromRocksdb(status)).code(), status.code());
  }
}

}  // namespace
}  // namespace rocktune
