// Stand-ins for a language model: they know the surface, well, half or too
// well, and answer in a model's words.
#ifndef ROCKTUNE_TESTS_SIMULATION_STAND_INS_H_
#define ROCKTUNE_TESTS_SIMULATION_STAND_INS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "policy/advisor.h"
#include "tests/simulation/worlds.h"

namespace rocktune::simulation {

// Not thread-safe; the same seed and inputs give the same words.
class StandIn {
 public:
  virtual ~StandIn() = default;
  // The text of a reply. `input`: what the question was written from.
  virtual std::string Answer(const AdvisorInput& input) = 0;
};

enum class Skill {
  // Knows what is worth changing and in which direction, and how far within a
  // factor of 4. Says when nothing is left to be gained.
  kCompetent,
  // The same, but each direction is wrong half of the time; changes something
  // half of the time when nothing is left.
  kMediocre,
  // Proposes what does most harm, and nonsense.
  kHostile,
};
const char* ToString(Skill skill);

// `world` must outlive it.
std::unique_ptr<StandIn> MakeStandIn(Skill skill, const World& world,
                                     uint64_t seed);

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_STAND_INS_H_
