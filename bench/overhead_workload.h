// The operations whose cost we measure, and the databases they run on.
#ifndef ROCKTUNE_BENCH_OVERHEAD_WORKLOAD_H_
#define ROCKTUNE_BENCH_OVERHEAD_WORKLOAD_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hooks/instrumentation.h"
#include "rocksdb/db.h"

namespace rocktune::bench {

// What observes the database.
enum class Observer {
  kNone,     // no Statistics, no listener
  kOurs,     // ours, no host Statistics
  kRocksdb,  // rocksdb::CreateDBStatistics() at its default level
  kBoth,     // ours in front of RocksDB's
};
absl::string_view ToString(Observer observer);
absl::StatusOr<Observer> ParseObserver(absl::string_view name);

enum class Operation { kGet, kOverwrite, kSeek, kMixed };
absl::string_view ToString(Operation operation);
absl::StatusOr<Operation> ParseOperation(absl::string_view name);

// One database in a folder of its own, all of it in the block cache, with
// every key present. Removed at the end.
class MeasuredDb {
 public:
  static constexpr uint32_t kKeys = 20000;
  static constexpr size_t kKeyBytes = 16;
  static constexpr size_t kValueBytes = 100;

  // Makes a folder below `parent` and loads the keys.
  static absl::StatusOr<std::unique_ptr<MeasuredDb>> Open(
      const std::string& parent, Observer observer);
  ~MeasuredDb();

  rocksdb::DB* db() { return db_.get(); }
  const Instrumentation& instrumentation() const { return instrumentation_; }

 private:
  MeasuredDb() = default;
  absl::Status Load();

  std::string path_;
  Instrumentation instrumentation_;
  std::unique_ptr<rocksdb::DB> db_;
};

// One thread's stream of operations: the keys follow from `seed` alone, so
// two databases can be given the same work.
class OperationStream {
 public:
  OperationStream(rocksdb::DB* db, Operation operation, uint64_t seed);
  // False when RocksDB reported an error.
  bool Next();

 private:
  bool Run(Operation operation);
  rocksdb::Slice NextKey();

  rocksdb::DB* const db_;
  const Operation operation_;
  uint64_t random_;
  char key_[MeasuredDb::kKeyBytes] = {};
  const std::string value_;
  rocksdb::PinnableSlice read_;
  std::unique_ptr<rocksdb::Iterator> iterator_;  // reused by all seeks
};

}  // namespace rocktune::bench

#endif  // ROCKTUNE_BENCH_OVERHEAD_WORKLOAD_H_
