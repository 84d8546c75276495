#include "tests/policy/action_printer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rocktune {
namespace {

std::string Text(const ChangeSet& change_set) {
  return absl::StrJoin(change_set.changes, ", ",
                       [](std::string* out, const Change& change) {
                         absl::StrAppend(out, change.key.name, " ",
                                         change.before, "->", change.after);
                       });
}

// One line per action.
struct Printer {
  std::string operator()(const action::Consult&) const { return "consult"; }
  std::string operator()(const action::RecordTrial& a) const {
    return absl::StrCat("record ", Text(a.trial.change_set), " | inverse ",
                        Text(a.trial.inverse));
  }
  std::string operator()(const action::ApplyValues& a) const {
    return absl::StrCat(
        a.is_rollback ? "roll back: " : "apply: ", Text(a.change_set),
        a.relieves_stall ? " (relieves the stall)" : "");
  }
  std::string operator()(const action::CloseTrial& a) const {
    return absl::StrCat("close trial ", a.trial.id, " ",
                        std::string(ToString(a.trial.verdict)));
  }
  std::string operator()(const action::SaveMemory& a) const {
    return absl::StrCat("save memory of ", a.entry.profile.windows,
                        " windows, proven ", a.entry.times_proven, " times");
  }
  std::string operator()(const action::ForgetMemory& a) const {
    return absl::StrCat("forget memory ", a.id);
  }
  std::string operator()(const action::SaveProven& a) const {
    return absl::StrCat(
        "save proven ",
        absl::StrJoin(a.values, ", ", [](std::string* out, const auto& entry) {
          absl::StrAppend(out, entry.first.name, "=", entry.second);
        }));
  }
  std::string operator()(const action::RecordReadBack& a) const {
    return absl::StrCat("record ", a.values.size(), " values read back");
  }
  std::string operator()(const action::SavePins& a) const {
    return absl::StrCat("save ", a.pins.size(), " pins");
  }
  std::string operator()(const action::Learn& a) const {
    return absl::StrCat("learn ", std::string(ToString(a.trial.verdict)));
  }
  std::string operator()(const action::Forget&) const { return "forget"; }
  std::string operator()(const action::Note& a) const {
    return absl::StrCat("note ", a.kind, ": ", a.line);
  }
  std::string operator()(const action::Reply& a) const {
    if (!a.reply.ok()) {
      return absl::StrCat(
          "reply ",
          std::string(absl::StatusCodeToString(a.reply.status().code())), ": ",
          std::string(a.reply.status().message()));
    }
    std::string text = absl::StrCat(
        a.reply->refused ? "reply refused: " : "reply ok: ", a.reply->message);
    for (const CalibrationNote& note : a.reply->notes) {
      absl::StrAppend(&text, "; ", note.code);
    }
    return text;
  }
  std::string operator()(const action::DetachReady&) const {
    return "detach ready";
  }
};

}  // namespace

std::string PrintAction(const Action& action) {
  return std::visit(Printer(), action);
}

}  // namespace rocktune
