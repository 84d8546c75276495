// A real RocksDB on an emulated device.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/table.h"
#include "tests/bench/device/device_fixture.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

using rocksdb::Slice;

class DatabaseOnDevice : public testing::TestWithParam<bool> {
 protected:
  rocksdb::Options Options() {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.env = env_.get();
    options.use_direct_reads = GetParam();
    options.use_direct_io_for_flush_and_compaction = GetParam();
    options.write_buffer_size = 256 * 1024;
    options.target_file_size_base = 256 * 1024;
    options.max_bytes_for_level_base = 1024 * 1024;
    options.bytes_per_sync = 64 * 1024;
    options.recycle_log_file_num = 2;
    options.paranoid_file_checks = true;
    options.compression = rocksdb::kNoCompression;
    rocksdb::BlockBasedTableOptions table;
    table.no_block_cache = true;  // else it would hold everything
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    return options;
  }

  void Open() {
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status =
        rocksdb::DB::Open(Options(), dir_ / "db", &db);
    ASSERT_TRUE(status.ok()) << status.ToString();
    db_.reset(db);
  }

  void WriteSome(int round) {
    for (int i = 0; i < 6'000; ++i) {
      const std::string key = "key" + std::to_string(i * 7 % 10'007);
      std::string value = std::to_string(round) + "/" + std::to_string(i);
      value.resize(300, static_cast<char>('a' + i % 26));
      rocksdb::WriteOptions options;
      options.sync = i % 500 == 0;
      ASSERT_TRUE(db_->Put(options, key, value).ok());
      expected_[key] = value;
    }
  }

  void ExpectAll() {
    rocksdb::ReadOptions options;
    options.verify_checksums = true;
    options.fill_cache = false;
    std::vector<Slice> keys;
    for (const auto& [key, value] : expected_) {
      keys.emplace_back(key);
      std::string got;
      ASSERT_TRUE(db_->Get(options, key, &got).ok()) << key;
      ASSERT_EQ(got, value);
    }
    keys.resize(100);
    std::vector<rocksdb::PinnableSlice> values(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    db_->MultiGet(options, db_->DefaultColumnFamily(), keys.size(), keys.data(),
                  values.data(), statuses.data());
    for (size_t i = 0; i < keys.size(); ++i) {
      ASSERT_EQ(values[i], expected_[keys[i].ToString()]);
    }
    options.readahead_size = 256 * 1024;
    options.async_io = true;
    const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options));
    size_t entries = 0;
    for (it->SeekToFirst(); it->Valid(); it->Next()) ++entries;
    ASSERT_TRUE(it->status().ok()) << it->status().ToString();
    EXPECT_EQ(entries, expected_.size());
  }

  const TempDir dir_;
  const Device device_{*FindDevice("nvme")};
  const std::unique_ptr<rocksdb::Env> env_ =
      rocksdb::NewCompositeEnv(device_.fs());
  std::unique_ptr<rocksdb::DB> db_;
  std::map<std::string, std::string> expected_;
};

TEST_P(DatabaseOnDevice, KeepsItsDataOverCompactionsAndReopening) {
  Open();
  WriteSome(1);
  WriteSome(2);
  ASSERT_TRUE(db_->CompactRange({}, nullptr, nullptr).ok());
  ExpectAll();
  ASSERT_TRUE(db_->VerifyChecksum().ok());
  WriteSome(3);  // some of it is in the log only
  db_.reset();
  Open();
  ExpectAll();
  ASSERT_TRUE(db_->SetOptions({{"write_buffer_size", "524288"}}).ok());
  WriteSome(4);
  ASSERT_TRUE(db_->Flush({}).ok());
  ExpectAll();

  const DeviceCounters counters = device_.Counters();
  EXPECT_GT(counters.read_bytes, 4'000'000u);
  // Tables at least: each of the four rounds was flushed.
  EXPECT_GT(counters.write_bytes, 4u * 1'000'000);
  EXPECT_GT(counters.syncs, 4u * 12);
}

TEST_P(DatabaseOnDevice, WaitsForTheDeviceAtEachColdRead) {
  Open();
  WriteSome(1);
  ASSERT_TRUE(db_->CompactRange({}, nullptr, nullptr).ok());
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const DeviceCounters before = device_.Counters();
  const absl::Duration took = Took([&] {
    std::string value;
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(
          db_->Get(options, "key" + std::to_string(i * 7), &value).ok());
    }
  });
  const DeviceCounters after = device_.Counters();
  EXPECT_GE(after.reads - before.reads, 200u);
  // One thread reads: what it waited for cannot be more than what passed.
  EXPECT_GE(took, after.busy - before.busy);
  EXPECT_GE(after.busy - before.busy, 200 * absl::Microseconds(60));
}

INSTANTIATE_TEST_SUITE_P(BufferedAndDirect, DatabaseOnDevice, testing::Bool(),
                         [](const auto& row) {
                           return row.param ? "Direct" : "Buffered";
                         });

}  // namespace
}  // namespace rocktune
