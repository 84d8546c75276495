// A real RocksDB in a temporary folder, in memory where the machine has such.
#ifndef ROCKTUNE_TESTS_HOOKS_TEMP_DB_H_
#define ROCKTUNE_TESTS_HOOKS_TEMP_DB_H_

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hooks/option_access.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"

namespace rocktune {

// A folder that goes with the object.
class TempFolder {
 public:
  TempFolder() {
    std::string name = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    name += "/rocktune-test-XXXXXX";
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// An open database with the default family and `more_families`. The file
// system, if any, must outlive it.
class TempDb {
 public:
  explicit TempDb(rocksdb::Options options,
                  const std::vector<std::string>& more_families = {}) {
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    const rocksdb::Status opened =
        rocksdb::DB::Open(options, folder_.path() + "/db", &db);
    EXPECT_TRUE(opened.ok()) << opened.ToString();
    db_.reset(db);
    if (db_ == nullptr) return;
    families_.push_back({db_->DefaultColumnFamily(), 0, "default"});
    for (const std::string& name : more_families) {
      rocksdb::ColumnFamilyHandle* handle = nullptr;
      const rocksdb::Status made =
          db_->CreateColumnFamily(options, name, &handle);
      EXPECT_TRUE(made.ok()) << made.ToString();
      families_.push_back({handle, handle->GetID(), name});
    }
  }
  ~TempDb() {
    for (const FamilyRef& family : families_) {
      if (family.id == 0) continue;
      EXPECT_TRUE(db_->DestroyColumnFamilyHandle(family.handle).ok());
    }
  }
  TempDb(const TempDb&) = delete;
  TempDb& operator=(const TempDb&) = delete;

  rocksdb::DB* get() const { return db_.get(); }
  rocksdb::DB* operator->() const { return db_.get(); }
  const std::vector<FamilyRef>& families() const { return families_; }
  std::vector<rocksdb::ColumnFamilyHandle*> handles() const {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    for (const FamilyRef& family : families_) handles.push_back(family.handle);
    return handles;
  }

 private:
  TempFolder folder_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<FamilyRef> families_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_HOOKS_TEMP_DB_H_
