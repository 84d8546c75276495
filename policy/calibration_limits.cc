// The steps that look at one value alone: bounds, step size, bundle size.
#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "policy/calibration_steps.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

bool IsNumber(OptionType type) {
  return type == OptionType::kInt || type == OptionType::kUint ||
         type == OptionType::kDouble;
}

bool MayStandBesideRange(double value, const CatalogueRow& row) {
  return (value == -1 && row.allows_minus_one) ||
         (value == 0 && row.allows_zero);
}

std::string Bounded(double value, const CatalogueRow& row) {
  const bool whole = row.type != OptionType::kDouble;
  if (value < row.min) return TextOf(row.min, row);
  return TextOf(whole ? std::floor(row.max) : row.max, row);
}

void LimitWord(DraftChange& change, Draft& draft) {
  // The word means "as the other option says" and fits bottommost_compression
  // only.
  if (change.row->name == "compression" &&
      change.after == "kDisableCompressionOption") {
    draft.Reject(change,
                 {CalibrationStep::kRange, "not_a_compression",
                  absl::StrCat(change.after,
                               " is no compression; write kNoCompression")});
  }
}

void LimitNumber(DraftChange& change, Draft& draft) {
  const CatalogueRow& row = *change.row;
  const double value = NumberOf(change.after).value_or(-2);
  if (MayStandBesideRange(value, row)) return;
  if (value >= row.min && value <= row.max) return;
  if (value <= 0) {
    // 0 and -1 mean "off" or "without limit" in many options, so the smallest
    // number is not what was meant.
    draft.Reject(change,
                 {CalibrationStep::kRange, value < 0 ? "negative" : "zero",
                  absl::StrCat(row.name, " cannot be ", change.after,
                               "; the smallest value is ",
                               Shown(TextOf(row.min, row), row))});
    return;
  }
  const std::string given = Bounded(value, row);
  const bool below = value < row.min;
  const std::string bounds =
      absl::StrCat(Shown(TextOf(row.min, row), row), " .. ",
                   Shown(Bounded(row.max + 1, row), row));
  const std::string message =
      absl::StrCat(row.name, " = ", Shown(change.after, row), " is outside ",
                   bounds, " on this host");
  const char* code = below ? "below_floor" : "above_ceiling";
  if (TurnsAround(change.before, change.after, given)) {
    draft.Reject(change, {CalibrationStep::kRange, code,
                          absl::StrCat(message, ", and ", change.before,
                                       " is in force")});
    return;
  }
  draft.Correct(change, {CalibrationStep::kRange, code, message}, given);
}

void LimitOneStep(DraftChange& change, Draft& draft) {
  const CatalogueRow& row = *change.row;
  const double factor = row.max_step_factor;
  const double before = NumberOf(change.before).value_or(0);
  const double after = NumberOf(change.after).value_or(0);
  // From "off" or "without limit" no factor leads anywhere.
  if (factor < 1 || before <= 0 || after <= 0) return;
  const bool whole = row.type != OptionType::kDouble;
  double most = row.LimitsStepsUp() ? before * factor : row.max;
  double least = before / factor;
  if (whole) {
    most = std::max(std::floor(most), before + 1);
    least = std::min(std::ceil(least), before - 1);
  }
  if (after >= least && after <= most) return;
  const double given = std::clamp(after, least, most);
  const std::string message = absl::StrCat(
      row.name, " may change by a factor of ", factor, " at once, from ",
      Shown(change.before, row), " and not to ", Shown(change.after, row));
  if (given < row.min || given > row.max) {
    draft.Reject(change,
                 {CalibrationStep::kStepSize, "step_too_large",
                  absl::StrCat(message, "; an operator may propose it")});
    return;
  }
  draft.Correct(change, {CalibrationStep::kStepSize, "step_limited", message},
                TextOf(given, row));
}

// Shrinking the level targets makes compaction rewrite levels at once, which
// a trial cannot tell from a loss.
void LimitDirection(DraftChange& change, Draft& draft) {
  if (change.row->name != "max_bytes_for_level_base") return;
  const double before = NumberOf(change.before).value_or(0);
  const double after = NumberOf(change.after).value_or(0);
  if (after >= before) return;
  draft.Reject(change, {CalibrationStep::kStepSize, "shrinking_rewrites",
                        absl::StrCat("shrinking ", change.row->name, " from ",
                                     Shown(change.before, *change.row), " to ",
                                     Shown(change.after, *change.row),
                                     " would rewrite levels at once; an "
                                     "operator may propose it")});
}

}  // namespace

void LimitRange(Draft& draft) {
  for (DraftChange& change : draft.changes()) {
    if (!change.alive) continue;
    if (change.row->type == OptionType::kEnum) LimitWord(change, draft);
    if (IsNumber(change.row->type) && !SameValue(change.before, change.after)) {
      LimitNumber(change, draft);
    }
  }
}

void LimitStep(Draft& draft) {
  if (draft.takes_large_steps() || draft.context().IsOffline()) return;
  for (DraftChange& change : draft.changes()) {
    if (!change.alive || !IsNumber(change.row->type)) continue;
    LimitDirection(change, draft);
    if (change.alive) LimitOneStep(change, draft);
  }
}

void LimitBundle(Draft& draft) {
  if (draft.takes_large_steps()) return;
  const size_t most =
      static_cast<size_t>(std::max(draft.context().max_changes, 1));
  std::set<std::string> taken;
  for (DraftChange& change : draft.changes()) {
    // Companions come and go with the change they belong to.
    if (!change.alive || change.is_companion) continue;
    if (taken.contains(change.key.name)) continue;
    if (taken.size() < most) {
      taken.insert(change.key.name);
      continue;
    }
    draft.Reject(change, {CalibrationStep::kBundle, "too_many_changes",
                          absl::StrCat("a change set holds at most ", most,
                                       " options; the first ones were taken")});
  }
}

}  // namespace rocktune
