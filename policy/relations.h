// What must hold between options, and between an option and the state the
// database is in. RocksDB sanitises these at Open only: a change online that
// breaks one aborts the host, stops its writes for ever, or never ends.
#ifndef ROCKTUNE_POLICY_RELATIONS_H_
#define ROCKTUNE_POLICY_RELATIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "policy/calibration_draft.h"

namespace rocktune {

// What one relation looks at: the merged values of one column family.
struct Situation {
  const Draft* draft = nullptr;
  const ColumnFamilyFacts* family = nullptr;
  const ColumnFamilyShape* shape = nullptr;  // null: not known

  // Merged and in force; an option of the whole database where the family has
  // no such option of its own. nullopt: the database has no such option.
  std::optional<double> Now(absl::string_view name) const;
  std::optional<double> Before(absl::string_view name) const;
  // The merged text; "" where there is no such option.
  std::string Text(absl::string_view name) const;
  bool IsLowered(absl::string_view name) const;
  bool IsChanged(absl::string_view name) const;
};

// How a relation is broken, and the value that would mend it.
struct Breach {
  std::string message;
  std::string option;  // to set; empty: nothing mends it
  double value = 0;
  std::string word;  // in the place of `value`, where the option is no number
};

// `check` is asked when the change set touches one of `options`.
struct Relation {
  absl::string_view code;         // of the rejection
  absl::string_view repair_code;  // of the correction
  std::vector<absl::string_view> options;
  std::optional<Breach> (*check)(const Situation&);
  // About what waits in an open database; offline it is a new one each time.
  bool only_online = false;
};

// Relations between option values.
const std::vector<Relation>& ValueRelations();
// Relations with what the database holds, does and is.
const std::vector<Relation>& StateRelations();
// Relations of options that only Open takes: RocksDB refuses to open, or
// quietly opens with something else. Checked offline.
const std::vector<Relation>& OfflineRelations();

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_RELATIONS_H_
