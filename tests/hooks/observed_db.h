// A real database in a temporary folder, opened with our instrumentation.
#ifndef ROCKTUNE_TESTS_HOOKS_OBSERVED_DB_H_
#define ROCKTUNE_TESTS_HOOKS_OBSERVED_DB_H_

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "hooks/instrumentation.h"
#include "hooks/tuning_listener.h"
#include "hooks/tuning_statistics.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"

namespace rocktune {

// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "rocktune-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Few background jobs of their own accord: what happens is what a test does.
inline rocksdb::Options QuietOptions() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

class ObservedDb {
 public:
  explicit ObservedDb(rocksdb::Options options = QuietOptions(),
                      InstrumentOptions how = {}) {
    instrumentation_ = InstrumentOptionsOf(&options, how);
    Open(options);
  }
  // Opens without us.
  struct Plain {};
  ObservedDb(Plain, const rocksdb::Options& options) { Open(options); }

  rocksdb::DB* db() { return db_.get(); }
  rocksdb::DB* operator->() { return db_.get(); }
  TuningStatistics& statistics() { return *instrumentation_.statistics; }
  TuningListener& listener() { return *instrumentation_.listener; }
  void Close() { db_.reset(); }

  void Put(const std::string& key, const std::string& value) {
    rocksdb::Status status = db_->Put(rocksdb::WriteOptions(), key, value);
    ASSERT_TRUE(status.ok()) << status.ToString();
  }
  std::string Get(const std::string& key) {
    std::string value;
    rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), key, &value);
    return status.ok() ? value : status.ToString();
  }
  void Flush() {
    rocksdb::Status status = db_->Flush(rocksdb::FlushOptions());
    ASSERT_TRUE(status.ok()) << status.ToString();
  }
  void CompactAll() {
    rocksdb::CompactRangeOptions all;
    all.bottommost_level_compaction =
        rocksdb::BottommostLevelCompaction::kForce;
    rocksdb::Status status = db_->CompactRange(all, nullptr, nullptr);
    ASSERT_TRUE(status.ok()) << status.ToString();
  }
  Window Cut() {
    Window window;
    statistics().Cut(&window);
    listener().Drain(&window);
    return window;
  }

 private:
  void Open(const rocksdb::Options& options) {
    rocksdb::DB* db = nullptr;
    rocksdb::Status status = rocksdb::DB::Open(options, folder_.path(), &db);
    ASSERT_TRUE(status.ok()) << status.ToString();
    db_.reset(db);
  }

  TemporaryFolder folder_;
  Instrumentation instrumentation_;
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_HOOKS_OBSERVED_DB_H_
