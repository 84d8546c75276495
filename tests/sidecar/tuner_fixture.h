// Opening databases and tuners for tests, with every wait as short as the
// configuration allows.
#ifndef ROCKTUNE_TESTS_SIDECAR_TUNER_FIXTURE_H_
#define ROCKTUNE_TESTS_SIDECAR_TUNER_FIXTURE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocktune/rocktune.h"
#include "tests/support/temp_dir.h"

namespace rocktune {

// Waits for a condition; false after `limit`.
inline bool Eventually(const std::function<bool()>& condition,
                       std::chrono::seconds limit = std::chrono::seconds(60)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

inline Config QuickConfig(const TempDir& dir, Mode mode) {
  Config config;
  config.mode = mode;
  config.state_dir = dir / "state";
  config.window = std::chrono::milliseconds(200);
  config.baseline = std::chrono::seconds(2);
  config.settle = std::chrono::seconds(1);
  config.settle_max = std::chrono::seconds(2);
  config.measure_min = std::chrono::seconds(2);
  config.one_way_baseline = std::chrono::seconds(2);
  config.measure_max = std::chrono::seconds(4);
  config.probation = std::chrono::seconds(1);
  config.cool_down = std::chrono::seconds(1);
  return config;
}

inline std::unique_ptr<rocksdb::DB> OpenDb(const std::string& path,
                                           bool instrument = true) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = 4 << 20;
  if (instrument) {
    EXPECT_TRUE(Instrument(&options).ok());
  }
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, path, &db);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return std::unique_ptr<rocksdb::DB>(db);
}

inline std::unique_ptr<Tuner> OpenTuner(const Config& config) {
  std::unique_ptr<Tuner> tuner;
  const rocksdb::Status status = Tuner::Open(config, &tuner);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return tuner;
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_SIDECAR_TUNER_FIXTURE_H_
