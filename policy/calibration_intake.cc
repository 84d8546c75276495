// The first steps: from text of unknown quality to typed changes.
#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/calibration_steps.h"
#include "policy/spelling.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

// More wishes than this in one proposal are noise.
constexpr size_t kMostWishes = 256;
// Reasons are for people and go into the history.
constexpr size_t kLongestReason = 500;

struct Wish {
  const ProposedChange* proposed = nullptr;
  const CatalogueRow* row = nullptr;
  std::string value;  // canonical
  std::vector<OptionKey> keys;
  bool names_family = false;
};

void NoteOn(const ProposedChange& change, Finding finding, bool rejected,
            std::string given, Draft& draft) {
  CalibrationNote note;
  note.step = finding.step;
  note.rejected = rejected;
  note.option = change.option.substr(0, kLongestReason);
  note.column_family = change.column_family;
  note.code = std::move(finding.code);
  note.message = std::move(finding.message);
  note.asked = change.value.substr(0, kLongestReason);
  note.given = std::move(given);
  draft.notes().push_back(std::move(note));
}

void Refuse(const Wish& wish, Finding finding, Draft& draft) {
  NoteOn(*wish.proposed, std::move(finding), true, "", draft);
}

// Whether anybody, or this proposer, may name the option at all.
bool IsAllowed(const Wish& wish, Draft& draft) {
  const CatalogueRow& row = *wish.row;
  if (row.option_class == OptionClass::kForbidden) {
    Refuse(wish,
           {CalibrationStep::kAllowed, "forbidden_option",
            absl::StrCat(row.name, " is closed to everybody: ", row.why_class)},
           draft);
    return false;
  }
  if (row.option_class == OptionClass::kApproveOnly && !draft.from_operator()) {
    Refuse(wish,
           {CalibrationStep::kAllowed, "approve_only",
            absl::StrCat(row.name,
                         " is for the operator to propose: ", row.why_class)},
           draft);
    return false;
  }
  return true;
}

bool HasFamily(const Draft& draft, absl::string_view name) {
  for (const ColumnFamilyFacts& family :
       draft.context().database->column_families) {
    if (family.name == name) return true;
  }
  return false;
}

// Every key of this option that the database has.
std::vector<OptionKey> KeysInForce(absl::string_view name,
                                   const OptionValues& values) {
  std::vector<OptionKey> keys;
  for (auto it = values.lower_bound(OptionKey{std::string(name), ""});
       it != values.end() && it->first.name == name; ++it) {
    keys.push_back(it->first);
  }
  return keys;
}

// Before 9.8 families made from the same options share one table object.
bool NamesOneOfSharedTables(const Wish& wish, const Draft& draft) {
  return wish.names_family && !draft.context().IsOffline() &&
         draft.context().features->table_options_in_place &&
         draft.context().database->column_families.size() > 1 &&
         wish.row->name.rfind("block_based_table_factory.", 0) == 0;
}

bool FindKeys(Wish& wish, Draft& draft) {
  const std::string& family = wish.proposed->column_family;
  const OptionValues& values = *draft.context().values;
  const OptionKey named{wish.row->name, family};
  wish.names_family = !family.empty();
  if (NamesOneOfSharedTables(wish, draft)) {
    Refuse(wish,
           {CalibrationStep::kAllowed, "table_options_shared",
            absl::StrCat("column families may share ", wish.row->name,
                         " in this RocksDB; propose it for all of them")},
           draft);
    return false;
  }
  if (wish.names_family && !HasFamily(draft, family)) {
    Refuse(wish,
           {CalibrationStep::kAllowed, "unknown_column_family",
            absl::StrCat("there is no column family ", Quoted(family))},
           draft);
    return false;
  }
  if (!wish.names_family) {
    wish.keys = KeysInForce(wish.row->name, values);
  } else if (values.contains(named)) {
    wish.keys = {named};
  } else if (values.contains(OptionKey{wish.row->name, ""})) {
    wish.names_family = false;
    wish.keys = {OptionKey{wish.row->name, ""}};
    NoteOn(*wish.proposed,
           {CalibrationStep::kSpelling, "whole_database",
            absl::StrCat(wish.row->name, " belongs to the whole database")},
           false, wish.proposed->value.substr(0, kLongestReason), draft);
  }
  if (wish.keys.empty()) {
    Refuse(wish,
           {CalibrationStep::kAllowed, "value_unknown",
            absl::StrCat("the value in force of ", wish.row->name,
                         " is not known, so it could not be restored")},
           draft);
    return false;
  }
  return true;
}

bool ReadWish(const ProposedChange& proposed, Draft& draft, Wish& wish) {
  wish.proposed = &proposed;
  SpelledChange spelled = CorrectSpelling(proposed, *draft.context().catalogue);
  if (spelled.row == nullptr) {
    Refuse(wish, {CalibrationStep::kSpelling, spelled.code, spelled.message},
           draft);
    return false;
  }
  wish.row = spelled.row;
  if (!spelled.code.empty()) {
    NoteOn(proposed,
           {CalibrationStep::kSpelling, spelled.code, spelled.message}, false,
           spelled.value.substr(0, kLongestReason), draft);
  }
  if (!IsAllowed(wish, draft) || !FindKeys(wish, draft)) return false;
  absl::StatusOr<std::string> value = ParseValue(spelled.value, *wish.row);
  if (!value.ok()) {
    Refuse(wish,
           {CalibrationStep::kParse, "bad_value",
            std::string(value.status().message())},
           draft);
    return false;
  }
  wish.value = *std::move(value);
  if (wish.value != spelled.value) {
    NoteOn(proposed,
           {CalibrationStep::kParse, "read_value",
            absl::StrCat("read ", Quoted(spelled.value), " as ", wish.value)},
           false, wish.value, draft);
  }
  return true;
}

void AddChanges(const Wish& wish, Draft& draft) {
  for (const OptionKey& key : wish.keys) {
    if (const DraftChange* earlier = draft.Find(key)) {
      // Said for all families after it was said for this one: an exception.
      if (!wish.names_family && wish.keys.size() > 1) continue;
      if (earlier->after == wish.value) continue;
      Refuse(wish,
             {CalibrationStep::kParse, "duplicate_option",
              absl::StrCat(ToString(key), " was proposed before as ",
                           earlier->after, "; the first stands")},
             draft);
      continue;
    }
    DraftChange change;
    change.key = key;
    change.row = wish.row;
    change.before = draft.context().values->at(key);
    change.after = wish.value;
    change.proposed_as = wish.proposed->option.substr(0, kLongestReason);
    change.reason = wish.proposed->reason.substr(0, kLongestReason);
    draft.changes().push_back(std::move(change));
  }
}

}  // namespace

void TakeIn(const Proposal& proposal, Draft& draft) {
  std::vector<Wish> wishes;
  size_t read = 0;
  for (const ProposedChange& proposed : proposal.changes) {
    Wish wish;
    if (++read > kMostWishes) {
      NoteOn(proposed,
             {CalibrationStep::kParse, "too_many_wishes",
              absl::StrCat("only the first ", kMostWishes, " of ",
                           proposal.changes.size(), " changes were read")},
             true, "", draft);
      break;
    }
    if (ReadWish(proposed, draft, wish)) wishes.push_back(std::move(wish));
  }
  // A value for one family is an exception from the value for all of them,
  // whichever came first; otherwise the order of the proposal is kept.
  for (Wish& wish : wishes) {
    if (wish.names_family) continue;
    std::vector<OptionKey> general;
    for (const OptionKey& key : wish.keys) {
      bool excepted = false;
      for (const Wish& other : wishes) {
        excepted = excepted || (other.names_family && other.keys[0] == key);
      }
      if (!excepted) general.push_back(key);
    }
    wish.keys = std::move(general);
  }
  for (const Wish& wish : wishes) AddChanges(wish, draft);
}

}  // namespace rocktune
