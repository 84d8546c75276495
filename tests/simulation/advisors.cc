#include "tests/simulation/advisors.h"

#include "absl/strings/str_format.h"

namespace rocktune::simulation {

Advice PlantAdvisor::Advise(const AdvisorInput&) {
  Advice advice;
  if (proposed_) {
    advice.converged = true;
    advice.why = "the planted change was proposed";
    return advice;
  }
  proposed_ = true;
  advice.why = "the planted change";
  advice.proposal = Proposal{ProposalSource::kLlm, "the planted change", {}};
  advice.proposal->changes.push_back({plant_.option, "",
                                      absl::StrFormat("%.0f", plant_.after),
                                      "planted", ""});
  return advice;
}

}  // namespace rocktune::simulation
