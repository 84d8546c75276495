// Writing trials: each call is one transaction.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"
#include "sidecar/history_impl.h"

namespace rocktune {
namespace {

// The invariant the history is here for.
absl::Status CheckInverse(const Trial& trial) {
  std::set<OptionKey> restored;
  for (const Change& change : trial.inverse.changes) {
    restored.insert(change.key);
  }
  for (const Change& change : trial.change_set.changes) {
    if (restored.count(change.key) == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the trial changes ", change.key.name, " and has no inverse"));
    }
  }
  return absl::OkStatus();
}

// SQLite's integers are signed.
int64_t Signed(uint64_t value) {
  constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(value < kMax ? value : kMax);
}

absl::Status NoSuchTrial(int64_t id) {
  return absl::NotFoundError(absl::StrCat("the history has no trial ", id));
}

}  // namespace

absl::Status History::Impl::InsertEntry(int64_t session,
                                        const HistoryEntry& entry) {
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db.get(),
                "INSERT INTO entries(session, at_us, database, kind, trial, "
                "uid, line) VALUES(?, ?, ?, ?, ?, ?, ?)",
                session, absl::ToUnixMicros(entry.at), entry.database,
                entry.kind, entry.trial, entry.uid, Clip(entry.line))
          .Run());
  return Statement(db.get(), "DELETE FROM entries WHERE id <= ?",
                   db->last_insert_id() - limits.entries)
      .Run();
}

absl::Status History::Impl::InsertChanges(int64_t trial, bool inverse,
                                          const ChangeSet& change_set) {
  for (size_t i = 0; i < change_set.changes.size(); ++i) {
    const Change& change = change_set.changes[i];
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db.get(),
                  "INSERT INTO changes(trial, inverse, seq, option, "
                  "column_family, before, asked, reason) "
                  "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                  trial, inverse, i, change.key.name, change.key.column_family,
                  change.before, change.after, Clip(change.reason))
            .Run());
  }
  return absl::OkStatus();
}

absl::Status History::Impl::InsertNotes(
    int64_t trial, const std::vector<CalibrationNote>& notes) {
  for (size_t i = 0; i < notes.size(); ++i) {
    const CalibrationNote& note = notes[i];
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db.get(),
                  "INSERT INTO notes VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  trial, i, ToString(note.step), note.rejected,
                  Clip(note.option), Clip(note.column_family), note.code,
                  Clip(note.message), Clip(note.asked), Clip(note.given))
            .Run());
  }
  return absl::OkStatus();
}

absl::Status History::Impl::ReplaceArm(int64_t trial, absl::string_view arm,
                                       const ArmSummary& summary) {
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db.get(),
                "INSERT OR REPLACE INTO arms VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                trial, arm, summary.windows, summary.throughput_ops_per_s,
                summary.service_time_us, summary.stall_share,
                summary.cpu_us_per_op, summary.write_bytes_per_user_byte,
                Signed(summary.resident_bytes))
          .Run());
  for (size_t op = 0; op < kOpKinds; ++op) {
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db.get(),
                  "INSERT OR REPLACE INTO latencies VALUES(?, ?, ?, ?, ?)",
                  trial, arm, ToString(static_cast<OpKind>(op)),
                  summary.latency_us_mean[op], summary.latency_us_p99[op])
            .Run());
  }
  return absl::OkStatus();
}

absl::Status History::Impl::ReplaceBlocks(
    int64_t trial, const std::vector<TrialBlock>& blocks) {
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db.get(), "DELETE FROM blocks WHERE trial = ?", trial).Run());
  const size_t kept = std::min(blocks.size(), Trial::kMaxBlocks);
  for (size_t i = 0; i < kept; ++i) {
    const TrialBlock& block = blocks[i];
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db.get(), "INSERT INTO blocks VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                  trial, i, block.candidate, block.pair,
                  absl::ToInt64Microseconds(block.begin), block.windows,
                  block.dropped, block.cost)
            .Run());
  }
  return absl::OkStatus();
}

absl::Status History::Impl::ReplaceCosts(int64_t trial,
                                         const std::vector<CostChange>& costs) {
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db.get(), "DELETE FROM costs WHERE trial = ?", trial).Run());
  for (size_t i = 0; i < costs.size(); ++i) {
    const CostChange& cost = costs[i];
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db.get(),
                  "INSERT INTO costs VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", trial,
                  i, cost.name, cost.before, cost.after, cost.effect.mean,
                  cost.effect.low, cost.effect.high, cost.effect.confidence)
            .Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> History::OpenTrial(int64_t session, const Trial& trial,
                                           absl::Time wall) {
  ROCKTUNE_RETURN_IF_ERROR(CheckInverse(trial));
  Sqlite* db = impl_->db.get();
  Transaction transaction(db);
  ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db,
                "INSERT INTO trials(session, database, source, summary, "
                "opened_us, design, design_why, expected, load, confirms, "
                "thins, about_trial) "
                "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                session, trial.database, ToString(trial.source),
                Clip(trial.summary), absl::ToUnixMicros(wall),
                ToString(trial.design), Clip(trial.design_why),
                Clip(trial.expected), Clip(trial.load), trial.confirms,
                trial.thins, trial.about_trial)
          .Run());
  int64_t id = db->last_insert_id();
  ROCKTUNE_RETURN_IF_ERROR(impl_->InsertChanges(id, false, trial.change_set));
  ROCKTUNE_RETURN_IF_ERROR(impl_->InsertChanges(id, true, trial.inverse));
  ROCKTUNE_RETURN_IF_ERROR(impl_->InsertNotes(id, trial.notes));
  ROCKTUNE_RETURN_IF_ERROR(impl_->InsertEntry(
      session, {.at = wall,
                .database = trial.database,
                .kind = "trial",
                .trial = id,
                .line = absl::StrCat("opened: ", trial.summary)}));
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db, "DELETE FROM trials WHERE id <= ? AND verdict <> 'open'",
                id - impl_->limits.trials)
          .Run());
  ROCKTUNE_RETURN_IF_ERROR(transaction.Commit());
  return id;
}

absl::Status History::RecordReadBack(int64_t trial,
                                     const std::vector<ReadBackValue>& values) {
  Sqlite* db = impl_->db.get();
  Transaction transaction(db);
  ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
  Statement known(db, "SELECT 1 FROM trials WHERE id = ?", trial);
  ROCKTUNE_ASSIGN_OR_RETURN(bool found, known.Step());
  if (!found) return NoSuchTrial(trial);
  for (const ReadBackValue& value : values) {
    ROCKTUNE_RETURN_IF_ERROR(
        Statement(db,
                  "UPDATE changes SET after = ? WHERE trial = ? AND "
                  "inverse = 0 AND option = ? AND column_family = ?",
                  value.after, trial, value.key.name, value.key.column_family)
            .Run());
  }
  return transaction.Commit();
}

absl::Status History::CloseTrial(const Trial& trial, absl::Time wall) {
  if (trial.verdict == Verdict::kOpen) {
    return absl::InvalidArgumentError("a trial is closed with a verdict");
  }
  Sqlite* db = impl_->db.get();
  Transaction transaction(db);
  ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
  Statement update(
      db,
      "UPDATE trials SET closed_us = ?, verdict = ?, "
      "effect_mean = ?, effect_low = ?, effect_high = ?, "
      "confidence = ?, windows_dropped = ?, in_force_us = ?, "
      "why = ?, design = ?, design_why = ?, ended = ?, "
      "expected = ?, load = ?, option_writes = ?, min_effect = ? WHERE id = ?",
      absl::ToUnixMicros(wall), ToString(trial.verdict), trial.effect.mean,
      trial.effect.low, trial.effect.high, trial.effect.confidence,
      trial.windows_dropped, absl::ToInt64Microseconds(trial.in_force),
      Clip(trial.why), ToString(trial.design), Clip(trial.design_why),
      Clip(trial.ended), Clip(trial.expected), Clip(trial.load),
      trial.option_writes, trial.min_effect, trial.id);
  ROCKTUNE_RETURN_IF_ERROR(update.Run());
  if (db->changed_rows() == 0) return NoSuchTrial(trial.id);
  ROCKTUNE_RETURN_IF_ERROR(
      impl_->ReplaceArm(trial.id, "baseline", trial.baseline));
  ROCKTUNE_RETURN_IF_ERROR(
      impl_->ReplaceArm(trial.id, "candidate", trial.candidate));
  ROCKTUNE_RETURN_IF_ERROR(impl_->ReplaceBlocks(trial.id, trial.blocks));
  ROCKTUNE_RETURN_IF_ERROR(impl_->ReplaceCosts(trial.id, trial.costs));
  return transaction.Commit();
}

}  // namespace rocktune
