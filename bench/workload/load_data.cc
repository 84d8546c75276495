#include <algorithm>
#include <chrono>
#include <numeric>
#include <random>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
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
constexpr auto kLookEvery = std::chrono::milliseconds(20);
// A guess: ten gigabytes of compactions on the slowest emulated device.
constexpr auto kRestDeadline = std::chrono::minutes(30);

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

uint64_t Property(rocksdb::DB* db, const char* name) {
  uint64_t value = 0;
  return db->GetIntProperty(name, &value) ? value : 0;
}

// Flushes and compactions that run or are due.
uint64_t Busy(rocksdb::DB* db) {
  uint64_t busy = Property(db, "rocksdb.num-running-flushes") +
                  Property(db, "rocksdb.mem-table-flush-pending") +
                  Property(db, "rocksdb.num-running-compactions");
  // Due for ever when nothing may pick it up.
  if (!db->GetOptions().disable_auto_compactions) {
    busy += Property(db, "rocksdb.compaction-pending");
  }
  return busy;
}

absl::Status WaitForRest(rocksdb::DB* db, const std::atomic<bool>* stop) {
  const auto deadline = Clock::now() + kRestDeadline;
  // Twice: between the end of a job and the start of the next none runs.
  for (int quiet = 0; quiet < 2;) {
    if (*stop) return Stopped();
    if (Property(db, "rocksdb.background-errors") > 0) {
      return absl::InternalError(
          "a flush or compaction failed after loading; the database's LOG "
          "says why");
    }
    if (Clock::now() > deadline) {
      return absl::DeadlineExceededError(
          "compactions after loading do not end; the data may be too large "
          "for the device");
    }
    quiet = Busy(db) == 0 ? quiet + 1 : 0;
    std::this_thread::sleep_for(kLookEvery);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status LoadData(rocksdb::DB* db, const Workload& workload, uint64_t seed,
                      const std::function<void(double)>& progress,
                      const std::atomic<bool>* stop) {
  if (!workload.starts_empty && workload.data.keys > 0) {
    ROCKTUNE_RETURN_IF_ERROR(WriteAll(db, workload, seed, progress, stop));
    ROCKTUNE_RETURN_IF_ERROR(WaitForRest(db, stop));
  }
  progress(1);
  return absl::OkStatus();
}

}  // namespace rocktune
