// Reading trials back from their tables.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"
#include "sidecar/history_impl.h"

namespace rocktune {
namespace {

// The enum value from 0 to `last` that prints as `text`.
template <typename Enum>
absl::StatusOr<Enum> ParseEnum(const std::string& text, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    Enum value = static_cast<Enum>(i);
    if (text == ToString(value)) return value;
  }
  return absl::DataLossError(
      absl::StrCat("the history holds an unknown word: ", text));
}

}  // namespace

absl::StatusOr<ChangeSet> History::Impl::ReadChanges(int64_t trial,
                                                     bool inverse) {
  Statement rows(db.get(),
                 "SELECT option, column_family, before, asked, reason "
                 "FROM changes WHERE trial = ? AND inverse = ? ORDER BY seq",
                 trial, inverse);
  ChangeSet change_set;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return change_set;
    change_set.changes.push_back({.key = {rows.Text(0), rows.Text(1)},
                                  .before = rows.Text(2),
                                  .after = rows.Text(3),
                                  .reason = rows.Text(4)});
  }
}

absl::StatusOr<std::vector<CalibrationNote>> History::Impl::ReadNotes(
    int64_t trial) {
  Statement rows(db.get(),
                 "SELECT step, rejected, option, column_family, code, message, "
                 "asked, given FROM notes WHERE trial = ? ORDER BY seq",
                 trial);
  std::vector<CalibrationNote> notes;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return notes;
    CalibrationNote note;
    ROCKTUNE_ASSIGN_OR_RETURN(
        note.step, ParseEnum(rows.Text(0), CalibrationStep::kBundle));
    note.rejected = rows.Int(1) != 0;
    note.option = rows.Text(2);
    note.column_family = rows.Text(3);
    note.code = rows.Text(4);
    note.message = rows.Text(5);
    note.asked = rows.Text(6);
    note.given = rows.Text(7);
    notes.push_back(std::move(note));
  }
}

absl::StatusOr<ArmSummary> History::Impl::ReadArm(int64_t trial,
                                                  absl::string_view arm) {
  ArmSummary summary;
  Statement row(db.get(),
                "SELECT windows, throughput_ops_per_s, service_time_us, "
                "stall_share, cpu_us_per_op, write_bytes_per_user_byte, "
                "resident_bytes FROM arms WHERE trial = ? AND arm = ?",
                trial, arm);
  ROCKTUNE_ASSIGN_OR_RETURN(bool found, row.Step());
  if (!found) return summary;  // the trial is open
  summary.windows = static_cast<int>(row.Int(0));
  summary.throughput_ops_per_s = row.Real(1);
  summary.service_time_us = row.Real(2);
  summary.stall_share = row.Real(3);
  summary.cpu_us_per_op = row.Real(4);
  summary.write_bytes_per_user_byte = row.Real(5);
  summary.resident_bytes = static_cast<uint64_t>(row.Int(6));
  Statement latencies(db.get(),
                      "SELECT op, mean_us, p99_us FROM latencies "
                      "WHERE trial = ? AND arm = ?",
                      trial, arm);
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool more, latencies.Step());
    if (!more) return summary;
    ROCKTUNE_ASSIGN_OR_RETURN(
        OpKind op,
        ParseEnum(latencies.Text(0), static_cast<OpKind>(kOpKinds - 1)));
    summary.latency_us_mean[static_cast<size_t>(op)] = latencies.Real(1);
    summary.latency_us_p99[static_cast<size_t>(op)] = latencies.Real(2);
  }
}

absl::StatusOr<std::vector<TrialBlock>> History::Impl::ReadBlocks(
    int64_t trial) {
  Statement rows(db.get(),
                 "SELECT candidate, pair, begin_us, windows, dropped, cost "
                 "FROM blocks WHERE trial = ? ORDER BY seq",
                 trial);
  std::vector<TrialBlock> blocks;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return blocks;
    blocks.push_back({.candidate = rows.Int(0) != 0,
                      .pair = static_cast<int>(rows.Int(1)),
                      .begin = absl::Microseconds(rows.Int(2)),
                      .windows = static_cast<int>(rows.Int(3)),
                      .dropped = static_cast<int>(rows.Int(4)),
                      .cost = rows.Real(5)});
  }
}

absl::StatusOr<std::vector<CostChange>> History::Impl::ReadCosts(
    int64_t trial) {
  Statement rows(db.get(),
                 "SELECT name, before, after, effect_mean, effect_low, "
                 "effect_high, confidence FROM costs WHERE trial = ? "
                 "ORDER BY seq",
                 trial);
  std::vector<CostChange> costs;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return costs;
    costs.push_back(
        {.name = rows.Text(0),
         .before = rows.Real(1),
         .after = rows.Real(2),
         .effect = {rows.Real(3), rows.Real(4), rows.Real(5), rows.Real(6)}});
  }
}

absl::StatusOr<Trial> History::Impl::ReadTrial(int64_t id) {
  Statement row(db.get(),
                "SELECT database, source, summary, opened_us, closed_us, "
                "verdict, effect_mean, effect_low, effect_high, confidence, "
                "windows_dropped, in_force_us, why, design, design_why, ended, "
                "expected, load, option_writes, min_effect, confirms, thins, "
                "about_trial FROM trials WHERE id = ?",
                id);
  ROCKTUNE_ASSIGN_OR_RETURN(bool found, row.Step());
  if (!found) {
    return absl::NotFoundError(absl::StrCat("the history has no trial ", id));
  }
  Trial trial;
  trial.id = id;
  trial.database = row.Text(0);
  ROCKTUNE_ASSIGN_OR_RETURN(trial.source,
                            ParseEnum(row.Text(1), ProposalSource::kHistory));
  trial.summary = row.Text(2);
  trial.opened = absl::FromUnixMicros(row.Int(3));
  if (!row.IsNull(4)) trial.closed = absl::FromUnixMicros(row.Int(4));
  ROCKTUNE_ASSIGN_OR_RETURN(trial.verdict,
                            ParseEnum(row.Text(5), Verdict::kAborted));
  trial.effect = {row.Real(6), row.Real(7), row.Real(8), row.Real(9)};
  trial.windows_dropped = static_cast<int>(row.Int(10));
  trial.in_force = absl::Microseconds(row.Int(11));
  trial.why = row.Text(12);
  ROCKTUNE_ASSIGN_OR_RETURN(trial.design,
                            ParseEnum(row.Text(13), TrialDesign::kBeforeAfter));
  trial.design_why = row.Text(14);
  trial.ended = row.Text(15);
  trial.expected = row.Text(16);
  trial.load = row.Text(17);
  trial.option_writes = static_cast<int>(row.Int(18));
  trial.min_effect = row.Real(19);
  trial.confirms = row.Int(20) != 0;
  trial.thins = row.Int(21) != 0;
  trial.about_trial = row.Int(22);
  ROCKTUNE_ASSIGN_OR_RETURN(trial.change_set, ReadChanges(id, false));
  ROCKTUNE_ASSIGN_OR_RETURN(trial.inverse, ReadChanges(id, true));
  ROCKTUNE_ASSIGN_OR_RETURN(trial.notes, ReadNotes(id));
  ROCKTUNE_ASSIGN_OR_RETURN(trial.baseline, ReadArm(id, "baseline"));
  ROCKTUNE_ASSIGN_OR_RETURN(trial.candidate, ReadArm(id, "candidate"));
  ROCKTUNE_ASSIGN_OR_RETURN(trial.blocks, ReadBlocks(id));
  ROCKTUNE_ASSIGN_OR_RETURN(trial.costs, ReadCosts(id));
  return trial;
}

absl::StatusOr<std::vector<int64_t>> History::Impl::Ids(Statement* query) {
  std::vector<int64_t> ids;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, query->Step());
    if (!row) return ids;
    ids.push_back(query->Int(0));
  }
}

absl::StatusOr<std::vector<Trial>> History::Impl::ReadTrials(Statement* query) {
  ROCKTUNE_ASSIGN_OR_RETURN(std::vector<int64_t> ids, Ids(query));
  std::vector<Trial> trials;
  trials.reserve(ids.size());
  for (int64_t id : ids) {
    ROCKTUNE_ASSIGN_OR_RETURN(Trial trial, ReadTrial(id));
    trials.push_back(std::move(trial));
  }
  return trials;
}

absl::StatusOr<std::vector<Trial>> History::OpenTrials(
    const std::string& database) {
  Statement query(impl_->db.get(),
                  "SELECT id FROM trials WHERE database = ? AND "
                  "verdict = 'open' ORDER BY id LIMIT ?",
                  database, kMaxRowsPerCall);
  return impl_->ReadTrials(&query);
}

absl::StatusOr<Trial> History::TrialById(int64_t id) {
  return impl_->ReadTrial(id);
}

absl::StatusOr<std::vector<Trial>> History::TrialsOf(
    const std::string& database, const std::string& option, size_t limit) {
  absl::string_view sql =
      option.empty()
          ? "SELECT id FROM trials WHERE (?1 = '' OR database = ?1) "
            "AND ?2 = '' ORDER BY id DESC LIMIT ?3"
          : "SELECT id FROM trials WHERE (?1 = '' OR database = ?1) "
            "AND id IN (SELECT trial FROM changes WHERE option = ?2) "
            "ORDER BY id DESC LIMIT ?3";
  Statement query(impl_->db.get(), sql, database, option,
                  std::min(limit, kMaxRowsPerCall));
  return impl_->ReadTrials(&query);
}

absl::StatusOr<std::vector<ReadBackValue>> History::ReadBackOf(int64_t trial) {
  Statement rows(impl_->db.get(),
                 "SELECT option, column_family, before, asked, after "
                 "FROM changes WHERE trial = ? AND inverse = 0 AND "
                 "after IS NOT NULL ORDER BY seq",
                 trial);
  std::vector<ReadBackValue> values;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return values;
    values.push_back({.key = {rows.Text(0), rows.Text(1)},
                      .before = rows.Text(2),
                      .asked = rows.Text(3),
                      .after = rows.Text(4)});
  }
}

}  // namespace rocktune
