#include "tests/simulation/weather.h"

#include <cmath>

namespace rocktune::simulation {
namespace {

constexpr double kTwoPi = 6.283185307179586;
// What the kinds of operation have in common of their noise; together with
// what is their own it makes up the whole spread.
constexpr double kCommon = 0.9;
constexpr double kOwn = 0.436;
// How much the shares of the mix move from second to second, over the spread.
constexpr double kMixSpread = 0.8;

}  // namespace

const char* ToString(NoiseKind kind) {
  switch (kind) {
    case NoiseKind::kWhite:
      return "white";
    case NoiseKind::kAutocorrelated:
      return "autocorrelated";
    case NoiseKind::kHeavyTailed:
      return "heavy_tailed";
  }
  return "?";
}

Climate DrawClimate(Random* random) {
  Climate climate;
  climate.noise = static_cast<NoiseKind>(random->Below(3));
  climate.spread = random->Uniform(0.03, 0.07);
  climate.memory = random->Uniform(0.3, 0.9);
  if (random->Chance(0.3)) {
    climate.drift = random->Uniform(0.05, 0.2);
    climate.drift_period_s = random->LogUniform(4 * 3600, 24 * 3600);
  }
  if (random->Chance(0.25)) climate.bursts_per_h = random->Uniform(1, 10);
  if (random->Chance(0.2)) climate.neighbours_per_h = random->Uniform(1, 8);
  return climate;
}

Weather::Weather(const Climate& climate, uint64_t seed)
    : climate_(climate), random_(seed), phase_(random_.Uniform(0, kTwoPi)) {
  state_ = random_.Normal();
}

double Weather::Common() {
  const double normal = random_.Normal();
  switch (climate_.noise) {
    case NoiseKind::kWhite:
      return normal;
    case NoiseKind::kAutocorrelated:
      state_ = climate_.memory * state_ +
               std::sqrt(1 - climate_.memory * climate_.memory) * normal;
      return state_;
    case NoiseKind::kHeavyTailed:
      return random_.HeavyTailed(3);
  }
  return normal;
}

// A stretch of 5 to 60 s in which a factor of up to `most` holds.
double Weather::Episode(double per_h, double most, double* left_s,
                        double* factor) {
  if (per_h <= 0) return 1;
  if (*left_s > 0) {
    *left_s -= 1;
    return *factor;
  }
  if (random_.Chance(per_h / 3600)) {
    *left_s = random_.Uniform(5, 60);
    *factor = random_.Uniform(1.1, most);
  }
  return 1;
}

Sky Weather::Next() {
  Sky sky;
  second_ += 1;
  const double swing =
      climate_.drift *
      std::sin(phase_ + kTwoPi * second_ / climate_.drift_period_s);
  const double common = kCommon * climate_.spread * Common();
  const double neighbour =
      Episode(climate_.neighbours_per_h, 1.5, &neighbour_left_s_, &neighbour_);
  const double burst =
      Episode(climate_.bursts_per_h, 2.5, &burst_left_s_, &burst_);
  for (int kind = 0; kind < kOpKinds; ++kind) {
    if (kind == static_cast<int>(OpKind::kMultiGet)) continue;
    const double own = kOwn * climate_.spread * random_.Normal();
    sky.service[kind] = std::exp(common + own + swing) * neighbour;
    // The tail moves more than the mean.
    sky.p99[kind] = std::exp(1.5 * climate_.spread * random_.Normal());
  }
  sky.writes = std::exp(kMixSpread * climate_.spread * random_.Normal());
  sky.seeks = std::exp(kMixSpread * climate_.spread * random_.Normal());
  sky.arrivals = std::exp(swing + 0.5 * common) * burst;
  return sky;
}

}  // namespace rocktune::simulation
