// The change set while calibration works on it, with the notes of each step.
#ifndef ROCKTUNE_POLICY_CALIBRATION_DRAFT_H_
#define ROCKTUNE_POLICY_CALIBRATION_DRAFT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "policy/calibration.h"

namespace rocktune {

struct DraftChange {
  OptionKey key;
  const CatalogueRow* row = nullptr;
  std::string before;       // in force, canonical
  std::string after;        // canonical
  std::string proposed_as;  // the option's name as it was written
  std::string reason;
  bool alive = true;
  // Added to keep a relation that the change of `cause` would break.
  bool is_companion = false;
  OptionKey cause;
};

// What a step of calibration has to say about a change.
struct Finding {
  CalibrationStep step = CalibrationStep::kParse;
  std::string code;
  std::string message;
};

// The context must outlive *this.
class Draft {
 public:
  Draft(const CalibrationContext& context, ProposalSource source)
      : context_(context), source_(source) {}

  const CalibrationContext& context() const { return context_; }
  bool from_operator() const { return source_ == ProposalSource::kOperator; }
  // An operator knows how far to go, and history's values were proven here:
  // neither is bound to small steps.
  bool takes_large_steps() const {
    return from_operator() || source_ == ProposalSource::kHistory;
  }

  std::vector<DraftChange>& changes() { return changes_; }
  std::vector<CalibrationNote>& notes() { return notes_; }

  void Reject(DraftChange& change, Finding finding);
  void Correct(DraftChange& change, Finding finding, std::string value);

  // The living change of `key`, or null.
  DraftChange* Find(const OptionKey& key);

  // Sets `key` to `value` to keep a relation: corrects the change of `key`, or
  // adds one as a companion of `cause`. False, and nothing is done, when that
  // may not be: closed or pinned option, out of its bounds, or against the
  // direction in which the change was proposed.
  bool Repair(const OptionKey& key, double value, const OptionKey& cause,
              Finding finding);
  // The same for a word. A word that was proposed is never replaced, a
  // list of words is fitted.
  bool RepairWord(const OptionKey& key, const std::string& word,
                  const OptionKey& cause, Finding finding);

  // Values in force with the living changes over them.
  OptionValues Merged() const;
  std::optional<std::string> Value(const OptionKey& key) const;
  std::optional<double> Number(absl::string_view name,
                               absl::string_view family) const;
  std::optional<double> NumberInForce(absl::string_view name,
                                      absl::string_view family) const;

 private:
  // Adds a change of an option that nobody proposed to change.
  bool AddCompanion(const OptionKey& key, std::string value,
                    const OptionKey& cause, Finding finding);

  const CalibrationContext& context_;
  const ProposalSource source_;
  std::vector<DraftChange> changes_;
  std::vector<CalibrationNote> notes_;
};

// The canonical text of a number in the type of `row`.
std::string TextOf(double value, const CatalogueRow& row);

// True when `given` would move the option to the other side of its value in
// force than was asked, or not at all: that is no longer what was proposed.
bool TurnsAround(absl::string_view before, absl::string_view asked,
                 absl::string_view given);

// "4194304 (4 MiB)" for byte units, else the plain text. For messages.
std::string Shown(absl::string_view value, const CatalogueRow& row);

// The pin that forbids `key` to be `value`; null when none does.
const Pin* PinAgainst(const CalibrationContext& context, const OptionKey& key,
                      absl::string_view value);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_CALIBRATION_DRAFT_H_
