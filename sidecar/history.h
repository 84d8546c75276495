// What was tried, why, and what came of it: SQLite in the state directory.
// The inverse of a change set is here before the change is made, so that a
// crash never leaves an unproven value unexplained.
#ifndef ROCKTUNE_SIDECAR_HISTORY_H_
#define ROCKTUNE_SIDECAR_HISTORY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "policy/facts.h"
#include "policy/option.h"
#include "policy/trial.h"
#include "sidecar/control.h"

namespace rocktune {

// Not thread-safe: one thread (the worker) owns it. Every call returns within
// SQLite's busy timeout (1 s). Errors: kUnavailable = locked or I/O trouble
// that may pass; kResourceExhausted = disk full; kDataLoss = the file is
// corrupt; kPermissionDenied = cannot be written; kFailedPrecondition =
// another live process owns the state directory.
class History {
 public:
  // Opens or creates `state_dir`/history.db (WAL, synchronous FULL), directory
  // 0700, file 0600, after taking the directory's lock (flock on
  // `state_dir`/lock), which is held for the life of *this. A corrupt file is
  // left as it is, and reported.
  static absl::StatusOr<std::unique_ptr<History>> Open(
      const std::string& state_dir);
  ~History();

  // Begins a session of the process; the id is used by everything below.
  absl::StatusOr<int64_t> BeginSession(const std::string& rocksdb_version,
                                       absl::Time wall);
  absl::Status EndSession(int64_t session, absl::Time wall);

  // Commits the trial with its inverse, verdict open; returns its id. Durable
  // when it returns OK.
  absl::StatusOr<int64_t> OpenTrial(int64_t session, const Trial& trial,
                                    absl::Time wall);
  // Completes it: values read back, verdict, effect, arms, why.
  absl::Status CloseTrial(const Trial& trial, absl::Time wall);

  // Trials of `database` whose verdict is still open: the process died in
  // them. Oldest first.
  absl::StatusOr<std::vector<Trial>> OpenTrials(const std::string& database);

  // The values proven by the end of the last session (kept trials, minus
  // operator rollbacks), as differences from what was found at attach.
  absl::Status SetProven(const std::string& database,
                         const OptionValues& values, absl::Time wall);
  absl::StatusOr<OptionValues> Proven(const std::string& database);

  // A line of the log (attach, freeze, operator actions, recoveries).
  absl::Status Note(int64_t session, const HistoryEntry& entry);

  absl::StatusOr<std::vector<HistoryEntry>> Entries(const std::string& database,
                                                    size_t limit);
  absl::StatusOr<Trial> TrialById(int64_t id);  // kNotFound
  absl::StatusOr<std::vector<Trial>> TrialsOf(const std::string& database,
                                              const std::string& option,
                                              size_t limit);

 private:
  struct Impl;
  explicit History(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_HISTORY_H_
