// What is known of loads: the profile of a region as named numbers, so that a
// dimension that is added later is merely unknown in older entries.
#include <cmath>
#include <optional>
#include <utility>

#include "policy/status_macros.h"
#include "sidecar/history_impl.h"
#include "sidecar/profile_keys.h"

namespace rocktune {

absl::Status History::SaveMemory(const std::string& database,
                                 const MemoryEntry& entry) {
  Sqlite* db = impl_->db.get();
  Transaction transaction(db);
  ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
  // Its profile and values go with it.
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db, "DELETE FROM memory WHERE database = ? AND entry = ?",
                database, entry.id)
          .Run());
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db, "INSERT INTO memory VALUES(?, ?, ?, ?, ?, ?)", database,
                entry.id, entry.profile.windows, entry.times_proven,
                entry.times_failed, absl::ToUnixMicros(entry.last_proven))
          .Run());
  for (size_t i = 0; i < kProfileDimensions; ++i) {
    const auto dimension = static_cast<ProfileDimension>(i);
    const std::optional<double> value = entry.profile[dimension];
    if (!value.has_value() || std::isnan(*value)) continue;
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db, "INSERT INTO memory_profile VALUES(?, ?, ?, ?)", database,
                  entry.id, KeyOf(dimension), *value)
            .Run());
  }
  for (const auto& [key, value] : entry.values) {
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db, "INSERT INTO memory_values VALUES(?, ?, ?, ?, ?)",
                  database, entry.id, key.name, key.column_family, value)
            .Run());
  }
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db,
                "DELETE FROM memory WHERE database = ?1 AND entry NOT IN "
                "(SELECT entry FROM memory WHERE database = ?1 "
                "ORDER BY last_proven_us DESC, entry DESC LIMIT ?2)",
                database, WorkloadMemory::kMaxEntries)
          .Run());
  return transaction.Commit();
}

absl::Status History::ForgetMemory(const std::string& database, int64_t id) {
  return Statement(impl_->db.get(),
                   "DELETE FROM memory WHERE database = ? AND entry = ?",
                   database, id)
      .Run();
}

absl::StatusOr<std::vector<MemoryEntry>> History::Memory(
    const std::string& database) {
  Statement rows(impl_->db.get(),
                 "SELECT entry, windows, times_proven, times_failed, "
                 "last_proven_us FROM memory WHERE database = ? "
                 "ORDER BY entry LIMIT ?",
                 database, WorkloadMemory::kMaxEntries);
  std::vector<MemoryEntry> entries;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return entries;
    MemoryEntry entry;
    entry.id = rows.Int(0);
    entry.profile.database = database;
    entry.profile.windows = static_cast<int>(rows.Int(1));
    entry.times_proven = static_cast<int>(rows.Int(2));
    entry.times_failed = static_cast<int>(rows.Int(3));
    entry.last_proven = absl::FromUnixMicros(rows.Int(4));
    ROCKTUNE_RETURN_IF_ERROR(impl_->ReadMemoryParts(database, &entry));
    entries.push_back(std::move(entry));
  }
}

absl::Status History::Impl::ReadMemoryParts(const std::string& database,
                                            MemoryEntry* entry) {
  Statement profile(db.get(),
                    "SELECT dimension, value FROM memory_profile "
                    "WHERE database = ? AND entry = ?",
                    database, entry->id);
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, profile.Step());
    if (!row) break;
    const auto dimension = DimensionOf(profile.Text(0));
    if (!dimension.has_value()) continue;  // one that we no longer know
    entry->profile.value[static_cast<size_t>(*dimension)] = profile.Real(1);
  }
  Statement values(db.get(),
                   "SELECT option, column_family, value FROM memory_values "
                   "WHERE database = ? AND entry = ?",
                   database, entry->id);
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, values.Step());
    if (!row) return absl::OkStatus();
    entry->values[{values.Text(0), values.Text(1)}] = values.Text(2);
  }
}

}  // namespace rocktune
