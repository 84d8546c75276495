// The steps of calibration, in the order Calibrate() takes them. Each works on
// the living changes of a draft and leaves a note for everything it does.
#ifndef ROCKTUNE_POLICY_CALIBRATION_STEPS_H_
#define ROCKTUNE_POLICY_CALIBRATION_STEPS_H_

#include "policy/calibration_draft.h"
#include "policy/proposal.h"

namespace rocktune {

// Spelling, permission, column families, value: one draft change for each
// option and family that the proposal names and may name.
void TakeIn(const Proposal& proposal, Draft& draft);

// Bounds of the catalogue.
void LimitRange(Draft& draft);

// How far one change set may go from the values in force.
void LimitStep(Draft& draft);

// What RocksDB checks at Open only. With `may_repair` false, a change that
// breaks a relation is rejected, never corrected.
void KeepRelations(Draft& draft, bool may_repair);

// Memory of all databases; caches give way first.
void FitMemoryBudget(Draft& draft);

// Pins and denials. With `may_correct` false nothing is moved into a pin's
// range, only rejected.
void ObeyOperator(Draft& draft, bool may_correct);

// At most max_changes distinct options, the first ones.
void LimitBundle(Draft& draft);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_CALIBRATION_STEPS_H_
