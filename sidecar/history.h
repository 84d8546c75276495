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
#include "absl/time/time.h"
#include "llm/call_budget.h"
#include "policy/apply_report.h"
#include "policy/calibration.h"
#include "policy/facts.h"
#include "policy/option.h"
#include "policy/trial.h"
#include "policy/workload_memory.h"
#include "sidecar/control.h"

namespace rocktune {

// The newest rows that are kept; older ones are deleted as new ones come, so
// that the file stops growing (about 5 KiB for a trial, 11 at most). An open
// trial is never deleted. All are guesses.
struct HistoryLimits {
  int64_t trials = 5000;
  int64_t entries = 20000;
  int64_t sessions = 1000;
  int64_t proven = 1000;  // sets of proven values, see ProvenAfter()
};

// Not thread-safe: one thread (the worker) owns it. Every call returns within
// SQLite's busy timeout (1 s). Errors: kUnavailable = locked or I/O trouble
// that may pass; kResourceExhausted = disk full (the call did nothing; the
// same call works again when there is room); kDataLoss = the file is corrupt
// or no history; kPermissionDenied = cannot be written; kFailedPrecondition =
// something must be put right first, and the message says what: the state
// directory is in use by another live process or not private, or the file was
// written by a newer rocktune.
class History {
 public:
  // At most this many rows come from one call, whatever its `limit`.
  static constexpr size_t kMaxRowsPerCall = 1000;
  // Longer free text (summaries, reasons, lines) is cut. Values never are.
  static constexpr size_t kMaxTextBytes = 4096;

  // Opens or creates `state_dir`/history.db (WAL, synchronous FULL), directory
  // 0700, file 0600, after taking the directory's lock (flock on
  // `state_dir`/lock), which is held for the life of *this. A corrupt file is
  // left as it is, and reported. The connection is exclusive: while *this
  // lives nobody else can read the file (so nobody can make us wait either).
  static absl::StatusOr<std::unique_ptr<History>> Open(
      const std::string& state_dir, const HistoryLimits& limits = {});
  ~History();

  // Path of history.db.
  const std::string& path() const;

  // Begins a session of the process; the id is used by everything below.
  absl::StatusOr<int64_t> BeginSession(const std::string& rocksdb_version,
                                       absl::Time wall);
  absl::Status EndSession(int64_t session, absl::Time wall);

  // Commits the trial with its inverse, verdict open; returns its id. Durable
  // when it returns OK. kInvalidArgument: a change has no inverse. Also leaves
  // an entry of kind "trial".
  absl::StatusOr<int64_t> OpenTrial(int64_t session, const Trial& trial,
                                    absl::Time wall);
  // Records what was read back after the values were set, or set again.
  // kNotFound: no such trial.
  absl::Status RecordReadBack(int64_t trial,
                              const std::vector<ReadBackValue>& values);
  // Completes trial.id: verdict, effect, arms, blocks, costs, why. May be
  // called again with another verdict (a kept trial that fails its probation).
  // Leaves no entry: the line about a verdict is the machine's. kNotFound: no
  // such trial. kInvalidArgument: the verdict is open.
  absl::Status CloseTrial(const Trial& trial, absl::Time wall);

  // Trials of `database` whose verdict is still open: the process died in
  // them. Oldest first.
  absl::StatusOr<std::vector<Trial>> OpenTrials(const std::string& database);

  // The values proven by the end of the last session (kept trials, minus
  // operator rollbacks), as differences from what was found at attach.
  // `trial`: the trial that proved them; 0 when something else did (operator
  // rollback, adoption). Proven() is empty when nothing was ever proven.
  absl::Status SetProven(const std::string& database,
                         const OptionValues& values, absl::Time wall,
                         int64_t trial = 0);
  absl::StatusOr<OptionValues> Proven(const std::string& database);

  // The values that were proven when `trial` had ended, whatever its verdict:
  // what `rollback --to TRIAL` goes back to. An option that is not among them
  // goes back to its value at attach. kNotFound: `database` has no such trial.
  absl::StatusOr<OptionValues> ProvenAfter(const std::string& database,
                                           int64_t trial);

  // The operators' pins of `database`; SetPins replaces them all.
  absl::Status SetPins(const std::string& database,
                       const std::vector<Pin>& pins);
  absl::StatusOr<std::vector<Pin>> Pins(const std::string& database);

  // What is known of one region of loads of `database`: takes the place of
  // what was saved under entry.id. Of its profile the dimensions are kept, and
  // how many windows they came from. When there are more than
  // WorkloadMemory::kMaxEntries, those proven longest ago go.
  absl::Status SaveMemory(const std::string& database,
                          const MemoryEntry& entry);
  // OK also when there is no such entry.
  absl::Status ForgetMemory(const std::string& database, int64_t id);
  // By id.
  absl::StatusOr<std::vector<MemoryEntry>> Memory(const std::string& database);

  // What asking models cost in one bucket of time: takes the place of what was
  // saved under the same start. Rows older than two days go.
  absl::Status SaveSpend(const SpendRow& row);
  // Oldest first.
  absl::StatusOr<std::vector<SpendRow>> ReadSpend();

  // A line of the log (attach, freeze, operator actions with their uid,
  // recoveries). entry.id is ignored.
  absl::Status Note(int64_t session, const HistoryEntry& entry);

  // Newest first; an empty `database` means all.
  absl::StatusOr<std::vector<HistoryEntry>> Entries(const std::string& database,
                                                    size_t limit);
  // Trials carry wall times in `opened` and `closed` here. kNotFound.
  absl::StatusOr<Trial> TrialById(int64_t id);
  // Trials that changed `option` (empty: any), newest first; an empty
  // `database` means all.
  absl::StatusOr<std::vector<Trial>> TrialsOf(const std::string& database,
                                              const std::string& option,
                                              size_t limit);
  // What RecordReadBack() recorded, in the order of the change set.
  absl::StatusOr<std::vector<ReadBackValue>> ReadBackOf(int64_t trial);

 private:
  struct Impl;
  explicit History(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_HISTORY_H_
