// Advisors of episodes, beside the real expert: planted, random, bad.
#ifndef ROCKTUNE_TESTS_SIMULATION_ADVISORS_H_
#define ROCKTUNE_TESTS_SIMULATION_ADVISORS_H_

#include "policy/advisor.h"
#include "tests/simulation/plant.h"

namespace rocktune::simulation {

// Proposes the planted change once and has nothing more to say afterwards.
class PlantAdvisor : public Advisor {
 public:
  explicit PlantAdvisor(const Plant& plant) : plant_(plant) {}

  Advice Advise(const AdvisorInput& input) override;
  void Learn(const Trial&) override {}
  void Forget() override {}

 private:
  const Plant plant_;
  bool proposed_ = false;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_ADVISORS_H_
