#include "sidecar/history_sqlite.h"

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

struct CodeRow {
  int sqlite;
  absl::StatusCode ours;
};

constexpr CodeRow kCodes[] = {
    {SQLITE_BUSY, absl::StatusCode::kUnavailable},
    {SQLITE_LOCKED, absl::StatusCode::kUnavailable},
    {SQLITE_IOERR, absl::StatusCode::kUnavailable},
    {SQLITE_CANTOPEN, absl::StatusCode::kUnavailable},
    {SQLITE_FULL, absl::StatusCode::kResourceExhausted},
    {SQLITE_NOMEM, absl::StatusCode::kResourceExhausted},
    {SQLITE_TOOBIG, absl::StatusCode::kInvalidArgument},
    {SQLITE_CORRUPT, absl::StatusCode::kDataLoss},
    {SQLITE_NOTADB, absl::StatusCode::kDataLoss},
    {SQLITE_READONLY, absl::StatusCode::kPermissionDenied},
    {SQLITE_PERM, absl::StatusCode::kPermissionDenied},
    {SQLITE_AUTH, absl::StatusCode::kPermissionDenied},
};

// What the system said is more exact than SQLite's "I/O error".
constexpr CodeRow kSystemErrors[] = {
    {ENOSPC, absl::StatusCode::kResourceExhausted},
    {EDQUOT, absl::StatusCode::kResourceExhausted},
    {EFBIG, absl::StatusCode::kResourceExhausted},
    {EACCES, absl::StatusCode::kPermissionDenied},
    {EPERM, absl::StatusCode::kPermissionDenied},
    {EROFS, absl::StatusCode::kPermissionDenied},
};

absl::StatusCode Lookup(const CodeRow* begin, const CodeRow* end, int key,
                        absl::StatusCode otherwise) {
  for (const CodeRow* row = begin; row != end; ++row) {
    if (row->sqlite == key) return row->ours;
  }
  return otherwise;
}

// The system's error behind an I/O error of `db`, 0 when unknown. A failed
// commit is rolled back before we are told, which may clear errno; the files
// still know.
int SystemErrorOf(sqlite3* db) {
  if (int error = sqlite3_system_errno(db); error != 0) return error;
  for (int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    sqlite3_file* file = nullptr;
    int error = 0;
    if (sqlite3_file_control(db, "main", which, &file) == SQLITE_OK &&
        file != nullptr && file->pMethods != nullptr &&
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error) ==
            SQLITE_OK &&
        error != 0) {
      return error;
    }
  }
  return 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Sqlite>> Sqlite::Open(const std::string& path) {
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(
      path.c_str(), &db,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
      nullptr);
  // A handle comes with errors too, and must be closed.
  std::unique_ptr<Sqlite> result(new Sqlite(path, db));
  if (code != SQLITE_OK) return result->ToStatus(code);
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 1000);
  return result;
}

Sqlite::~Sqlite() { sqlite3_close(db_); }

absl::Status Sqlite::ToStatus(int code) const {
  int primary = code & 0xff;
  if (primary == SQLITE_OK || primary == SQLITE_ROW || primary == SQLITE_DONE) {
    return absl::OkStatus();
  }
  absl::StatusCode ours = Lookup(std::begin(kCodes), std::end(kCodes), primary,
                                 absl::StatusCode::kInternal);
  std::string system;
  if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) {
    int error = db_ ? SystemErrorOf(db_) : 0;
    ours =
        Lookup(std::begin(kSystemErrors), std::end(kSystemErrors), error, ours);
    if (error != 0) {
      system =
          absl::StrCat(" (", absl::ErrnoToStatus(error, "").message(), ")");
    }
  }
  return absl::Status(
      ours,
      absl::StrCat("history ", path_, ": ",
                   db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code), system));
}

absl::Status Sqlite::Execute(const std::string& sql) {
  return ToStatus(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr));
}

absl::StatusOr<int64_t> Sqlite::QueryInt(absl::string_view sql) {
  Statement query(this, sql);
  ROCKTUNE_ASSIGN_OR_RETURN(bool row, query.Step());
  return row ? query.Int(0) : 0;
}

void Statement::Prepare(absl::string_view sql) {
  Check(sqlite3_prepare_v2(db_->handle(), sql.data(),
                           static_cast<int>(sql.size()), &statement_, nullptr));
}

void Statement::Check(int code) {
  if (status_.ok()) status_ = db_->ToStatus(code);
}

void Statement::BindInt(int index, int64_t value) {
  if (status_.ok()) Check(sqlite3_bind_int64(statement_, index, value));
}

void Statement::Bind(int index, double value) {
  if (status_.ok()) Check(sqlite3_bind_double(statement_, index, value));
}

void Statement::Bind(int index, absl::string_view value) {
  if (!status_.ok()) return;
  // A null pointer would bind NULL, which is not the empty text.
  const char* data = value.data() == nullptr ? "" : value.data();
  Check(sqlite3_bind_text64(statement_, index, data, value.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8));
}

absl::StatusOr<bool> Statement::Step() {
  if (!status_.ok()) return status_;
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  Check(code);
  if (!status_.ok()) return status_;
  return false;
}

absl::Status Statement::Run() {
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, Step());
    if (!row) return absl::OkStatus();
  }
}

std::string Statement::Text(int column) {
  const unsigned char* text = sqlite3_column_text(statement_, column);
  if (text == nullptr) return "";
  return std::string(
      reinterpret_cast<const char*>(text),
      static_cast<size_t>(sqlite3_column_bytes(statement_, column)));
}

Transaction::Transaction(Sqlite* db)
    : db_(db), begun_(db->Execute("BEGIN IMMEDIATE")) {}

Transaction::~Transaction() {
  // Not committed, or the commit failed and left the transaction open. An
  // error of the rollback adds nothing: SQLite rolls back by itself then.
  if (begun_.ok() && sqlite3_get_autocommit(db_->handle()) == 0) {
    db_->Execute("ROLLBACK").IgnoreError();
  }
}

}  // namespace rocktune
