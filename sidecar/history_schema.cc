#include "sidecar/history_schema.h"

#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// Times are microseconds of the wall clock since 1970. Enums are their printed
// names, so that a reordered enum never changes the meaning of a file.
constexpr const char* kVersion1 = R"(
CREATE TABLE sessions(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  pid INTEGER NOT NULL,
  rocksdb_version TEXT NOT NULL,
  began_us INTEGER NOT NULL,
  ended_us INTEGER                 -- NULL: running, or died
) STRICT;

CREATE TABLE trials(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL,
  database TEXT NOT NULL,
  source TEXT NOT NULL,
  summary TEXT NOT NULL,
  opened_us INTEGER NOT NULL,
  closed_us INTEGER,
  verdict TEXT NOT NULL DEFAULT 'open',
  effect_mean REAL, effect_low REAL, effect_high REAL, confidence REAL,
  windows_dropped INTEGER NOT NULL DEFAULT 0,
  in_force_us INTEGER NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX trials_by_database ON trials(database, id);
CREATE INDEX trials_open ON trials(database) WHERE verdict = 'open';

CREATE TABLE changes(
  trial INTEGER NOT NULL REFERENCES trials(id) ON DELETE CASCADE,
  inverse INTEGER NOT NULL,        -- 0: the change set, 1: its inverse
  seq INTEGER NOT NULL,
  option TEXT NOT NULL,
  column_family TEXT NOT NULL,
  before TEXT NOT NULL,
  asked TEXT NOT NULL,
  after TEXT,                      -- read back; NULL: not recorded
  reason TEXT NOT NULL,
  PRIMARY KEY(trial, inverse, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX changes_by_option ON changes(option, trial);

CREATE TABLE notes(
  trial INTEGER NOT NULL REFERENCES trials(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  step TEXT NOT NULL,
  rejected INTEGER NOT NULL,
  option TEXT NOT NULL,
  column_family TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  asked TEXT NOT NULL,
  given TEXT NOT NULL,
  PRIMARY KEY(trial, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE arms(
  trial INTEGER NOT NULL REFERENCES trials(id) ON DELETE CASCADE,
  arm TEXT NOT NULL,               -- 'baseline' or 'candidate'
  windows INTEGER NOT NULL,
  throughput_ops_per_s REAL,
  service_time_us REAL,
  stall_share REAL,
  cpu_us_per_op REAL,
  write_bytes_per_user_byte REAL,
  resident_bytes INTEGER NOT NULL,
  PRIMARY KEY(trial, arm)
) STRICT, WITHOUT ROWID;

CREATE TABLE latencies(
  trial INTEGER NOT NULL REFERENCES trials(id) ON DELETE CASCADE,
  arm TEXT NOT NULL,
  op TEXT NOT NULL,
  mean_us REAL,
  p99_us REAL,
  PRIMARY KEY(trial, arm, op)
) STRICT, WITHOUT ROWID;

CREATE TABLE entries(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL,
  at_us INTEGER NOT NULL,
  database TEXT NOT NULL,
  kind TEXT NOT NULL,
  trial INTEGER NOT NULL,          -- 0: none
  uid INTEGER,                     -- operator actions
  line TEXT NOT NULL
) STRICT;
CREATE INDEX entries_by_database ON entries(database, id);

CREATE TABLE proven(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  database TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  trial INTEGER NOT NULL,          -- the trial that proved it; 0: none
  newest_trial INTEGER NOT NULL    -- of the database at that time; 0: none
) STRICT;
CREATE INDEX proven_by_database ON proven(database, id);

CREATE TABLE proven_values(
  proven INTEGER NOT NULL REFERENCES proven(id) ON DELETE CASCADE,
  option TEXT NOT NULL,
  column_family TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY(proven, option, column_family)
) STRICT, WITHOUT ROWID;
)";

// Operators' pins outlive the process.
constexpr const char* kVersion2 = R"(
CREATE TABLE pins(
  database TEXT NOT NULL,
  seq INTEGER NOT NULL,
  option TEXT NOT NULL,
  column_family TEXT NOT NULL,
  denied INTEGER NOT NULL,
  min TEXT NOT NULL,
  max TEXT NOT NULL,
  PRIMARY KEY(database, seq)
) STRICT, WITHOUT ROWID;
)";

// How a trial was measured, and what is known of loads. Until here every trial
// compared windows before and after its change.
constexpr const char* kVersion3 = R"(
ALTER TABLE trials ADD COLUMN design TEXT NOT NULL DEFAULT 'before_after';
ALTER TABLE trials ADD COLUMN design_why TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN ended TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN expected TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN load TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN option_writes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trials ADD COLUMN confirms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trials ADD COLUMN thins INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trials ADD COLUMN about_trial INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trials ADD COLUMN min_effect REAL NOT NULL DEFAULT 0.02;

CREATE TABLE blocks(
  trial INTEGER NOT NULL REFERENCES trials(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  candidate INTEGER NOT NULL,      -- 0: the incumbent's values
  pair INTEGER NOT NULL,
  begin_us INTEGER NOT NULL,       -- since the trial was opened
  windows INTEGER NOT NULL,
  dropped INTEGER NOT NULL,
  cost REAL,
  PRIMARY KEY(trial, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE costs(
  trial INTEGER NOT NULL REFERENCES trials(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  name TEXT NOT NULL,
  before REAL, after REAL,
  effect_mean REAL, effect_low REAL, effect_high REAL, confidence REAL,
  PRIMARY KEY(trial, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE memory(
  database TEXT NOT NULL,
  entry INTEGER NOT NULL,
  windows INTEGER NOT NULL,        -- that the profile was made from
  times_proven INTEGER NOT NULL,
  times_failed INTEGER NOT NULL,
  last_proven_us INTEGER NOT NULL,
  PRIMARY KEY(database, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE memory_profile(
  database TEXT NOT NULL,
  entry INTEGER NOT NULL,
  dimension TEXT NOT NULL,         -- what is unknown has no row
  value REAL NOT NULL,
  PRIMARY KEY(database, entry, dimension),
  FOREIGN KEY(database, entry) REFERENCES memory ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE memory_values(
  database TEXT NOT NULL,
  entry INTEGER NOT NULL,
  option TEXT NOT NULL,
  column_family TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY(database, entry, option, column_family),
  FOREIGN KEY(database, entry) REFERENCES memory ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
)";

// What asking models cost, so that a restart does not renew a budget.
constexpr const char* kVersion4 = R"(
CREATE TABLE llm_spend(
  start_us INTEGER PRIMARY KEY,    -- of a bucket of some minutes
  calls INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  micro_dollars INTEGER NOT NULL
) STRICT;
)";

// Row i makes version i + 1 of version i. Never edit a row that was released.
constexpr const char* kSteps[] = {kVersion1, kVersion2, kVersion3, kVersion4};
static_assert(std::size(kSteps) == kHistorySchema);

}  // namespace

absl::Status Migrate(Sqlite* db, int version) {
  ROCKTUNE_ASSIGN_OR_RETURN(int64_t found, db->QueryInt("PRAGMA user_version"));
  if (found > version) {
    return absl::FailedPreconditionError(
        absl::StrCat("the history was written by a newer rocktune (schema ",
                     found, ", this one knows ", version,
                     "); use that rocktune, or another state_dir"));
  }
  if (found <= 0) {
    ROCKTUNE_ASSIGN_OR_RETURN(
        int64_t tables, db->QueryInt("SELECT COUNT(*) FROM sqlite_schema"));
    if (tables != 0 || found < 0) {
      return absl::DataLossError(
          "history.db is a database of something else; move it away");
    }
  }
  for (int64_t step = found; step < version; ++step) {
    Transaction transaction(db);
    ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
    ROCKTUNE_RETURN_IF_ERROR(db->Execute(kSteps[step]));
    ROCKTUNE_RETURN_IF_ERROR(
        db->Execute(absl::StrCat("PRAGMA user_version = ", step + 1)));
    ROCKTUNE_RETURN_IF_ERROR(transaction.Commit());
  }
  return absl::OkStatus();
}

}  // namespace rocktune
