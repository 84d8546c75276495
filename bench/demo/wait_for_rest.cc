#include "bench/demo/wait_for_rest.h"

#include <chrono>
#include <cstdint>
#include <thread>

namespace rocktune {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLookEvery = std::chrono::milliseconds(20);
// A guess: ten gigabytes of compactions on the slowest emulated device.
constexpr auto kDeadline = std::chrono::minutes(30);

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

}  // namespace

rocksdb::Status WaitForRest(rocksdb::DB* db, const std::atomic<bool>* stop) {
  const auto deadline = Clock::now() + kDeadline;
  // Twice: between the end of a job and the start of the next none runs.
  for (int quiet = 0; quiet < 2;) {
    if (stop != nullptr && *stop) {
      return rocksdb::Status::Aborted("loading was stopped");
    }
    if (Property(db, "rocksdb.background-errors") > 0) {
      return rocksdb::Status::IOError(
          "a flush or compaction failed after loading; the database's LOG "
          "says why");
    }
    if (Clock::now() > deadline) {
      return rocksdb::Status::TimedOut(
          "compactions after loading do not end; the data may be too large "
          "for the device");
    }
    quiet = Busy(db) == 0 ? quiet + 1 : 0;
    std::this_thread::sleep_for(kLookEvery);
  }
  return rocksdb::Status::OK();
}

}  // namespace rocktune
