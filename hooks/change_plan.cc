#include "hooks/change_plan.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "hooks/live_objects.h"
#include "hooks/option_text.h"

namespace rocktune {
namespace {

// RocksDB's own name of the family that every database has.
constexpr char kDefaultFamily[] = "default";

bool SameStruct(const std::string& asked, const std::string& is) {
  if (asked.size() < 2 || is.size() < 2 || asked.front() != '{' ||
      is.front() != '{') {
    return false;
  }
  const OptionText shown = SplitMembers(is.substr(1, is.size() - 2));
  for (const auto& [name, value] :
       SplitMembers(asked.substr(1, asked.size() - 2))) {
    auto it = shown.find(name);
    if (it == shown.end() || it->second != CanonicalText(value)) return false;
  }
  return true;
}

bool SameNumber(const std::string& asked, const std::string& is) {
  double a = 0;
  double b = 0;
  if (!absl::SimpleAtod(asked, &a) || !absl::SimpleAtod(is, &b)) return false;
  return a == b || (a != a && b != b);  // a value that is no number is one too
}

ScopeCall& CallFor(OptionScope scope, const std::string& column_family,
                   std::vector<ScopeCall>& calls) {
  auto it = std::find_if(calls.begin(), calls.end(), [&](const ScopeCall& c) {
    return c.scope == scope && c.column_family == column_family;
  });
  if (it != calls.end()) return *it;
  calls.push_back({scope, column_family, {}});
  return calls.back();
}

// The last change of each key, at the place of the first.
std::vector<const Change*> LastOfEachKey(const ChangeSet& change_set) {
  std::vector<const Change*> order;
  absl::btree_map<OptionKey, size_t> place;
  for (const Change& change : change_set.changes) {
    auto [it, added] = place.try_emplace(change.key, order.size());
    if (added) {
      order.push_back(&change);
    } else {
      order[it->second] = &change;
    }
  }
  return order;
}

}  // namespace

bool SameValue(OptionType type, const std::string& asked,
               const std::string& is) {
  if (asked == is) return true;
  switch (type) {
    case OptionType::kDouble:
      return SameNumber(asked, is);
    case OptionType::kStruct:
      return SameStruct(asked, is);
    default:
      return false;
  }
}

OptionValues::const_iterator FindValue(const OptionValues& values,
                                       const OptionKey& key) {
  auto it = values.find(key);
  if (it != values.end() || key.name != kBlockCacheCapacity) return it;
  // "" is the cache of all families while there is one; once a family with
  // its own comes, the same cache goes by its first family, and back.
  it = values.find({key.name, key.column_family.empty() ? kDefaultFamily : ""});
  if (key.column_family.empty() || key.column_family == kDefaultFamily) {
    return it;
  }
  return values.end();
}

bool CannotBeSet(const OptionKey& key, const std::string& value) {
  // With the first effective SetDBOptions it becomes 1 MiB, for good.
  return key.name == "bytes_per_sync" && value == "0";
}

absl::StatusOr<ChangePlan> PlanChanges(const ChangeSet& change_set,
                                       const Catalogue& catalogue,
                                       const OptionValues& now) {
  ChangePlan plan;
  for (const Change* change : LastOfEachKey(change_set)) {
    const OptionKey& key = change->key;
    const CatalogueRow* row = catalogue.Find(key.name);
    if (row == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(key.name, ": RocksDB has no such mutable option"));
    }
    auto it = FindValue(now, key);
    if (it == now.end()) {
      plan.gone.push_back(key);
      continue;
    }
    const ReadBackValue value{key, it->second, change->after, it->second};
    if (SameValue(row->type, change->after, it->second)) {
      plan.values.push_back(value);
    } else if (CannotBeSet(key, change->after)) {
      plan.not_restorable.push_back(value);
    } else {
      plan.values.push_back(value);
      CallFor(row->scope, it->first.column_family, plan.calls)
          .values[key.name] = change->after;
    }
  }
  return plan;
}

}  // namespace rocktune
