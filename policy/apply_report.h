// What came of one attempt to set values. What *is* decides, not what was
// asked: `values` is read back from the database after the call.
#ifndef ROCKTUNE_POLICY_APPLY_REPORT_H_
#define ROCKTUNE_POLICY_APPLY_REPORT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "policy/option.h"

namespace rocktune {

enum class ApplyOutcome {
  kRefused,              // nothing changed; status says why
  kApplied,              // everything asked is in force
  kAppliedNotPersisted,  // in force, but the OPTIONS file was not written
  kPartialUndone,        // some took, some not; those that took were restored
  kPartial,              // as above, and the restore failed too: freeze
};
absl::string_view ToString(ApplyOutcome outcome);

struct ReadBackValue {
  OptionKey key;
  std::string before;
  std::string asked;
  std::string after;
};

struct ApplyReport {
  ApplyOutcome outcome = ApplyOutcome::kRefused;
  // OK, or the reason. kUnavailable: try again later (writes are delayed or
  // stopped, the watchdog fired). kInvalidArgument: RocksDB refused a value.
  // kFailedPrecondition: the database or column family is gone.
  absl::Status status;
  std::vector<ReadBackValue> values;
  // Values RocksDB cannot restore exactly (bytes_per_sync to 0, ...), with
  // what is in force instead. Not a failure.
  std::vector<ReadBackValue> not_restorable;
  // Values nobody asked for that changed all the same, `asked` = `before`:
  // table options of families that share one table factory (RocksDB <= 9.7),
  // or a change the host made meanwhile. The inverse restores the former.
  std::vector<ReadBackValue> side_effects;
  absl::Duration took;
  // Jobs were in flight during the call and will re-install old options when
  // they end: the applier re-applies then, and only after that
  // Applier::Settled() is true and a trial may measure.
  bool must_reapply = false;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_APPLY_REPORT_H_
