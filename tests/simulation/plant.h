// A change whose true effect is known exactly: on top of the surface all
// service times are multiplied by a factor that depends on one option alone.
#ifndef ROCKTUNE_TESTS_SIMULATION_PLANT_H_
#define ROCKTUNE_TESTS_SIMULATION_PLANT_H_

#include <string>

#include "policy/catalogue.h"
#include "tests/simulation/random.h"

namespace rocktune::simulation {

struct Plant {
  OptionClass option_class = OptionClass::kInstant;
  std::string option;
  double before = 0;
  double after = 0;
  // Relative improvement of the service time at `after`: +0.10 = 10 % less.
  double effect = 0;
  // The effect comes as 1 - exp(-t / tau). Undoing a warming option is at
  // once, undoing one that changes files takes as long again.
  double tau_s = 0;
};

// A plant of the class: an option, a step and a speed at random.
Plant DrawPlant(OptionClass option_class, double effect, Random* random);

// 60 % instant, 20 % warming, 20 % files.
OptionClass DrawClass(Random* random);

// Not thread-safe.
class PlantedEffect {
 public:
  explicit PlantedEffect(const Plant& plant) : plant_(plant) {}

  const Plant& plant() const { return plant_; }
  void Set(double value);
  // The factor of the next second.
  double Next();
  // How much of the way to the value in force is gone, 0 .. 1.
  double progress() const { return target_ == 0 ? 1 : now_ / target_; }
  // What is in place of the value, e.g. how full the cache is; in its unit.
  double reached() const;

 private:
  const Plant plant_;
  double target_ = 0;  // 0 = before, 1 = after; steps between by the log
  double now_ = 0;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_PLANT_H_
