// SQLite as the history needs it: an owned connection, statements that clean
// up after themselves, transactions, absl::Status for result codes.
#ifndef ROCKTUNE_SIDECAR_HISTORY_SQLITE_H_
#define ROCKTUNE_SIDECAR_HISTORY_SQLITE_H_

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rocktune {

// One connection. Not thread-safe. Errors are those of History.
class Sqlite {
 public:
  // Opens or creates the file; nothing is read or written yet.
  static absl::StatusOr<std::unique_ptr<Sqlite>> Open(const std::string& path);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  // Runs statements that return nothing of interest.
  absl::Status Execute(const std::string& sql);
  // The single number a query gives.
  absl::StatusOr<int64_t> QueryInt(absl::string_view sql);

  int64_t last_insert_id() const { return sqlite3_last_insert_rowid(db_); }
  int changed_rows() const { return sqlite3_changes(db_); }

  // What result code `code` of this connection means to us.
  absl::Status ToStatus(int code) const;

  sqlite3* handle() { return db_; }

 private:
  Sqlite(std::string path, sqlite3* db) : path_(std::move(path)), db_(db) {}

  std::string path_;
  sqlite3* db_;
};

// One prepared statement with its arguments bound in order. An error in
// preparing or binding is returned by the first Step().
class Statement {
 public:
  template <typename... Args>
  explicit Statement(Sqlite* db, absl::string_view sql, const Args&... args)
      : db_(db) {
    Prepare(sql);
    int index = 0;
    (Bind(++index, args), ...);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // True: a row is there. False: the end.
  absl::StatusOr<bool> Step();
  // Steps to the end.
  absl::Status Run();

  // Columns of the present row, from 0. NULL reads as 0 or empty.
  int64_t Int(int column) { return sqlite3_column_int64(statement_, column); }
  double Real(int column) { return sqlite3_column_double(statement_, column); }
  std::string Text(int column);
  bool IsNull(int column) {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }

 private:
  void Prepare(absl::string_view sql);
  template <std::integral T>
  void Bind(int index, T value) {
    BindInt(index, static_cast<int64_t>(value));
  }
  template <std::integral T>
  void Bind(int index, const std::optional<T>& value) {
    if (value) Bind(index, *value);  // unbound is NULL
  }
  void Bind(int index, double value);  // not a number becomes NULL
  void Bind(int index, absl::string_view value);
  void BindInt(int index, int64_t value);
  void Check(int code);

  Sqlite* db_;
  sqlite3_stmt* statement_ = nullptr;
  absl::Status status_;
};

// Everything between construction and Commit(), or nothing.
class Transaction {
 public:
  explicit Transaction(Sqlite* db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Whether it could begin; nothing may be written otherwise.
  const absl::Status& begun() const { return begun_; }
  absl::Status Commit() { return db_->Execute("COMMIT"); }

 private:
  Sqlite* db_;
  absl::Status begun_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_HISTORY_SQLITE_H_
