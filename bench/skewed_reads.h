// A database under skewed point reads, larger than its block cache.
#ifndef ROCKTUNE_BENCH_SKEWED_READS_H_
#define ROCKTUNE_BENCH_SKEWED_READS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/demo/zipf.h"
#include "hooks/attached_db.h"
#include "rocksdb/db.h"

namespace rocktune::bench {

struct SkewedPlan {
  uint64_t keys = 400'000;  // with values of 100 bytes: about 46 MiB
  double theta = 0.9;       // Zipf
  uint64_t cache_bytes = uint64_t{16} << 20;
  int threads = 2;
  std::string folder = "/dev/shm";  // the database is made below it
};

// Reads from construction to destruction; the database goes with it.
class SkewedReads {
 public:
  static absl::StatusOr<std::unique_ptr<SkewedReads>> Start(
      const SkewedPlan& plan);
  ~SkewedReads();

  AttachedDb& attached() { return *attached_; }
  uint64_t reads() const;
  bool failed() const { return failed_; }

 private:
  explicit SkewedReads(const SkewedPlan& plan);
  absl::Status Open();
  absl::Status Load();
  void Read(size_t thread);

  struct alignas(64) Counter {
    std::atomic<uint64_t> reads{0};
  };

  const SkewedPlan plan_;
  const Zipf zipf_;
  std::string path_;
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<AttachedDb> attached_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> failed_{false};
  std::vector<Counter> counters_;
  std::vector<std::thread> threads_;
};

}  // namespace rocktune::bench

#endif  // ROCKTUNE_BENCH_SKEWED_READS_H_
