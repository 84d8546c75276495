// One request carried out: read, set, read back, compare, classify, undo.
#ifndef ROCKTUNE_HOOKS_APPLY_RUN_H_
#define ROCKTUNE_HOOKS_APPLY_RUN_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hooks/applier.h"
#include "hooks/attached_db.h"
#include "hooks/change_plan.h"
#include "policy/apply_report.h"
#include "policy/clock.h"

namespace rocktune {

// How long the current call has been inside RocksDB. Thread-safe.
class CallGauge {
 public:
  explicit CallGauge(const Clock* clock) : clock_(clock) {}

  absl::Time Now() const { return clock_->Now(); }
  absl::Duration InsideFor(absl::Time now) const;

  // Counts for as long as it lives; not to be nested.
  class Inside {
   public:
    explicit Inside(CallGauge* gauge);
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    CallGauge* const gauge_;
  };

 private:
  static constexpr int64_t kOutside = std::numeric_limits<int64_t>::min();
  const Clock* const clock_;
  std::atomic<int64_t> since_ns_{kOutside};
};

// What has to be set again once `jobs` have ended. Only the keys are kept: the
// values are read when the time comes, so that a change the host made
// meanwhile is repeated, not fought.
struct Reapply {
  std::set<OptionKey> keys;
  std::vector<std::shared_ptr<const AttachedDb::Jobs>> jobs;
};

// Used once, on the applier's thread.
class ApplyRun {
 public:
  // All must outlive *this.
  ApplyRun(AttachedDb* db, const ApplyRequest& request, CallGauge* gauge)
      : db_(*db), request_(request), gauge_(gauge) {}

  ApplyReport Run();

  // After Run(): empty keys when no job was in flight.
  Reapply TakeReapply();

 private:
  absl::StatusOr<OptionValues> Read();
  absl::Status CheckStall(const std::vector<ScopeCall>& calls);
  absl::Status Call(const ScopeCall& call);
  absl::Status CallAll(const std::vector<ScopeCall>& calls, bool go_on);
  bool InForce(const ScopeCall& call, const OptionValues& now) const;
  bool Shows(const OptionKey& key, const std::string& asked,
             const OptionValues& now) const;

  ApplyReport Refused(absl::Status status);
  void Classify(absl::Status error);
  void Undo();
  void NoteSideEffects(const OptionValues& now);

  AttachedDb& db_;
  const ApplyRequest& request_;
  CallGauge* const gauge_;
  OptionValues before_;
  ApplyReport report_;
  absl::Status not_persisted_;  // of a call whose values are in force
  Reapply reapply_;
};

// Sets the values now in force of `keys` again, one call per family.
void SetAgain(AttachedDb* db, const std::set<OptionKey>& keys,
              CallGauge* gauge);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_APPLY_RUN_H_
