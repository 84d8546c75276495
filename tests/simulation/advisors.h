// Advisors of episodes, beside the real expert: planted, random, bad.
#ifndef ROCKTUNE_TESTS_SIMULATION_ADVISORS_H_
#define ROCKTUNE_TESTS_SIMULATION_ADVISORS_H_

#include <cstdint>

#include "policy/advisor.h"
#include "tests/simulation/plant.h"

namespace rocktune::simulation {

// Proposes the planted change once, from a given window on; has nothing more
// to say afterwards.
class PlantAdvisor : public Advisor {
 public:
  PlantAdvisor(const Plant& plant, uint64_t from_window)
      : plant_(plant), from_window_(from_window) {}

  Advice Advise(const AdvisorInput& input) override;
  void Learn(const Trial&) override {}
  void Forget() override {}

 private:
  const Plant plant_;
  const uint64_t from_window_;
  bool proposed_ = false;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_ADVISORS_H_
