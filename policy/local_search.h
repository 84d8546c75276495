// What is left when no rule applies: single steps of influential options, in
// the directions that helped, smaller after a failure.
#ifndef ROCKTUNE_POLICY_LOCAL_SEARCH_H_
#define ROCKTUNE_POLICY_LOCAL_SEARCH_H_

#include <optional>
#include <string>

#include "policy/expert_memory.h"
#include "policy/expert_rules.h"
#include "policy/expert_view.h"

namespace rocktune {

// One step, and the move under which the memory is to keep it.
struct SearchStep {
  Symptom symptom;
  std::string move;
};

// Pure in its arguments: where the search stands is in `memory`. The direction
// that was kept last goes on first; nullopt when every direction that matters
// under this load has failed or is at its bound.
std::optional<SearchStep> NextSearchStep(const ExpertView& view,
                                         const ExpertMemory& memory);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_LOCAL_SEARCH_H_
