// A RocksDB in a temporary folder, and one whose writes can be watched or held
// up.
#ifndef ROCKTUNE_TESTS_BENCH_WORKLOAD_TEST_DB_H_
#define ROCKTUNE_TESTS_BENCH_WORKLOAD_TEST_DB_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "rocksdb/db.h"
#include "rocksdb/utilities/stackable_db.h"
#include "tests/support/temp_dir.h"

namespace rocktune {

class TestDb {
 public:
  explicit TestDb(rocksdb::Options options = rocksdb::Options()) {
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(options, dir_ / "db", &db);
    EXPECT_TRUE(status.ok()) << status.ToString();
    db_.reset(db);
  }
  rocksdb::DB* get() const { return db_.get(); }
  rocksdb::DB* operator->() const { return db_.get(); }

  uint64_t Property(const char* name) const {
    uint64_t value = 0;
    EXPECT_TRUE(db_->GetIntProperty(name, &value)) << name;
    return value;
  }
  uint64_t CountKeys() const {
    uint64_t keys = 0;
    std::unique_ptr<rocksdb::Iterator> it(
        db_->NewIterator(rocksdb::ReadOptions()));
    for (it->SeekToFirst(); it->Valid(); it->Next()) ++keys;
    EXPECT_TRUE(it->status().ok());
    return keys;
  }

 private:
  const TempDir dir_;
  std::unique_ptr<rocksdb::DB> db_;
};

// Calls `before_put` in front of every Put; its error is the Put's.
class WatchedDb : public rocksdb::StackableDB {
 public:
  using BeforePut = std::function<rocksdb::Status(const rocksdb::Slice& key,
                                                  const rocksdb::Slice& value)>;
  // `db` stays the caller's.
  WatchedDb(rocksdb::DB* db, BeforePut before_put)
      : StackableDB(std::shared_ptr<rocksdb::DB>(db, [](rocksdb::DB*) {})),
        before_put_(std::move(before_put)) {}

  using StackableDB::Put;
  rocksdb::Status Put(const rocksdb::WriteOptions& options,
                      rocksdb::ColumnFamilyHandle* family,
                      const rocksdb::Slice& key,
                      const rocksdb::Slice& value) override {
    rocksdb::Status status = before_put_(key, value);
    return status.ok() ? db_->Put(options, family, key, value) : status;
  }

 private:
  const BeforePut before_put_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_BENCH_WORKLOAD_TEST_DB_H_
