// A plugin that uses RocksDB: opens, uses and closes a database.
#include <memory>
#include <string>

#include "rocksdb/db.h"

extern "C" __attribute__((visibility("default"))) rocksdb::DB* OpenDatabase(
    const char* path) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  return rocksdb::DB::Open(options, path, &raw).ok() ? raw : nullptr;
}

extern "C" __attribute__((visibility("default"))) int UseDatabase(
    const char* path) {
  const std::unique_ptr<rocksdb::DB> db(OpenDatabase(path));
  if (db == nullptr) return 1;
  std::string value;
  return db->Put(rocksdb::WriteOptions(), "key", "value").ok() &&
                 db->Get(rocksdb::ReadOptions(), "key", &value).ok() &&
                 value == "value"
             ? 0
             : 1;
}
