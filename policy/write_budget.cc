#include "policy/write_budget.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

namespace rocktune {

int CallsOf(const ChangeSet& change_set, const Catalogue& catalogue) {
  std::set<std::string> scopes;
  for (const Change& change : change_set.changes) {
    const CatalogueRow* row = catalogue.Find(change.key.name);
    if (row != nullptr && row->scope == OptionScope::kLive) continue;
    scopes.insert(change.key.column_family);  // "" = the database
  }
  return static_cast<int>(scopes.size());
}

void WriteBudget::Refill(absl::Time now) {
  if (filled_ != absl::InfinitePast()) {
    left_ += per_hour_ * absl::ToDoubleHours(now - filled_);
    left_ = std::min(left_, per_hour_);
  }
  filled_ = now;
}

int WriteBudget::Left(absl::Time now) {
  Refill(now);
  return static_cast<int>(std::floor(left_));
}

void WriteBudget::Spend(int calls, absl::Time now) {
  Refill(now);
  left_ -= calls;
}

absl::Duration WriteBudget::Wait(int calls, absl::Time now) {
  Refill(now);
  if (left_ >= calls) return absl::ZeroDuration();
  if (calls > per_hour_) return absl::InfiniteDuration();
  return absl::Hours((calls - left_) / per_hour_);
}

}  // namespace rocktune
