// How contestants other than rocktune set options of an open database: safely,
// because calibration stands between them and RocksDB, and within the budget.
#ifndef ROCKTUNE_BENCH_CONTESTANTS_LIVE_OPTIONS_H_
#define ROCKTUNE_BENCH_CONTESTANTS_LIVE_OPTIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/cell/cell.h"
#include "hooks/attached_db.h"
#include "policy/calibration.h"
#include "rocksdb/db.h"

namespace rocktune {

// Not thread-safe. `db` must outlive it.
class LiveOptions {
 public:
  static absl::StatusOr<std::unique_ptr<LiveOptions>> Attach(
      rocksdb::DB* db, const CellBudget& budget);
  ~LiveOptions();

  AttachedDb& db() { return *db_; }
  const Catalogue& catalogue() const { return db_->catalogue(); }
  absl::StatusOr<OptionValues> Values() const { return db_->ReadValues(); }

  // What an advisor may look at. Valid until the next call.
  absl::StatusOr<CalibrationContext> Context(const Window& window);

  // Sets what calibration leaves of `wanted` and returns it. Values that
  // RocksDB refuses are left as they were.
  absl::StatusOr<ChangeSet> Set(const std::vector<ProposedChange>& wanted,
                                ProposalSource source);
  absl::StatusOr<ChangeSet> Set(const OptionValues& wanted);
  absl::Status Undo(const ChangeSet& change_set);

 private:
  LiveOptions(std::unique_ptr<AttachedDb> db, const CellBudget& budget)
      : db_(std::move(db)), budget_(budget) {}
  absl::Status Apply(const ChangeSet& change_set);

  std::unique_ptr<AttachedDb> db_;
  const CellBudget budget_;
  // What a context points to.
  HostFacts host_;
  DatabaseFacts facts_;
  OptionValues values_;
  Window window_;
  std::vector<Pin> pins_;
};

// What the linked RocksDB can change online, and its values by default: opens
// an empty database in `dir`, which must not be there and is removed.
struct DefaultDatabase {
  Catalogue catalogue;
  OptionValues values;
};
absl::StatusOr<DefaultDatabase> ReadDefaults(const std::string& dir);

// "write_buffer_size 64 MiB -> 128 MiB, ..."
std::string Describe(const ChangeSet& change_set);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CONTESTANTS_LIVE_OPTIONS_H_
