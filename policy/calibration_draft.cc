#include "policy/calibration_draft.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

CalibrationNote NoteOf(const DraftChange& change, Finding finding) {
  CalibrationNote note;
  note.step = finding.step;
  note.option = change.proposed_as;
  note.column_family = change.key.column_family;
  note.code = std::move(finding.code);
  note.message = std::move(finding.message);
  note.asked = change.after;
  return note;
}

std::optional<std::string> Lookup(const OptionValues& values,
                                  const OptionKey& key) {
  auto found = values.find(key);
  if (found == values.end()) return std::nullopt;
  return found->second;
}

std::optional<double> NumberIn(const std::optional<std::string>& value) {
  if (!value) return std::nullopt;
  return NumberOf(*value);
}

}  // namespace

void Draft::Reject(DraftChange& change, Finding finding) {
  CalibrationNote note = NoteOf(change, std::move(finding));
  note.rejected = true;
  notes_.push_back(std::move(note));
  change.alive = false;
}

void Draft::Correct(DraftChange& change, Finding finding, std::string value) {
  CalibrationNote note = NoteOf(change, std::move(finding));
  note.given = value;
  notes_.push_back(std::move(note));
  change.after = std::move(value);
}

DraftChange* Draft::Find(const OptionKey& key) {
  for (DraftChange& change : changes_) {
    if (change.alive && change.key == key) return &change;
  }
  return nullptr;
}

bool Draft::Repair(const OptionKey& key, double value, const OptionKey& cause,
                   Finding finding) {
  const CatalogueRow* row = context_.catalogue->Find(key.name);
  if (row == nullptr || value < row->min || value > row->max) return false;
  const std::string text = TextOf(value, *row);
  if (PinAgainst(context_, key, text) != nullptr) return false;
  if (DraftChange* change = Find(key)) {
    if (!change->is_companion &&
        TurnsAround(change->before, change->after, text)) {
      return false;
    }
    Correct(*change, std::move(finding), text);
    return true;
  }
  return AddCompanion(key, text, cause, std::move(finding));
}

bool Draft::RepairWord(const OptionKey& key, const std::string& word,
                       const OptionKey& cause, Finding finding) {
  if (context_.catalogue->Find(key.name) == nullptr ||
      PinAgainst(context_, key, word) != nullptr) {
    return false;
  }
  if (DraftChange* change = Find(key)) {
    const bool is_list = change->row->type == OptionType::kList;
    if (!change->is_companion && !is_list) return false;
    Correct(*change, std::move(finding), word);
    return true;
  }
  return AddCompanion(key, word, cause, std::move(finding));
}

bool Draft::AddCompanion(const OptionKey& key, std::string value,
                         const OptionKey& cause, Finding finding) {
  const CatalogueRow* row = context_.catalogue->Find(key.name);
  if (row->option_class == OptionClass::kForbidden) return false;
  if (row->option_class == OptionClass::kApproveOnly && !from_operator()) {
    return false;
  }
  const std::optional<std::string> before = Lookup(*context_.values, key);
  if (!before) return false;
  DraftChange companion;
  companion.key = key;
  companion.row = row;
  companion.before = *before;
  companion.after = *before;
  companion.proposed_as = key.name;
  companion.reason = absl::StrCat("goes with ", ToString(cause));
  companion.is_companion = true;
  companion.cause = cause;
  Correct(companion, std::move(finding), std::move(value));
  changes_.push_back(std::move(companion));
  return true;
}

OptionValues Draft::Merged() const {
  OptionValues merged = *context_.values;
  for (const DraftChange& change : changes_) {
    if (change.alive) merged[change.key] = change.after;
  }
  return merged;
}

std::optional<std::string> Draft::Value(const OptionKey& key) const {
  for (const DraftChange& change : changes_) {
    if (change.alive && change.key == key) return change.after;
  }
  return Lookup(*context_.values, key);
}

std::optional<double> Draft::Number(absl::string_view name,
                                    absl::string_view family) const {
  return NumberIn(Value(OptionKey{std::string(name), std::string(family)}));
}

std::optional<double> Draft::NumberInForce(absl::string_view name,
                                           absl::string_view family) const {
  return NumberIn(Lookup(*context_.values,
                         OptionKey{std::string(name), std::string(family)}));
}

std::string TextOf(double value, const CatalogueRow& row) {
  if (row.type == OptionType::kDouble) return FormatDouble(value);
  return FormatWhole(std::ceil(value));
}

bool TurnsAround(absl::string_view before, absl::string_view asked,
                 absl::string_view given) {
  const std::optional<double> from = NumberOf(before);
  const std::optional<double> wish = NumberOf(asked);
  const std::optional<double> got = NumberOf(given);
  if (!from || !wish || !got) return false;
  if (*wish > *from) return *got <= *from;
  return *got >= *from;
}

std::string Shown(absl::string_view value, const CatalogueRow& row) {
  const std::optional<double> number = NumberOf(value);
  const bool in_bytes =
      row.unit == OptionUnit::kBytes || row.unit == OptionUnit::kBytesPerSecond;
  if (!number || !in_bytes || *number < 1024) return std::string(value);
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  double scaled = *number / 1024;
  size_t unit = 0;
  for (; scaled >= 1024 && unit + 1 < std::size(kUnits); ++unit) scaled /= 1024;
  return absl::StrFormat("%s (%.4g %s)", value, scaled, kUnits[unit]);
}

}  // namespace rocktune
