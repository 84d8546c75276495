#include <algorithm>
#include <string>
#include <tuple>

#include "llm/briefing_parts.h"
#include "policy/spelling.h"

namespace rocktune {
namespace {

// The row that text of unknown quality means, or null. Spelling is corrected
// as calibration did.
const CatalogueRow* RowMeant(const std::string& option,
                             const Catalogue& catalogue) {
  if (const CatalogueRow* row = catalogue.Find(option)) return row;
  return CorrectSpelling({option, "", "", "", ""}, catalogue).row;
}

std::vector<BriefedChange> ChangesOf(const ChangeSet& change_set,
                                     const CalibrationContext& context) {
  std::vector<BriefedChange> changes;
  for (const Change& change : change_set.changes) {
    const CatalogueRow* row = context.catalogue->Find(change.key.name);
    if (row == nullptr) continue;
    std::optional<CatalogueWord> name = CatalogueWord::Name(*row);
    if (!name) continue;
    changes.push_back(
        {*std::move(name), row->unit,
         FamilyPosition(*context.database, change.key.column_family),
         ReadBriefedValue(change.before, *row),
         ReadBriefedValue(change.after, *row)});
  }
  // Not in the order of the families' names.
  std::stable_sort(changes.begin(), changes.end(),
                   [](const BriefedChange& a, const BriefedChange& b) {
                     return std::tie(a.option.text(), a.family) <
                            std::tie(b.option.text(), b.family);
                   });
  return changes;
}

BriefedTrial TrialOf(const Trial& trial, const CalibrationContext& context) {
  BriefedTrial briefed;
  briefed.id = trial.id;
  briefed.source = trial.source;
  briefed.verdict = trial.verdict;
  briefed.design = trial.design;
  briefed.ended = EndWord(trial.ended);
  briefed.effect = trial.effect;
  briefed.baseline = trial.baseline;
  briefed.candidate = trial.candidate;
  briefed.changes = ChangesOf(trial.change_set, context);
  return briefed;
}

BriefedNote NoteOf(const CalibrationNote& note,
                   const CalibrationContext& context) {
  BriefedNote briefed{.what = NoteWordOf(note.code)};
  briefed.rejected = note.rejected;
  briefed.family = FamilyPosition(*context.database, note.column_family);
  const CatalogueRow* row = RowMeant(note.option, *context.catalogue);
  if (row == nullptr) return briefed;
  briefed.option = CatalogueWord::Name(*row);
  briefed.unit = row->unit;
  briefed.asked = ReadBriefedValue(note.asked, *row);
  briefed.given = ReadBriefedValue(note.given, *row);
  return briefed;
}

std::optional<CatalogueWord> WordOf(const std::string& option,
                                    const Catalogue& catalogue) {
  const CatalogueRow* row = catalogue.Find(option);
  return row == nullptr ? std::nullopt : CatalogueWord::Name(*row);
}

std::string TextOf(const std::optional<CatalogueWord>& word) {
  return word ? word->text() : std::string();
}

}  // namespace

void BriefTrials(const BriefingInput& input, ModelBriefing& briefing) {
  const absl::Span<const Trial> trials = input.advisor.trials;
  const size_t shown = std::min(trials.size(), size_t{kMostBriefedTrials});
  briefing.trials_left_out = static_cast<int>(trials.size() - shown);
  for (const Trial& trial : trials.subspan(trials.size() - shown)) {
    briefing.trials.push_back(TrialOf(trial, input.advisor.context));
  }
}

void BriefNotes(const BriefingInput& input, ModelBriefing& briefing) {
  for (const CalibrationNote& note : input.notes) {
    // How a value was read says nothing that the value does not.
    if (note.code == "read_value" || note.code == "corrected_spelling") {
      continue;
    }
    briefing.notes.push_back(NoteOf(note, input.advisor.context));
  }
  std::stable_sort(briefing.notes.begin(), briefing.notes.end(),
                   [](const BriefedNote& a, const BriefedNote& b) {
                     return std::make_tuple(TextOf(a.option), a.family) <
                            std::make_tuple(TextOf(b.option), b.family);
                   });
  const size_t kept =
      std::min(briefing.notes.size(), size_t{kMostBriefedNotes});
  briefing.notes_left_out = static_cast<int>(briefing.notes.size() - kept);
  briefing.notes.erase(briefing.notes.begin() + kept, briefing.notes.end());
  for (const ReplyIssue& issue : input.issues) {
    if (briefing.issues.size() >= size_t{kMostBriefedNotes}) break;
    const Catalogue& catalogue = *input.advisor.context.catalogue;
    briefing.issues.push_back({issue.code, WordOf(issue.option, catalogue),
                               WordOf(issue.nearest, catalogue)});
  }
}

}  // namespace rocktune
