// A real database with column families, as a host would hold it: it owns the
// handles and closes in the order RocksDB wants.
#ifndef ROCKTUNE_TESTS_HOOKS_FAMILIES_DB_H_
#define ROCKTUNE_TESTS_HOOKS_FAMILIES_DB_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hooks/instrumentation.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "tests/hooks/observed_db.h"

namespace rocktune {

enum class Instrumented { kNo, kYes };

class FamiliesDb {
 public:
  explicit FamiliesDb(Instrumented instrumented = Instrumented::kYes,
                      rocksdb::Options options = QuietOptions()) {
    if (instrumented == Instrumented::kYes) {
      InstrumentOptionsOf(&options, InstrumentOptions());
    }
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status =
        rocksdb::DB::Open(options, folder_.path(), &db);
    EXPECT_TRUE(status.ok()) << status.ToString();
    db_.reset(db);
  }
  ~FamiliesDb() { Close(); }

  void Close() {
    while (!handles_.empty()) DeleteHandle(handles_.begin()->first);
    db_.reset();
  }

  rocksdb::DB* db() { return db_.get(); }
  rocksdb::DB* operator->() { return db_.get(); }
  const std::string& path() const { return folder_.path(); }

  rocksdb::ColumnFamilyHandle* Create(const std::string& name) {
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    const rocksdb::Status status =
        db_->CreateColumnFamily(QuietOptions(), name, &handle);
    EXPECT_TRUE(status.ok()) << status.ToString();
    handles_[name] = handle;
    return handle;
  }
  rocksdb::ColumnFamilyHandle* handle(const std::string& name) {
    return handles_.at(name);
  }
  void Drop(const std::string& name) {
    const rocksdb::Status status = db_->DropColumnFamily(handle(name));
    EXPECT_TRUE(status.ok()) << status.ToString();
  }
  void DeleteHandle(const std::string& name) {
    const rocksdb::Status status = db_->DestroyColumnFamilyHandle(handle(name));
    EXPECT_TRUE(status.ok()) << status.ToString();
    handles_.erase(name);
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<rocksdb::DB> db_;
  std::map<std::string, rocksdb::ColumnFamilyHandle*> handles_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_HOOKS_FAMILIES_DB_H_
