// Calibration: clean, correct and bound a proposal into a change set that the
// linked RocksDB can safely take, online or at its next Open, with a reason for
// each step.
#ifndef ROCKTUNE_POLICY_CALIBRATION_H_
#define ROCKTUNE_POLICY_CALIBRATION_H_

#include <string>
#include <vector>

#include "policy/catalogue.h"
#include "policy/facts.h"
#include "policy/option.h"
#include "policy/proposal.h"
#include "policy/window.h"

namespace rocktune {

// Where a pin came from, and so how long it lasts.
enum class PinOrigin {
  kOperator,  // over the admin socket; kept in the history
  kConfig,    // from the configuration of this process
  kAdopted,   // somebody else set the value; until detach
};

// An operator's rule: the option keeps `min`..`max` (equal: a fixed value);
// `denied` = may not be touched at all. An empty column family holds for all.
struct Pin {
  std::string option;
  std::string column_family;
  bool denied = false;
  std::string min;  // canonical; empty: no bound
  std::string max;
  PinOrigin origin = PinOrigin::kOperator;
};

// Everything calibration looks at. Pointers must outlive the call; none null.
struct CalibrationContext {
  const Catalogue* catalogue = nullptr;
  const DatabaseFacts* database = nullptr;
  const HostFacts* host = nullptr;
  const RocksdbFeatures* features = nullptr;
  const OptionValues* values = nullptr;  // in force, every catalogue row
  const Window* window = nullptr;        // the latest, for the LSM's shape
  const std::vector<Pin>* pins = nullptr;
  uint64_t memory_budget_bytes = 0;     // of all databases together; 0: none
  uint64_t memory_of_others_bytes = 0;  // committed by the other databases
  int max_changes = 4;                  // distinct options in one change set
  // Offline steps have no limit, and the state of the database, which is new
  // each time, none either. `window` may be empty then.
  TuningSetting setting = TuningSetting::kOnline;
  bool IsOffline() const { return setting == TuningSetting::kOffline; }
};

// `change_set` is empty when nothing usable was left. Changes whose value is
// already in force are dropped (code "unchanged").
struct CalibrationResult {
  ChangeSet change_set;
  std::vector<CalibrationNote> notes;
};

// Never fails: what cannot be used becomes a rejecting note. Every relation
// (relations.h) that the change set touches holds on the merged values (in
// force + change set); one that was broken before and is not touched stays as
// it is. Deterministic; a few hundred microseconds.
CalibrationResult Calibrate(const Proposal& proposal,
                            const CalibrationContext& context);

// Memory the values commit: block and row caches + write buffers x column
// families + table readers, bytes. Shared caches count once; a write buffer
// manager's size caps the write buffers.
uint64_t CommittedMemoryBytes(const CalibrationContext& context,
                              const OptionValues& values);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_CALIBRATION_H_
