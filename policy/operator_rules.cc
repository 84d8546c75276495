// Pins and denials: what an operator ruled goes before every proposal.
#include <string>

#include "absl/strings/str_cat.h"
#include "policy/calibration_steps.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

bool Concerns(const Pin& pin, const OptionKey& key) {
  return pin.option == key.name &&
         (pin.column_family.empty() || pin.column_family == key.column_family);
}

bool IsFixed(const Pin& pin) { return !pin.min.empty() && pin.min == pin.max; }

bool Allows(const Pin& pin, absl::string_view value) {
  if (pin.denied) return false;
  if (IsFixed(pin)) return SameValue(pin.min, value);
  const std::optional<double> number = NumberOf(value);
  // A bound that cannot be read denies: the operator meant something.
  if (!pin.min.empty()) {
    const std::optional<double> min = NumberOf(pin.min);
    if (!number || !min || *number < *min) return false;
  }
  if (!pin.max.empty()) {
    const std::optional<double> max = NumberOf(pin.max);
    if (!number || !max || *number > *max) return false;
  }
  return true;
}

// The bound of the pin that `value` is beyond, or empty when it has none.
std::string BoundFor(const Pin& pin, absl::string_view value) {
  if (pin.denied || IsFixed(pin)) return "";
  const std::optional<double> number = NumberOf(value);
  const std::optional<double> min = NumberOf(pin.min);
  const std::optional<double> max = NumberOf(pin.max);
  if (!number) return "";
  if (min && *number < *min) return pin.min;
  if (max && *number > *max) return pin.max;
  return "";
}

std::string Describe(const Pin& pin) {
  if (pin.denied) return absl::StrCat("the operator denied ", pin.option);
  if (IsFixed(pin)) {
    return absl::StrCat("the operator pinned ", pin.option, " to ", pin.min);
  }
  return absl::StrCat("the operator keeps ", pin.option, " in ",
                      pin.min.empty() ? "any" : pin.min, " .. ",
                      pin.max.empty() ? "any" : pin.max);
}

}  // namespace

const Pin* PinAgainst(const CalibrationContext& context, const OptionKey& key,
                      absl::string_view value) {
  for (const Pin& pin : *context.pins) {
    if (Concerns(pin, key) && !Allows(pin, value)) return &pin;
  }
  return nullptr;
}

void ObeyOperator(Draft& draft, bool may_correct) {
  for (DraftChange& change : draft.changes()) {
    if (!change.alive) continue;
    const Pin* pin = PinAgainst(draft.context(), change.key, change.after);
    if (pin == nullptr) continue;
    const std::string given = BoundFor(*pin, change.after);
    const bool fits = may_correct && !given.empty() &&
                      !TurnsAround(change.before, change.after, given) &&
                      PinAgainst(draft.context(), change.key, given) == nullptr;
    const std::optional<double> number = NumberOf(given);
    const CatalogueRow& row = *change.row;
    // A pin never opens what the catalogue closes.
    if (fits && number && *number >= row.min && *number <= row.max) {
      draft.Correct(
          change,
          {CalibrationStep::kOperatorRules, "kept_in_pin", Describe(*pin)},
          given);
      continue;
    }
    draft.Reject(change, {CalibrationStep::kOperatorRules,
                          pin->denied ? "denied" : "pinned", Describe(*pin)});
  }
}

}  // namespace rocktune
