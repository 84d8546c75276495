// A database opened with an OPTIONS file: what the offline loop runs. It can
// report its windows, for the loop's advisor.
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "bench/contestants/makers.h"
#include "hooks/attached_db.h"
#include "hooks/instrumentation.h"
#include "hooks/options_file.h"
#include "policy/status_macros.h"
#include "rocksdb/env.h"

namespace rocktune {
namespace {

constexpr absl::Duration kDetachLimit = absl::Seconds(30);
constexpr size_t kMostWindows = 60;  // the newest; no advisor looks at more

class OptionsFile : public Contestant {
 public:
  explicit OptionsFile(const CellSpec& spec) : spec_(spec) {}

  // The load is on the default family, so the others' options have no say.
  absl::Status Configure(rocksdb::Options* options) override {
    ROCKTUNE_ASSIGN_OR_RETURN(const OptionSet set,
                              ReadOptionsFile(spec_.options_file));
    rocksdb::Env* const env = options->env;
    *options = rocksdb::Options(set.db, set.families.front().options);
    options->env = env;
    options->create_if_missing = true;
    options->error_if_exists = false;
    // Paths of another machine's database are not this one's.
    options->db_paths.clear();
    options->cf_paths.clear();
    options->wal_dir.clear();
    options->db_log_dir.clear();
    if (env != rocksdb::Env::Default()) {  // an emulated device has no cache
      options->allow_mmap_reads = false;
      options->allow_mmap_writes = false;
      options->use_direct_reads = true;
      options->use_direct_io_for_flush_and_compaction = true;
    }
    if (!spec_.windows_file.empty()) InstrumentOptionsOf(options, {});
    return absl::OkStatus();
  }

  absl::Status Start(rocksdb::DB* db) override {
    if (spec_.windows_file.empty()) return absl::OkStatus();
    ROCKTUNE_ASSIGN_OR_RETURN(
        db_, AttachedDb::Attach(db, {db->DefaultColumnFamily()}, "offline"));
    db_->Sample(absl::Now());  // begins the first window
    return absl::OkStatus();
  }

  absl::Status Tick(const LoadInterval&, const Moment& now) override {
    if (db_ == nullptr) return absl::OkStatus();
    Window window = db_->Sample(absl::Now());
    if (now.at_s <= spec_.warm_s) return absl::OkStatus();
    windows_.push_back(std::move(window));
    if (windows_.size() > kMostWindows) windows_.erase(windows_.begin());
    return absl::OkStatus();
  }

  absl::Status Stop(ContestantReport* report) override {
    report->windows = std::move(windows_);
    return db_ == nullptr ? absl::OkStatus() : db_->Detach(kDetachLimit);
  }

 private:
  const CellSpec& spec_;
  std::unique_ptr<AttachedDb> db_;
  std::vector<Window> windows_;
};

}  // namespace

ContestantPtr MakeOptionsFile(const CellSpec& spec) {
  return std::make_unique<OptionsFile>(spec);
}

}  // namespace rocktune
