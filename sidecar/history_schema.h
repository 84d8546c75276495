// The tables of the history, and how a file of an older rocktune becomes one
// of this rocktune.
#ifndef ROCKTUNE_SIDECAR_HISTORY_SCHEMA_H_
#define ROCKTUNE_SIDECAR_HISTORY_SCHEMA_H_

#include "absl/status/status.h"
#include "sidecar/history_sqlite.h"

namespace rocktune {

// PRAGMA user_version of a history written by this code.
inline constexpr int kHistorySchema = 4;

// Brings the file from whatever version it has (0: empty) to `version`, one
// transaction per version. kFailedPrecondition: it is newer than this code.
// kDataLoss: it is a database, but no history.
absl::Status Migrate(Sqlite* db, int version = kHistorySchema);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_HISTORY_SCHEMA_H_
