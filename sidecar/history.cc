// Opening, sessions, entries, proven values and pins. Trials are written in
// history_trial_write.cc and read in history_trial_read.cc.
#include "sidecar/history.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"
#include "sidecar/history_impl.h"
#include "sidecar/history_schema.h"

namespace rocktune {
namespace {

constexpr char kFileName[] = "history.db";

// A file that does not pass is not written to: no journal mode is set yet,
// and closing does not copy the log into it.
absl::Status CheckIntegrity(Sqlite* db) {
  sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  Statement check(db, "PRAGMA quick_check(1)");
  ROCKTUNE_ASSIGN_OR_RETURN(bool row, check.Step());
  std::string result = row ? check.Text(0) : "no answer";
  if (result != "ok") {
    return absl::DataLossError(
        absl::StrCat("the history is corrupt: ", result));
  }
  sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Sqlite>> OpenDatabase(const std::string& path) {
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<Sqlite> db, Sqlite::Open(path));
  // Exclusive before the first access keeps the log's index in our own memory:
  // no shared mapping that a full disk could turn into a SIGBUS of the host.
  ROCKTUNE_RETURN_IF_ERROR(db->Execute("PRAGMA locking_mode = EXCLUSIVE"));
  ROCKTUNE_RETURN_IF_ERROR(CheckIntegrity(db.get()));
  ROCKTUNE_ASSIGN_OR_RETURN(int64_t version,
                            db->QueryInt("PRAGMA user_version"));
  if (version <= kHistorySchema) {  // else Migrate() refuses, untouched
    ROCKTUNE_RETURN_IF_ERROR(
        db->Execute("PRAGMA journal_mode = WAL;"
                    "PRAGMA synchronous = FULL;"
                    "PRAGMA foreign_keys = ON;"
                    "PRAGMA trusted_schema = OFF;"
                    "PRAGMA wal_autocheckpoint = 256;"
                    "PRAGMA journal_size_limit = 2097152"));
  }
  ROCKTUNE_RETURN_IF_ERROR(Migrate(db.get()));
  return db;
}

}  // namespace

absl::string_view Clip(absl::string_view text) {
  if (text.size() <= History::kMaxTextBytes) return text;
  size_t size = History::kMaxTextBytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) {
    --size;
  }
  return text.substr(0, size);
}

History::History(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
History::~History() = default;

absl::StatusOr<std::unique_ptr<History>> History::Open(
    const std::string& state_dir, const HistoryLimits& limits) {
  auto impl = std::make_unique<Impl>();
  impl->limits = limits;
  ROCKTUNE_ASSIGN_OR_RETURN(impl->dir, StateDir::Open(state_dir));
  impl->path = absl::StrCat(impl->dir->path(), "/", kFileName);
  ROCKTUNE_RETURN_IF_ERROR(impl->dir->MakePrivateFile(kFileName));
  absl::StatusOr<std::unique_ptr<Sqlite>> db = OpenDatabase(impl->path);
  if (db.status().code() == absl::StatusCode::kDataLoss) {
    return absl::DataLossError(absl::StrCat(
        db.status().message(), "; the file was left as it is: move ",
        impl->path, " and ", impl->path, "-wal away to start a new one"));
  }
  ROCKTUNE_RETURN_IF_ERROR(db.status());
  impl->db = std::move(*db);
  return std::unique_ptr<History>(new History(std::move(impl)));
}

const std::string& History::path() const { return impl_->path; }

absl::StatusOr<int64_t> History::BeginSession(
    const std::string& rocksdb_version, absl::Time wall) {
  Sqlite* db = impl_->db.get();
  Transaction transaction(db);
  ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db,
                "INSERT INTO sessions(pid, rocksdb_version, began_us) "
                "VALUES(?, ?, ?)",
                getpid(), rocksdb_version, absl::ToUnixMicros(wall))
          .Run());
  int64_t id = db->last_insert_id();
  ROCKTUNE_RETURN_IF_ERROR(Statement(db, "DELETE FROM sessions WHERE id <= ?",
                                     id - impl_->limits.sessions)
                               .Run());
  ROCKTUNE_RETURN_IF_ERROR(transaction.Commit());
  return id;
}

absl::Status History::EndSession(int64_t session, absl::Time wall) {
  return Statement(impl_->db.get(),
                   "UPDATE sessions SET ended_us = ? WHERE id = ?",
                   absl::ToUnixMicros(wall), session)
      .Run();
}

absl::Status History::SetProven(const std::string& database,
                                const OptionValues& values, absl::Time wall,
                                int64_t trial) {
  Sqlite* db = impl_->db.get();
  Transaction transaction(db);
  ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db,
                "INSERT INTO proven(database, at_us, trial, newest_trial) "
                "VALUES(?1, ?2, ?3, (SELECT COALESCE(MAX(id), 0) FROM trials "
                "WHERE database = ?1))",
                database, absl::ToUnixMicros(wall), trial)
          .Run());
  int64_t id = db->last_insert_id();
  for (const auto& [key, value] : values) {
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db, "INSERT INTO proven_values VALUES(?, ?, ?, ?)", id,
                  key.name, key.column_family, value)
            .Run());
  }
  // The newest set of each database is in use, however old it is.
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db,
                "DELETE FROM proven WHERE id <= ? AND id NOT IN "
                "(SELECT MAX(id) FROM proven GROUP BY database)",
                id - impl_->limits.proven)
          .Run());
  return transaction.Commit();
}

namespace {

// The values of the set whose id `query` gives; none when it gives no row.
absl::StatusOr<OptionValues> ProvenSet(Sqlite* db, Statement* query) {
  OptionValues values;
  ROCKTUNE_ASSIGN_OR_RETURN(bool found, query->Step());
  if (!found) return values;
  Statement rows(db,
                 "SELECT option, column_family, value FROM proven_values "
                 "WHERE proven = ?",
                 query->Int(0));
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return values;
    values[{rows.Text(0), rows.Text(1)}] = rows.Text(2);
  }
}

}  // namespace

absl::StatusOr<OptionValues> History::Proven(const std::string& database) {
  Statement newest(impl_->db.get(),
                   "SELECT id FROM proven WHERE database = ? "
                   "ORDER BY id DESC LIMIT 1",
                   database);
  return ProvenSet(impl_->db.get(), &newest);
}

absl::StatusOr<OptionValues> History::ProvenAfter(const std::string& database,
                                                  int64_t trial) {
  Sqlite* db = impl_->db.get();
  Statement known(db, "SELECT 1 FROM trials WHERE id = ? AND database = ?",
                  trial, database);
  ROCKTUNE_ASSIGN_OR_RETURN(bool found, known.Step());
  if (!found) {
    return absl::NotFoundError(
        absl::StrCat("database ", database, " has no trial ", trial));
  }
  // What the trial itself proved; else what was proven before it began.
  Statement set(db,
                "SELECT id FROM proven WHERE database = ?1 AND "
                "(trial = ?2 OR newest_trial < ?2) "
                "ORDER BY trial = ?2 DESC, id DESC LIMIT 1",
                database, trial);
  return ProvenSet(db, &set);
}

absl::Status History::SetPins(const std::string& database,
                              const std::vector<Pin>& pins) {
  Sqlite* db = impl_->db.get();
  Transaction transaction(db);
  ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db, "DELETE FROM pins WHERE database = ?", database).Run());
  for (size_t i = 0; i < pins.size(); ++i) {
    const Pin& pin = pins[i];
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db, "INSERT INTO pins VALUES(?, ?, ?, ?, ?, ?, ?)", database,
                  i, pin.option, pin.column_family, pin.denied, pin.min,
                  pin.max)
            .Run());
  }
  return transaction.Commit();
}

absl::StatusOr<std::vector<Pin>> History::Pins(const std::string& database) {
  Statement rows(impl_->db.get(),
                 "SELECT option, column_family, denied, min, max FROM pins "
                 "WHERE database = ? ORDER BY seq",
                 database);
  std::vector<Pin> pins;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return pins;
    pins.push_back({.option = rows.Text(0),
                    .column_family = rows.Text(1),
                    .denied = rows.Int(2) != 0,
                    .min = rows.Text(3),
                    .max = rows.Text(4)});
  }
}

absl::Status History::Note(int64_t session, const HistoryEntry& entry) {
  Transaction transaction(impl_->db.get());
  ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
  ROCKTUNE_RETURN_IF_ERROR(impl_->InsertEntry(session, entry));
  return transaction.Commit();
}

absl::StatusOr<std::vector<HistoryEntry>> History::Entries(
    const std::string& database, size_t limit) {
  // Two texts, so that each is served by its index.
  absl::string_view sql =
      database.empty()
          ? "SELECT id, at_us, database, kind, trial, uid, line FROM entries "
            "WHERE ?1 = '' ORDER BY id DESC LIMIT ?2"
          : "SELECT id, at_us, database, kind, trial, uid, line FROM entries "
            "WHERE database = ?1 ORDER BY id DESC LIMIT ?2";
  Statement rows(impl_->db.get(), sql, database,
                 std::min(limit, kMaxRowsPerCall));
  std::vector<HistoryEntry> entries;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return entries;
    HistoryEntry entry;
    entry.id = rows.Int(0);
    entry.at = absl::FromUnixMicros(rows.Int(1));
    entry.database = rows.Text(2);
    entry.kind = rows.Text(3);
    entry.trial = rows.Int(4);
    if (!rows.IsNull(5)) entry.uid = static_cast<uint32_t>(rows.Int(5));
    entry.line = rows.Text(6);
    entries.push_back(std::move(entry));
  }
}

}  // namespace rocktune
