#include "policy/calibration.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/calibration_steps.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

void DropUnchanged(Draft& draft) {
  for (DraftChange& change : draft.changes()) {
    if (!change.alive || !SameValue(change.before, change.after)) continue;
    draft.Reject(change, {CalibrationStep::kAllowed, "unchanged",
                          absl::StrCat(ToString(change.key), " = ",
                                       change.before, " is in force")});
  }
}

// Any change of a DB option makes RocksDB replace a bytes_per_sync of 0.
void WarnOfBytesPerSync(Draft& draft) {
  if (draft.context().IsOffline()) return;
  if (draft.NumberInForce("bytes_per_sync", "") != 0.0) return;
  for (const DraftChange& change : draft.changes()) {
    if (!change.alive || change.row->scope != OptionScope::kDb) continue;
    CalibrationNote note;
    note.step = CalibrationStep::kRelations;
    note.option = "bytes_per_sync";
    note.code = "bytes_per_sync_leaves_zero";
    note.message =
        "RocksDB sets bytes_per_sync from 0 to 1048576 with the first change "
        "of a database option; it cannot be set back";
    note.asked = "0";
    note.given = "1048576";
    draft.notes().push_back(std::move(note));
    return;
  }
}

// What one step took away may have held a relation, freed memory or kept a
// pin. From here on nothing is raised or added, so this ends.
void Settle(Draft& draft) {
  size_t notes = 0;
  do {
    notes = draft.notes().size();
    KeepRelations(draft, /*may_repair=*/false);
    FitMemoryBudget(draft);
    ObeyOperator(draft, /*may_correct=*/false);
  } while (draft.notes().size() != notes);
}

ChangeSet Finished(Draft& draft) {
  ChangeSet change_set;
  for (DraftChange& change : draft.changes()) {
    if (!change.alive) continue;
    change_set.changes.push_back(
        {change.key, change.before, change.after, std::move(change.reason)});
  }
  return change_set;
}

}  // namespace

CalibrationResult Calibrate(const Proposal& proposal,
                            const CalibrationContext& context) {
  Draft draft(context, proposal.source);
  TakeIn(proposal, draft);
  DropUnchanged(draft);
  LimitRange(draft);
  LimitStep(draft);
  DropUnchanged(draft);
  KeepRelations(draft, /*may_repair=*/true);
  FitMemoryBudget(draft);
  ObeyOperator(draft, /*may_correct=*/true);
  DropUnchanged(draft);
  LimitBundle(draft);
  Settle(draft);
  WarnOfBytesPerSync(draft);
  CalibrationResult result;
  result.change_set = Finished(draft);
  result.notes = std::move(draft.notes());
  return result;
}

}  // namespace rocktune
