// Whether both arms of a trial had the same load.
#ifndef ROCKTUNE_POLICY_ARMS_LOAD_H_
#define ROCKTUNE_POLICY_ARMS_LOAD_H_

#include <optional>
#include <string>

#include "absl/types/span.h"
#include "policy/window.h"

namespace rocktune {

// What moved between the arms and is not explained by the candidate being
// faster or slower (a closed loop that is served faster asks for more, and a
// kind that got faster comes more often). nullopt: the same load.
std::optional<std::string> LoadMoved(absl::Span<const Window> baseline,
                                     absl::Span<const Window> candidate);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_ARMS_LOAD_H_
