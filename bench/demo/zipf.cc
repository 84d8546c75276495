#include "bench/demo/zipf.h"

#include <algorithm>
#include <cmath>

namespace rocktune {
namespace {

double Zeta(uint64_t items, double theta) {
  double sum = 0;
  for (uint64_t i = 1; i <= items; ++i) {
    sum += std::pow(static_cast<double>(i), -theta);
  }
  return sum;
}

// splitmix64's finaliser: a bijection of 64 bits.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace

Zipf::Zipf(uint64_t items, double theta)
    : items_(items),
      theta_(theta),
      alpha_(1 / (1 - theta)),
      zeta_(Zeta(items, theta)),
      eta_((1 - std::pow(2.0 / static_cast<double>(items), 1 - theta)) /
           (1 - Zeta(2, theta) / zeta_)) {}

uint64_t Zipf::Rank(std::mt19937_64& random) const {
  const double u = std::generate_canonical<double, 53>(random);
  const double uz = u * zeta_;
  if (uz < 1) return 0;
  if (uz < 1 + std::pow(0.5, theta_)) return 1;
  const double rank =
      static_cast<double>(items_) * std::pow(eta_ * u - eta_ + 1, alpha_);
  return std::min(static_cast<uint64_t>(rank), items_ - 1);
}

uint64_t Zipf::Scattered(std::mt19937_64& random) const {
  return Mix(Rank(random) + 1) % items_;
}

}  // namespace rocktune
