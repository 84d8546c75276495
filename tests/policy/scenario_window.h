// The windows of a story, told as text.
#ifndef ROCKTUNE_TESTS_POLICY_SCENARIO_WINDOW_H_
#define ROCKTUNE_TESTS_POLICY_SCENARIO_WINDOW_H_

#include <string>
#include <vector>

#include "policy/machine_io.h"

namespace rocktune {

// One second of the load that `words` describe; see scenario_runner.h.
event::WindowClosed WindowOf(const std::vector<std::string>& words);

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_SCENARIO_WINDOW_H_
