// Writes and reads over all families until it is destroyed.
#ifndef ROCKTUNE_TESTS_FUZZ_FUZZ_LOAD_H_
#define ROCKTUNE_TESTS_FUZZ_FUZZ_LOAD_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/db.h"

namespace rocktune {

class FuzzLoad {
 public:
  FuzzLoad(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> handles)
      : db_(db),
        handles_(std::move(handles)),
        writer_([this] { Write(); }),
        reader_([this] { Read(); }) {}
  ~FuzzLoad() {
    stop_ = true;
    writer_.join();
    reader_.join();
  }

  uint64_t writes() const { return writes_; }
  uint64_t reads() const { return reads_; }
  // The first error, or OK.
  std::string error() const {
    absl::MutexLock lock(&mutex_);
    return error_;
  }

 private:
  static constexpr uint64_t kKeys = 20000;

  void Check(const rocksdb::Status& status) {
    if (status.ok() || status.IsNotFound()) return;
    absl::MutexLock lock(&mutex_);
    if (error_ == "OK") error_ = status.ToString();
  }

  // Leaves the processor to the others: the load is to be there, not heavy.
  static void Breathe() {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }

  static std::string Key(uint64_t number) {
    return absl::StrCat("key", number % kKeys);
  }

  void Write() {
    std::mt19937_64 random(1);
    while (!stop_) {
      rocksdb::WriteBatch batch;
      for (int i = 0; i < 8; ++i) {
        rocksdb::ColumnFamilyHandle* family =
            handles_[random() % handles_.size()];
        const std::string key = Key(random());
        if (random() % 10 == 0) {
          batch.Delete(family, key);
        } else {
          batch.Put(family, key, std::string(random() % 400, 'v'));
        }
      }
      Check(db_->Write(rocksdb::WriteOptions(), &batch));
      ++writes_;
      Breathe();
    }
  }

  void Read() {
    std::mt19937_64 random(2);
    std::string value;
    while (!stop_) {
      rocksdb::ColumnFamilyHandle* family =
          handles_[random() % handles_.size()];
      Check(db_->Get(rocksdb::ReadOptions(), family, Key(random()), &value));
      if (reads_ % 16 == 0) {
        std::unique_ptr<rocksdb::Iterator> scan(
            db_->NewIterator(rocksdb::ReadOptions(), family));
        scan->Seek(Key(random()));
        for (int i = 0; i < 20 && scan->Valid(); ++i) scan->Next();
        Check(scan->status());
      }
      ++reads_;
      Breathe();
    }
  }

  rocksdb::DB* const db_;
  const std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> writes_{0};
  std::atomic<uint64_t> reads_{0};
  mutable absl::Mutex mutex_;
  std::string error_ ABSL_GUARDED_BY(mutex_) = "OK";
  std::thread writer_;  // last: they use everything above
  std::thread reader_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_FUZZ_FUZZ_LOAD_H_
