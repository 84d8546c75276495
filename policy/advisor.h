// A source of proposals.
#ifndef ROCKTUNE_POLICY_ADVISOR_H_
#define ROCKTUNE_POLICY_ADVISOR_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "policy/calibration.h"
#include "policy/trace_facts.h"
#include "policy/trial.h"
#include "policy/window.h"

namespace rocktune {

// What an advisor may look at. Everything outlives the call only.
struct AdvisorInput {
  CalibrationContext context;         // facts, catalogue, values in force
  absl::Span<const Window> windows;   // recent, oldest first, incumbent's
  absl::Span<const Trial> trials;     // of this database, oldest first
  const TraceFacts* trace = nullptr;  // the latest burst, if any
};

// What an advisor answers: a proposal, or "nothing to change" (converged) with
// the reason.
struct Advice {
  std::optional<Proposal> proposal;
  bool converged = false;
  std::string why;
};

// Advisors that answer at once (the expert). Not thread-safe; used by one
// machine. Deterministic in its inputs and its own past.
class Advisor {
 public:
  virtual ~Advisor() = default;
  virtual Advice Advise(const AdvisorInput& input) = 0;
  // Tells the verdict of a trial this advisor proposed.
  virtual void Learn(const Trial& trial) = 0;
  // The load has changed: what was learnt about directions is void.
  virtual void Forget() = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_ADVISOR_H_
