// The table of what may be changed, made at run time from the linked RocksDB.
#ifndef ROCKTUNE_POLICY_CATALOGUE_H_
#define ROCKTUNE_POLICY_CATALOGUE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "policy/option.h"

namespace rocktune {

enum class OptionType {
  kBool,
  kInt,   // signed, at most 64 bits
  kUint,  // unsigned, at most 64 bits
  kDouble,
  kEnum,    // one word of `enum_values`
  kList,    // "a:b:c"
  kStruct,  // "{a=1;b=2}"
  kString,
};

// When options are changed: in an open database, or before it is opened, where
// a restart is free, nothing has to be undone and immutable options count.
enum class TuningSetting { kOnline, kOffline };

// What a change of the option does, and so how it may be tried.
enum class OptionClass {
  kInstant,       // takes effect at once, is undone at once
  kWarming,       // takes effect over minutes (cache capacity)
  kChangesFiles,  // shapes new files; undoing stops, but does not rewrite
  kApproveOnly,   // an operator may propose it; an advisor never may
  kForbidden,     // durability, checks, semantics, or cannot be taken back
};

enum class OptionUnit {
  kNone,
  kBytes,
  kBytesPerSecond,
  kMicroseconds,
  kSeconds,
  kCount,
  kRatio,
};

// One option that the linked RocksDB can change online. `min` and `max` are
// inclusive and already hold what this host's facts allow; they are
// meaningful for numbers only. -1 ("no limit" in RocksDB) is allowed where
// `allows_minus_one` says so, and 0 ("off") where `allows_zero` does, whatever
// `min` is.
struct CatalogueRow {
  std::string name;
  OptionScope scope = OptionScope::kColumnFamily;
  OptionType type = OptionType::kString;
  OptionClass option_class = OptionClass::kApproveOnly;
  OptionUnit unit = OptionUnit::kNone;
  double min = 0;
  double max = 0;
  bool allows_minus_one = false;
  bool allows_zero = false;
  // The largest factor one change may multiply or divide a value by (>= 1).
  // 0: no limit on a step.
  double max_step_factor = 0;
  // A growing cache is bounded by the memory budget, not by its steps: each
  // step on the way would have to warm up, and be measured, by itself.
  bool LimitsStepsUp() const { return option_class != OptionClass::kWarming; }
  std::vector<std::string> enum_values;  // kEnum: what is linked in
  std::string default_value;             // of the linked RocksDB, canonical
  std::string meaning;                   // one line; empty: unknown to us
  std::string why_class;                 // why forbidden or approve-only
};

// Immutable after construction; safe to read from any thread.
class Catalogue {
 public:
  Catalogue() = default;
  explicit Catalogue(std::vector<CatalogueRow> rows);  // sorts by name

  // Null when there is no such option. The row lives as long as *this.
  const CatalogueRow* Find(absl::string_view name) const;
  const std::vector<CatalogueRow>& rows() const { return rows_; }

  // The known name nearest to `name` by edit distance, or empty when nothing
  // is near. For error messages.
  std::string Nearest(absl::string_view name) const;

 private:
  std::vector<CatalogueRow> rows_;
};

absl::string_view ToString(OptionScope scope);
absl::string_view ToString(OptionClass option_class);
absl::string_view ToString(OptionType type);
absl::string_view ToString(OptionUnit unit);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_CATALOGUE_H_
