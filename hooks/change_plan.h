// What setting a change set takes: which calls, with which values, and what no
// call can bring about. Pure.
#ifndef ROCKTUNE_HOOKS_CHANGE_PLAN_H_
#define ROCKTUNE_HOOKS_CHANGE_PLAN_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "policy/apply_report.h"
#include "policy/catalogue.h"
#include "policy/option.h"
#include "policy/proposal.h"

namespace rocktune {

// Everything that differs in one scope: one call of AttachedDb::Set.
struct ScopeCall {
  OptionScope scope = OptionScope::kDb;
  std::string column_family;
  std::map<std::string, std::string> values;  // by option name
};

struct ChangePlan {
  // In the order in which the change set first names each scope.
  std::vector<ScopeCall> calls;
  // One row for each key of the change set; `before` is in force now.
  std::vector<ReadBackValue> values;
  // Keys no call can set; what is in force stays.
  std::vector<ReadBackValue> not_restorable;
  // Keys that are gone with their column family.
  std::vector<OptionKey> gone;
};

// Plans `change_set` over `now`, the values in force. Unchanged values need no
// call. The last of several changes of one key counts.
// kInvalidArgument: an option that is not on the catalogue.
absl::StatusOr<ChangePlan> PlanChanges(const ChangeSet& change_set,
                                       const Catalogue& catalogue,
                                       const OptionValues& now);

// Whether `is` is what RocksDB shows after `asked` was taken. Doubles compare
// as numbers; a struct may name only some of its members.
bool SameValue(OptionType type, const std::string& asked,
               const std::string& is);

// The entry of `key` in `values`, also when the key of a block cache changed
// because families were added or dropped since. end() when there is none.
OptionValues::const_iterator FindValue(const OptionValues& values,
                                       const OptionKey& key);

// True for values RocksDB never goes back to: bytes_per_sync = 0.
bool CannotBeSet(const OptionKey& key, const std::string& value);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_CHANGE_PLAN_H_
