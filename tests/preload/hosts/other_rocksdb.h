// The header of other_rocksdb.cc.
#ifndef ROCKTUNE_TESTS_PRELOAD_HOSTS_OTHER_ROCKSDB_H_
#define ROCKTUNE_TESTS_PRELOAD_HOSTS_OTHER_ROCKSDB_H_

#include <cstddef>
#include <memory>
#include <string>

namespace rocksdb {

struct Options {};

// As in RocksDB a class that is returned in memory.
class __attribute__((visibility("default"))) Status {
 public:
  Status(size_t length) : length_(length) {}
  Status(const Status& other) : length_(other.length_) {}
  ~Status() { length_ = 0; }
  size_t length() const { return length_; }

 private:
  size_t length_;
  size_t more_[3] = {};
};

class __attribute__((visibility("default"))) DB {
 public:
  static Status Open(const Options& options, const std::string& path,
                     std::unique_ptr<DB>* db);
};

__attribute__((visibility("default"))) std::string GetRocksVersionAsString(
    bool with_patch);

}  // namespace rocksdb

#endif  // ROCKTUNE_TESTS_PRELOAD_HOSTS_OTHER_ROCKSDB_H_
