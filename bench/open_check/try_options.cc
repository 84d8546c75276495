#include "bench/open_check/try_options.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hooks/rocksdb_status.h"
#include "policy/status_macros.h"
#include "rocksdb/db.h"

namespace rocktune {
namespace {

// Some blocks and partitions, done in milliseconds.
constexpr int kKeys = 2000;
constexpr int kValueBytes = 100;

std::string KeyOf(int i) { return absl::StrFormat("key%08d", i); }

std::string ValueOf(int i, char round) {
  return absl::StrCat(KeyOf(i), std::string(kValueBytes, round));
}

// An open database whose handles go with it.
class OpenedDb {
 public:
  static absl::StatusOr<std::unique_ptr<OpenedDb>> Open(
      const OptionSet& options, const std::string& folder) {
    auto opened = std::make_unique<OpenedDb>();
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(
        options.db, folder, options.families, &opened->handles_, &db);
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("RocksDB does not open with it: ", status.ToString()));
    }
    opened->db_.reset(db);
    return opened;
  }
  ~OpenedDb() {
    for (rocksdb::ColumnFamilyHandle* handle : handles_) {
      db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    }
  }

  absl::Status Write(char round) {
    for (rocksdb::ColumnFamilyHandle* handle : handles_) {
      for (int i = 0; i < kKeys; ++i) {
        ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(db_->Put(
            rocksdb::WriteOptions(), handle, KeyOf(i), ValueOf(i, round))));
      }
      ROCKTUNE_RETURN_IF_ERROR(
          FromRocksdb(db_->Flush(rocksdb::FlushOptions(), handle)));
    }
    return absl::OkStatus();
  }

  absl::Status Compact() {
    for (rocksdb::ColumnFamilyHandle* handle : handles_) {
      ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(db_->CompactRange(
          rocksdb::CompactRangeOptions(), handle, nullptr, nullptr)));
    }
    return absl::OkStatus();
  }

  absl::Status Read(char round) {
    for (rocksdb::ColumnFamilyHandle* handle : handles_) {
      for (int i = 0; i < kKeys; ++i) {
        std::string value;
        ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(
            db_->Get(rocksdb::ReadOptions(), handle, KeyOf(i), &value)));
        if (value != ValueOf(i, round)) {
          return absl::DataLossError(
              absl::StrCat(KeyOf(i), " has another value than was written"));
        }
      }
    }
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

absl::Status Doing(absl::string_view what, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat("while ", what, ": ", status.message()));
}

}  // namespace

absl::Status TryOptions(const OptionSet& options, const std::string& folder) {
  OptionSet tried = options;
  tried.db.create_if_missing = true;
  tried.db.create_missing_column_families = true;
  tried.db.error_if_exists = false;
  {
    ROCKTUNE_ASSIGN_OR_RETURN(auto db, OpenedDb::Open(tried, folder));
    ROCKTUNE_RETURN_IF_ERROR(Doing("writing", db->Write('a')));
    ROCKTUNE_RETURN_IF_ERROR(Doing("overwriting", db->Write('b')));
    ROCKTUNE_RETURN_IF_ERROR(Doing("compacting", db->Compact()));
    ROCKTUNE_RETURN_IF_ERROR(Doing("reading", db->Read('b')));
  }
  ROCKTUNE_ASSIGN_OR_RETURN(auto db, OpenedDb::Open(tried, folder));
  return Doing("reading after a restart", db->Read('b'));
}

}  // namespace rocktune
