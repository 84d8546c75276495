// The options a tuning run works on: where it starts, what may be changed, and
// what calibration and advisors want to know of them.
#ifndef ROCKTUNE_BENCH_OFFLINE_OFFLINE_OPTIONS_H_
#define ROCKTUNE_BENCH_OFFLINE_OFFLINE_OPTIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hooks/option_set.h"
#include "policy/calibration.h"

namespace rocktune {

// Immutable but for Context(). Contexts point into it.
class OfflineOptions {
 public:
  struct Spec {
    OptionSet start;
    HostFacts host;
    uint64_t memory_bytes = 0;
    std::vector<Pin> closed;    // Evaluator::Closed()
    bool every_family = false;  // Evaluator::LoadsEveryFamily()
  };
  static absl::StatusOr<std::unique_ptr<OfflineOptions>> Make(Spec spec);

  const Catalogue& catalogue() const { return catalogue_; }
  const HostFacts& host() const { return spec_.host; }
  // Of every row, in the families that the load is on.
  const OptionValues& start() const { return start_; }

  // The start with `changed` over it: as values, and as RocksDB takes them.
  // InvalidArgument: RocksDB refuses a value; the message names it.
  OptionValues Values(const OptionValues& changed) const;
  // The folders for WAL and info log are RocksDB's defaults there: runs must
  // not touch those of the database the options are for.
  absl::StatusOr<OptionSet> With(const OptionValues& changed) const;
  // The same with these folders, for that database.
  absl::StatusOr<OptionSet> ForService(const OptionValues& changed) const;

  // `values` in force, after `windows`. Valid until the next call; `values`
  // and the windows must outlive it.
  CalibrationContext Context(const OptionValues& values,
                             absl::Span<const Window> windows);

 private:
  explicit OfflineOptions(Spec spec) : spec_(std::move(spec)) {}

  const Spec spec_;
  std::string wal_dir_, log_dir_;  // of the service
  Catalogue catalogue_;
  RocksdbFeatures features_;
  DatabaseFacts facts_;
  OptionValues start_;
  const Window nothing_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_OFFLINE_OPTIONS_H_
