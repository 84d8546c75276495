// Runs a story about the tuning machine, told as text, by manual time.
//
// A scenario is a list of steps; each step is one line, then "----", then what
// the machine did, then an empty line. Steps:
//   config mode=auto baseline=5s settle=2s ...
//   start NAME=VALUE ... [unfinished NAME=BEFORE->AFTER] [proven NAME=VALUE]
//   windows N get=PER_WINDOW/MEAN_US[/P99_US] write=... seek=...
//           [nearness=0.95] [stopped] [delayed] [unsettled] [error]
//           [| ...]  after the bar: while the incumbent's values are in force.
//           The turns that a switchback takes meanwhile are applied.
//   advice NAME=VALUE ...   | advice converged WHY
//   offered          the advisor has something new to say
//   recorded ID | recorded error
//   applied [refused|unavailable|partial] [keeps|found NAME=VALUE]
//   read [early] NAME[@FAMILY]=VALUE|gone ...  what somebody else set; early:
//           the reading began before the last call ended
//   command KIND [ARGUMENT ...]
//   another NAME=VALUE      another database sets what it shares with ours
//   trouble WHY | shift (other databases hold the trial) | release
//   detach [restore]
// Lines that begin with '#' and empty lines between steps are kept.
#ifndef ROCKTUNE_TESTS_POLICY_SCENARIO_RUNNER_H_
#define ROCKTUNE_TESTS_POLICY_SCENARIO_RUNNER_H_

#include <string>

#include "absl/strings/string_view.h"

namespace rocktune {

// The scenario with what really happened after each step. A step that cannot
// be understood says so in its place.
std::string RunScenario(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_SCENARIO_RUNNER_H_
