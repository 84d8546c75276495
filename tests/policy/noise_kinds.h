// Noises that tell a good test of a trial from a bad one: log scale, seeded.
#ifndef ROCKTUNE_TESTS_POLICY_NOISE_KINDS_H_
#define ROCKTUNE_TESTS_POLICY_NOISE_KINDS_H_

#include <cmath>
#include <cstdint>
#include <random>

namespace rocktune {

// A window has a standard deviation of `spread`; walk and wave come on top.
struct NoiseKind {
  const char* name;
  double memory = 0;   // correlation of neighbours
  double degrees = 0;  // of Student's t; 0: normal
  double walk = 0;     // step of a random walk, as a part of spread
  double wave = 0;     // amplitude of a sine, log scale
  double period = 0;   // of the sine, windows
};

inline constexpr NoiseKind kWhite = {"white"};
inline constexpr NoiseKind kCorrelated = {"AR(1) 0.8", 0.8};
inline constexpr NoiseKind kHeavy = {"Student t with 3 degrees", 0, 3};
inline constexpr NoiseKind kHeavier = {"Student t with 2 degrees", 0, 2};
inline constexpr NoiseKind kWandering = {"random walk", 0, 0, 0.3};
inline constexpr NoiseKind kHourly = {"sine of an hour", 0, 0, 0, 0.2, 3600};

// The log noise of one window after the other.
class NoiseOf {
 public:
  NoiseOf(const NoiseKind& kind, double spread, uint32_t seed)
      : kind_(kind), spread_(spread), random_(seed) {
    remembered_ = normal_(random_);
    phase_ = std::uniform_real_distribution<double>(0, 6.2832)(random_);
  }
  double Next() {
    const double fresh = normal_(random_);
    remembered_ = kind_.memory * remembered_ +
                  std::sqrt(1 - kind_.memory * kind_.memory) * fresh;
    double x = remembered_;
    if (kind_.degrees > 0) {
      std::chi_squared_distribution<double> chi(kind_.degrees);
      x /= std::sqrt(chi(random_) / kind_.degrees);
      if (kind_.degrees > 2)
        x /= std::sqrt(kind_.degrees / (kind_.degrees - 2));
    }
    if (kind_.walk > 0) walked_ += kind_.walk * spread_ * normal_(random_);
    double wave = 0;
    if (kind_.period > 0) {
      wave = kind_.wave * std::sin(phase_ + 6.2832 * at_++ / kind_.period);
    }
    return spread_ * x + walked_ + wave;
  }
  bool Coin() { return (random_() & 1) != 0; }

 private:
  NoiseKind kind_;
  double spread_;
  std::mt19937 random_;
  std::normal_distribution<double> normal_;
  double remembered_ = 0;
  double walked_ = 0;
  double phase_ = 0;
  double at_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_NOISE_KINDS_H_
