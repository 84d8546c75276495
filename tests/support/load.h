// Reads, writes and short scans in threads of their own, as a service would.
#ifndef ROCKTUNE_TESTS_SUPPORT_LOAD_H_
#define ROCKTUNE_TESTS_SUPPORT_LOAD_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "rocksdb/db.h"

namespace rocktune {

// Runs from construction to destruction. `db` and handles must outlive it.
class Load {
 public:
  struct Spec {
    int threads = 2;
    uint64_t keys = 20000;
    int write_percent = 50;
    size_t value_bytes = 200;
  };
  Load(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> handles,
       Spec spec);
  ~Load();

  uint64_t operations() const { return operations_; }
  uint64_t failures() const { return failures_; }

  static std::string Key(uint64_t number);

 private:
  void Run(uint64_t seed);

  rocksdb::DB* const db_;
  const std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  const Spec spec_;
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> operations_{0};
  std::atomic<uint64_t> failures_{0};
  std::vector<std::thread> threads_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_SUPPORT_LOAD_H_
