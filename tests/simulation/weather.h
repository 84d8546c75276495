// What the host and its neighbours do to the store's times, whatever the
// options: noise, drift, bursts.
#ifndef ROCKTUNE_TESTS_SIMULATION_WEATHER_H_
#define ROCKTUNE_TESTS_SIMULATION_WEATHER_H_

#include <array>

#include "policy/window.h"
#include "tests/simulation/random.h"

namespace rocktune::simulation {

enum class NoiseKind { kWhite, kAutocorrelated, kHeavyTailed };
const char* ToString(NoiseKind kind);

struct Climate {
  NoiseKind noise = NoiseKind::kWhite;
  // Standard deviation of the log of a window's service time, without drift,
  // bursts and neighbours.
  double spread = 0.05;
  double memory = 0.7;  // kAutocorrelated: correlation of neighbouring windows
  // Slow swing of the service times (log, half the range) and of the offered
  // load, as day and night make it.
  double drift = 0;
  double drift_period_s = 3600;
  double bursts_per_h = 0;      // the offered load grows for 5 .. 60 s
  double neighbours_per_h = 0;  // others take the machine for 5 .. 60 s
};

// A climate at random: each kind of noise with 3 to 7 % spread, often with
// drift, bursts or neighbours.
Climate DrawClimate(Random* random);

// Factors of one second.
struct Sky {
  std::array<double, kOpKinds> service{1, 1, 1, 1};
  std::array<double, kOpKinds> p99{1, 1, 1, 1};
  double arrivals = 1;
  double writes = 1;  // on the share of the operations
  double seeks = 1;
};

// The weather of every second in turn; it does not depend on what is asked of
// the store, so that two runs with one seed have the same. Not thread-safe.
class Weather {
 public:
  Weather(const Climate& climate, uint64_t seed);
  Sky Next();

 private:
  double Common();
  double Episode(double per_h, double most, double* left_s, double* factor);

  Climate climate_;
  Random random_;
  double second_ = 0;
  double phase_;
  double state_ = 0;  // of the autocorrelated noise
  double burst_left_s_ = 0, burst_ = 1;
  double neighbour_left_s_ = 0, neighbour_ = 1;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_WEATHER_H_
