// What the sources of History share.
#ifndef ROCKTUNE_SIDECAR_HISTORY_IMPL_H_
#define ROCKTUNE_SIDECAR_HISTORY_IMPL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sidecar/history.h"
#include "sidecar/history_sqlite.h"
#include "sidecar/state_dir.h"

namespace rocktune {

struct History::Impl {
  std::unique_ptr<StateDir> dir;  // outlives the connection
  std::string path;
  HistoryLimits limits;
  std::unique_ptr<Sqlite> db;

  // history_trial_write.cc. All inside the caller's transaction.
  absl::Status InsertEntry(int64_t session, const HistoryEntry& entry);
  absl::Status InsertChanges(int64_t trial, bool inverse,
                             const ChangeSet& change_set);
  absl::Status InsertNotes(int64_t trial,
                           const std::vector<CalibrationNote>& notes);
  absl::Status ReplaceArm(int64_t trial, absl::string_view arm,
                          const ArmSummary& summary);
  absl::Status ReplaceBlocks(int64_t trial,
                             const std::vector<TrialBlock>& blocks);
  absl::Status ReplaceCosts(int64_t trial,
                            const std::vector<CostChange>& costs);

  // history_trial_read.cc.
  absl::StatusOr<std::vector<int64_t>> Ids(Statement* query);
  absl::StatusOr<Trial> ReadTrial(int64_t id);
  absl::StatusOr<std::vector<Trial>> ReadTrials(Statement* query);
  absl::StatusOr<ChangeSet> ReadChanges(int64_t trial, bool inverse);
  absl::StatusOr<std::vector<CalibrationNote>> ReadNotes(int64_t trial);
  absl::StatusOr<ArmSummary> ReadArm(int64_t trial, absl::string_view arm);
  absl::StatusOr<std::vector<TrialBlock>> ReadBlocks(int64_t trial);
  absl::StatusOr<std::vector<CostChange>> ReadCosts(int64_t trial);

  // history_memory.cc.
  absl::Status ReadMemoryParts(const std::string& database, MemoryEntry* entry);
};

// Cuts free text to kMaxTextBytes, between two UTF-8 characters.
absl::string_view Clip(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_HISTORY_IMPL_H_
