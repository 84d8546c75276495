// Whether both arms of a trial had the same load.
#ifndef ROCKTUNE_POLICY_ARMS_LOAD_H_
#define ROCKTUNE_POLICY_ARMS_LOAD_H_

#include <optional>
#include <string>

#include "absl/types/span.h"
#include "policy/trace_facts.h"
#include "policy/window.h"

namespace rocktune {

// One arm: its windows, and a burst of tracing from its time, if there is one.
struct ArmLoad {
  absl::Span<const Window> windows;
  std::optional<TraceFacts> trace;
};

// What moved between the arms and is not explained by the candidate being
// faster or slower (a closed loop that is served faster asks for more, and a
// kind that got faster comes more often). nullopt: the same load.
std::optional<std::string> LoadMoved(const ArmLoad& baseline,
                                     const ArmLoad& candidate);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_ARMS_LOAD_H_
