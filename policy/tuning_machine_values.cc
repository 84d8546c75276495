// What others change, as the values read back show it.
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "policy/tuning_machine.h"

namespace rocktune {
namespace {

// A rate limiter may tune itself, and RocksDB does not say whether it does.
constexpr absl::string_view kTunesItself = "rate_limiter.bytes_per_second";

bool Touches(const Trial& trial, const OptionKey& key) {
  return absl::c_any_of(trial.change_set.changes, [&key](const Change& change) {
    return change.key == key;
  });
}

// The one block cache of all families goes by no family; once a family with a
// cache of its own comes it goes by the first, "default", and back. What is
// known of it goes along, or the value in force would pass for that at attach.
OptionKey OtherName(const OptionKey& key) {
  return {key.name, key.column_family.empty() ? "default" : ""};
}

void FollowRenamed(const OptionValues& now, OptionValues* known) {
  OptionValues renamed;
  for (const auto& [key, value] : *known) {
    const OptionKey other = OtherName(key);
    if (now.contains(key) || !now.contains(other)) continue;
    if (key.column_family.empty() || key.column_family == "default") {
      renamed.emplace(other, value);
    }
  }
  known->insert(renamed.begin(), renamed.end());
}

}  // namespace

OptionKey TuningMachine::KnownAs(const OptionKey& key) const {
  const bool renamed =
      !values_.contains(key) &&
      (key.column_family.empty() || key.column_family == "default") &&
      values_.contains(OtherName(key));
  return renamed ? OtherName(key) : key;
}

void TuningMachine::Handle(const event::ValuesRead& event) {
  if (applying_ || event.epoch != epoch_) return;  // older than our last set
  for (OptionValues* known : {&values_, &proven_, &at_attach_}) {
    FollowRenamed(event.values, known);
    for (auto it = known->begin(); it != known->end();) {
      it = event.values.contains(it->first) ? std::next(it) : known->erase(it);
    }
    for (const auto& [key, value] : event.values) known->emplace(key, value);
  }
  std::vector<OptionKey> changed;
  for (const auto& [key, value] : event.values) {
    if (values_[key] == value) continue;
    if (process_->SetByAnother(facts_.database.name, key.name, value)) {
      FollowShared(key, value);
    } else {
      changed.push_back(key);
    }
  }
  for (const OptionKey& key : changed) {
    AdoptForeignChange(key, event.values.at(key));
  }
  if (trial_) {
    for (const Change& change : trial_->change_set.changes) {
      if (values_.contains(KnownAs(change.key))) continue;
      AbortTrial({.why = absl::StrCat(ToString(change.key),
                                      " is gone with its column family")});
      return;
    }
  }
  auto spoils = absl::c_find_if(changed, [this](const OptionKey& key) {
    return trial_ && (key.name != kTunesItself || Touches(*trial_, key));
  });
  if (spoils != changed.end()) {
    AbortTrial({.why = absl::StrCat(ToString(*spoils),
                                    " was changed by somebody else")});
  }
}

void TuningMachine::AnnounceLive(const ChangeSet& change_set) {
  for (const Change& change : change_set.changes) {
    const CatalogueRow* row = facts_.catalogue.Find(change.key.name);
    if (row == nullptr || row->scope != OptionScope::kLive) continue;
    process_->SetLive(facts_.database.name, change.key.name, change.after);
  }
}

// Another database of the process has an object in common with ours and tries
// or rolls back something: it decides, and the value at attach stays known.
void TuningMachine::FollowShared(const OptionKey& key,
                                 const std::string& value) {
  Say("shared",
      absl::StrCat(ToString(key), " was changed from ", values_[key], " to ",
                   value, " through another database that shares it"));
  values_[key] = proven_[key] = value;
  if (!trial_) return;
  std::erase_if(trial_->inverse.changes,
                [&key](const Change& change) { return change.key == key; });
  AbortTrial({.why = absl::StrCat(ToString(key),
                                  " was changed through another database")});
}

void TuningMachine::AdoptForeignChange(const OptionKey& key,
                                       const std::string& value) {
  const bool again = std::erase_if(pins_, [&key](const Pin& pin) {
    return pin.origin == PinOrigin::kAdopted && pin.option == key.name &&
           pin.column_family == key.column_family;
  });
  if (!again || key.name != kTunesItself) {
    Say("foreign",
        absl::StrCat(ToString(key), " was changed from ", values_[key], " to ",
                     value, " by somebody else: adopted and pinned"));
  }
  values_[key] = proven_[key] = at_attach_[key] = value;
  pins_.push_back({key.name, key.column_family, /*denied=*/false, value, value,
                   PinOrigin::kAdopted});
  // What is not ours is not ours to undo.
  auto drop = [&key](ChangeSet* change_set) {
    std::erase_if(change_set->changes,
                  [&key](const Change& change) { return change.key == key; });
  };
  if (trial_) drop(&trial_->inverse);
  if (restore_) drop(&restore_->change_set);
  for (Trial& trial : kept_) drop(&trial.inverse);
}

// The host may have set an option between our last read and the call. What the
// applier found then is what a rollback must bring back. True when an option
// of the trial was overtaken so.
bool TuningMachine::CorrectInverse(const ApplyReport& report) {
  bool overtaken = false;
  for (const ReadBackValue& value : report.values) {
    auto sent = absl::c_find_if(sent_.changes, [&](const Change& change) {
      return change.key == value.key;
    });
    if (sent == sent_.changes.end() || sent->before == value.before) continue;
    for (Change& change : trial_->inverse.changes) {
      if (change.key == value.key) change.after = value.before;
    }
    if (abort_after_apply_ && !abort_after_apply_->target) {
      abort_after_apply_->change_set = trial_->inverse;
    }
    proven_[value.key] = at_attach_[value.key] = value.before;
    overtaken |= value.key.name != kTunesItself;
  }
  return overtaken;
}

}  // namespace rocktune
