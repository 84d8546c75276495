// One readable line per action of the tuning machine.
#ifndef ROCKTUNE_TESTS_POLICY_ACTION_PRINTER_H_
#define ROCKTUNE_TESTS_POLICY_ACTION_PRINTER_H_

#include <string>

#include "policy/machine_io.h"

namespace rocktune {

std::string PrintAction(const Action& action);

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_ACTION_PRINTER_H_
