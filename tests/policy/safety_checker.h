// What no value set may ever be, said a second time and apart from the code
// that calibrates: taken from measured crashes, hangs and losses of RocksDB.
#ifndef ROCKTUNE_TESTS_POLICY_SAFETY_CHECKER_H_
#define ROCKTUNE_TESTS_POLICY_SAFETY_CHECKER_H_

#include <string>
#include <vector>

#include "policy/calibration.h"
#include "policy/proposal.h"

namespace rocktune {

// One line for each danger in `values` that the change set put there or had
// the chance to leave alone. Only what the change set touches is judged.
std::vector<std::string> DangersOf(const ChangeSet& change_set,
                                   const CalibrationContext& context,
                                   ProposalSource source);

// The values in force with the change set over them.
OptionValues Merge(const ChangeSet& change_set, const OptionValues& values);

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_SAFETY_CHECKER_H_
