#include <algorithm>
#include <chrono>
#include <numeric>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "bench/demo/wait_for_rest.h"
#include "bench/workload/driver.h"
#include "bench/workload/key_space.h"
#include "bench/workload/value_source.h"
#include "hooks/rocksdb_status.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kBatchBytes = 64 * 1024;
constexpr auto kProgressEvery = std::chrono::milliseconds(300);

// All of 0..keys-1 once, without a list of them: steps of the golden ratio of
// the whole, which spread evenly over it at any time.
class Scattered {
 public:
  Scattered(uint64_t keys, uint64_t seed)
      : keys_(keys), step_(static_cast<uint64_t>(0.6180339887 * keys) | 1) {
    while (std::gcd(step_, keys_) != 1) step_ += 2;
    next_ = MixBits(seed + 1) % keys_;
  }
  uint64_t Next() {
    const uint64_t number = next_;
    next_ = (next_ + step_) % keys_;
    return number;
  }

 private:
  const uint64_t keys_;
  uint64_t step_;
  uint64_t next_;
};

absl::Status Stopped() { return absl::AbortedError("loading was stopped"); }

absl::Status WriteAll(rocksdb::DB* db, const Workload& workload, uint64_t seed,
                      const std::function<void(double)>& progress,
                      const std::atomic<bool>* stop) {
  const uint64_t keys = workload.data.keys;
  const KeySpace space(workload);
  const ValueSource values(workload.data, seed);
  Scattered scattered(keys, seed);
  std::mt19937_64 random(seed);
  rocksdb::WriteOptions options;
  options.disableWAL = true;  // a crash here means loading again anyway
  rocksdb::WriteBatch batch;
  std::string key(space.key_bytes(), '\0');
  auto shown = Clock::now();
  for (uint64_t i = 0; i < keys; ++i) {
    space.Write(workload.data.load_in_order ? i : scattered.Next(), key.data());
    const std::string_view value = values.Next(random);
    batch.Put(key, rocksdb::Slice(value.data(), value.size()));
    if (batch.GetDataSize() < kBatchBytes && i + 1 < keys) continue;
    if (*stop) return Stopped();
    ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(db->Write(options, &batch)));
    batch.Clear();
    if (const auto now = Clock::now(); now - shown > kProgressEvery) {
      shown = now;
      progress(static_cast<double>(i) / static_cast<double>(keys));
    }
  }
  return FromRocksdb(db->Flush(rocksdb::FlushOptions()));
}

}  // namespace

absl::Status LoadData(rocksdb::DB* db, const Workload& workload, uint64_t seed,
                      const std::function<void(double)>& progress,
                      const std::atomic<bool>* stop) {
  if (!workload.starts_empty && workload.data.keys > 0) {
    ROCKTUNE_RETURN_IF_ERROR(WriteAll(db, workload, seed, progress, stop));
    ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(WaitForRest(db, stop)));
  }
  progress(1);
  return absl::OkStatus();
}

}  // namespace rocktune
