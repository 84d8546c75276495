// Loading, and what the values compress to.
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "bench/workload/driver.h"
#include "rocksdb/convenience.h"
#include "rocksdb/table.h"
#include "tests/bench/workload/test_db.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

Workload Small(uint64_t keys) {
  Workload workload = *FindWorkload("ycsb-c");
  workload.data.keys = keys;
  workload.data.values.bytes = 100;
  return workload;
}

absl::Status Load(const TestDb& db, const Workload& workload,
                  std::vector<double>* progress = nullptr, bool stop = false) {
  const std::atomic<bool> stopped{stop};
  return LoadData(
      db.get(), workload, 1,
      [&](double share) {
        if (progress != nullptr) progress->push_back(share);
      },
      &stopped);
}

TEST(LoadData, WritesEveryKeyOnceAndLeavesADatabaseAtRest) {
  for (bool in_order : {false, true}) {
    rocksdb::Options options;
    options.write_buffer_size = 256 << 10;
    options.level0_file_num_compaction_trigger = 2;
    const TestDb db(options);
    Workload workload = Small(40'000);
    workload.data.load_in_order = in_order;
    std::vector<double> progress;
    ASSERT_OK(Load(db, workload, &progress));
    EXPECT_EQ(progress.back(), 1);
    EXPECT_EQ(db.CountKeys(), 40'000u);
    EXPECT_EQ(db.Property("rocksdb.num-entries-active-mem-table"), 0u);
    EXPECT_EQ(db.Property("rocksdb.num-running-compactions"), 0u);
    EXPECT_EQ(db.Property("rocksdb.compaction-pending"), 0u);
    EXPECT_EQ(db.Property("rocksdb.num-running-flushes"), 0u);
  }
}

TEST(LoadData, LoadsInOrderIntoFilesThatDoNotOverlap) {
  rocksdb::Options options;
  options.write_buffer_size = 256 << 10;
  options.disable_auto_compactions = true;  // due for ever: waits for none
  options.level0_slowdown_writes_trigger = 1000;
  options.level0_stop_writes_trigger = 1000;
  const auto count_overlaps = [&](bool in_order) {
    const TestDb db(options);
    Workload workload = Small(40'000);
    workload.data.load_in_order = in_order;
    EXPECT_OK(Load(db, workload));
    std::vector<rocksdb::LiveFileMetaData> files;
    db->GetLiveFilesMetaData(&files);
    EXPECT_GT(files.size(), 8u);
    int overlaps = 0;
    for (const auto& a : files) {
      for (const auto& b : files) {
        overlaps += a.name < b.name && a.smallestkey <= b.largestkey &&
                    b.smallestkey <= a.largestkey;
      }
    }
    return overlaps;
  };
  EXPECT_EQ(count_overlaps(true), 0);
  EXPECT_GT(count_overlaps(false), 8);
}

TEST(LoadData, LoadsNothingForAWorkloadThatStartsEmpty) {
  const TestDb db;
  ASSERT_OK(Load(db, *FindWorkload("bulk-load-serve")));
  EXPECT_EQ(db.CountKeys(), 0u);
}

TEST(LoadData, EndsWhenStopped) {
  const TestDb db;
  EXPECT_THAT(Load(db, Small(100'000'000), nullptr, true),
              IsError(absl::StatusCode::kAborted, "stopped"));
}

// Bytes of all files under the given compression.
uint64_t FileBytes(rocksdb::CompressionType compression,
                   const Workload& workload) {
  rocksdb::Options options;
  options.compression = compression;
  const TestDb db(options);
  EXPECT_OK(Load(db, workload));
  return db.Property("rocksdb.total-sst-files-size");
}

TEST(LoadData, WritesValuesThatCompressAsAskedFor) {
  struct Row {
    double ratio;
    size_t value_bytes;
  };
  const Row rows[] = {{0.1, 400},  {0.25, 400}, {0.5, 100},
                      {0.5, 4000}, {0.8, 400},  {1.0, 400}};
  for (const Row& row : rows) {
    Workload workload = Small(2'000'000 / row.value_bytes);
    workload.data.values.bytes = row.value_bytes;
    workload.data.compressed_ratio = row.ratio;
    const double values =
        static_cast<double>(workload.data.keys * row.value_bytes);
    const auto raw =
        static_cast<double>(FileBytes(rocksdb::kNoCompression, workload));
    for (auto compression :
         {rocksdb::kSnappyCompression, rocksdb::kLZ4Compression,
          rocksdb::kZlibCompression}) {
      const auto saved =
          raw - static_cast<double>(FileBytes(compression, workload));
      // Keys are part of what compresses: up to 20 of 124 bytes.
      const double keys = 20.0 / static_cast<double>(row.value_bytes);
      EXPECT_GT(1 - saved / values, row.ratio - 0.02 - keys)
          << row.ratio << " " << row.value_bytes << " " << compression;
      EXPECT_LT(1 - saved / values, row.ratio + 0.05)
          << row.ratio << " " << row.value_bytes << " " << compression;
    }
  }
}

}  // namespace
}  // namespace rocktune
