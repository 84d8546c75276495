// How stand-ins for a model put their wishes into words: as people's models
// do, mistakes included.
#ifndef ROCKTUNE_TESTS_SIMULATION_STAND_IN_REPLIES_H_
#define ROCKTUNE_TESTS_SIMULATION_STAND_IN_REPLIES_H_

#include <string>
#include <vector>

#include "policy/proposal.h"
#include "tests/simulation/random.h"

namespace rocktune::simulation {

// Half of the replies are strict JSON; others are fenced, follow thinking, or
// are a list. One in five names an option that does not exist, one in seven
// gives a size in MiB and forgets to say so. No changes: "nothing to change".
std::string WriteReply(const std::vector<ProposedChange>& changes,
                       Random* random);

// What no parser or calibration may take: unknown, forbidden and boundless
// values, contradictions, prompts of its own, broken JSON, no answer at all.
std::string WriteNonsense(Random* random);

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_STAND_IN_REPLIES_H_
