// A closed-loop load: threads that read, write and scan as fast as they can.
#ifndef ROCKTUNE_BENCH_DEMO_LOAD_GENERATOR_H_
#define ROCKTUNE_BENCH_DEMO_LOAD_GENERATOR_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/demo/latency_recorder.h"
#include "bench/demo/zipf.h"
#include "rocksdb/db.h"

namespace rocktune {

struct LoadSpec {
  uint64_t keys = 2'000'000;
  size_t value_bytes = 32;
  int threads = 2;
  int scan_length = 10;
  double zipf_theta = 0.8;
  // After loading; they fill about a third of the default write buffer.
  uint64_t first_updates = 140'000;
  uint64_t seed = 1;
};

// Parts of 100; get + put + scan = 100.
struct LoadMix {
  int get = 95;
  int put = 4;
  int scan = 1;
};

// What the clients saw since the last Take().
struct LoadFigures {
  double seconds = 0;
  LatencyRecorder get;
  LatencyRecorder put;
  LatencyRecorder scan;
  uint64_t failures = 0;
  double ThroughputOpsPerS() const {
    return seconds > 0
               ? static_cast<double>(get.count() + put.count() + scan.count()) /
                     seconds
               : 0;
  }
};

class LoadGenerator {
 public:
  // Writes keys 0..spec.keys-1 once, in random order, then waits for
  // compactions and updates first_updates skewed keys. `progress` gets the
  // share done, 0..1, a few times a second.
  static rocksdb::Status Fill(rocksdb::DB* db, const LoadSpec& spec,
                              const std::function<void(double)>& progress);

  // Runs until destruction. `db` must outlive it.
  LoadGenerator(rocksdb::DB* db, const LoadSpec& spec, const LoadMix& mix);
  ~LoadGenerator();

  void SetMix(const LoadMix& mix);
  LoadFigures Take();  // thread-safe; starts the next interval

  static std::string Key(uint64_t number);

 private:
  struct Client {
    std::mutex mutex;  // figures: the client adds, Take() takes
    LoadFigures figures;
    std::thread thread;
  };
  void Run(Client* client, uint64_t seed);

  rocksdb::DB* const db_;
  const LoadSpec spec_;
  const Zipf zipf_;
  std::atomic<uint64_t> mix_;  // get | put << 8
  std::atomic<bool> stop_{false};
  std::chrono::steady_clock::time_point since_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_LOAD_GENERATOR_H_
