// What the operator does not allow, whatever the gain: "get_p99 <= 5ms".
#ifndef ROCKTUNE_POLICY_LIMITS_H_
#define ROCKTUNE_POLICY_LIMITS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "policy/window.h"

namespace rocktune {

// A bound on one measured quantity.
struct Limit {
  std::string quantity;  // a name of LimitQuantities()
  bool at_most = true;   // else at least
  double bound = 0;      // in the quantity's own unit (us, bytes, ratio)
  std::string text;      // as the operator wrote it
};

// QUANTITY <= VALUE or >= VALUE; units us, ms, s, B .. TiB, ops/s or %.
// kInvalidArgument says what was expected and names the nearest quantity.
absl::StatusOr<Limit> ParseLimit(absl::string_view text);
std::vector<std::string> LimitQuantities();

// The quantity of pooled windows; nullopt: cannot be said.
std::optional<double> Measure(const Limit& limit, const Window& pooled);

// One sentence about the first limit that `candidate` breaks and `baseline`
// keeps, or that both break and the candidate by more than 5 %. Else nullopt.
std::optional<std::string> BrokenLimit(const std::vector<Limit>& limits,
                                       const Window& baseline,
                                       const Window& candidate);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_LIMITS_H_
