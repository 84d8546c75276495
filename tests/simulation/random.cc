#include "tests/simulation/random.h"

#include <bit>
#include <cmath>

namespace rocktune::simulation {
namespace {

uint64_t SplitMix(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

constexpr double kTwoPi = 6.283185307179586;

}  // namespace

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = SplitMix(&seed);
}

uint64_t Random::Bits() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::Uniform() {
  return static_cast<double>(Bits() >> 11) * 0x1.0p-53;
}

double Random::Uniform(double low, double high) {
  return low + (high - low) * Uniform();
}

double Random::LogUniform(double low, double high) {
  return low * std::exp(std::log(high / low) * Uniform());
}

uint64_t Random::Below(uint64_t n) { return Bits() % n; }

bool Random::Chance(double probability) { return Uniform() < probability; }

double Random::Normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2 * std::log(1 - Uniform()));
  const double angle = kTwoPi * Uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

double Random::Exponential(double mean) {
  return -mean * std::log(1 - Uniform());
}

double Random::HeavyTailed(int degrees) {
  const double top = Normal();
  double squares = 0;
  for (int i = 0; i < degrees; ++i) {
    const double normal = Normal();
    squares += normal * normal;
  }
  return top * std::sqrt((degrees - 2) / squares);
}

}  // namespace rocktune::simulation
