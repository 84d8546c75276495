// How many option calls may still be made: every one rewrites the OPTIONS
// file, and on older RocksDB stops all writers meanwhile.
#ifndef ROCKTUNE_POLICY_WRITE_BUDGET_H_
#define ROCKTUNE_POLICY_WRITE_BUDGET_H_

#include "absl/time/time.h"
#include "policy/catalogue.h"
#include "policy/proposal.h"

namespace rocktune {

// Option calls that setting `change_set` takes: one for the database, one for
// each column family. Live objects are free: no file is written for them.
int CallsOf(const ChangeSet& change_set, const Catalogue& catalogue);

// A token bucket: holds an hour's worth at most, refills evenly. Rollbacks
// spend too, and may overdraw it: nothing ever waits with a rollback. Not
// thread-safe.
class WriteBudget {
 public:
  explicit WriteBudget(int calls_per_hour)
      : per_hour_(calls_per_hour), left_(calls_per_hour) {}

  int Left(absl::Time now);
  void Spend(int calls, absl::Time now);
  // Until `calls` are left; infinite when the bucket never holds so many.
  absl::Duration Wait(int calls, absl::Time now);

 private:
  void Refill(absl::Time now);

  double per_hour_;
  double left_;
  absl::Time filled_ = absl::InfinitePast();
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_WRITE_BUDGET_H_
