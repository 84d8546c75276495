#include "policy/hyper_log_log.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace rocktune {
namespace {

// The paper's constant for 128 registers and more.
constexpr double kAlpha = 0.7213 / (1 + 1.079 / HyperLogLog::kRegisters);

}  // namespace

void HyperLogLog::Add(uint64_t hash) {
  const uint64_t index = hash >> (64 - kIndexBits);
  // A one behind the last bit bounds the number of leading zeros.
  const uint64_t rest = hash << kIndexBits | uint64_t{1} << (kIndexBits - 1);
  const auto rank = static_cast<uint8_t>(std::countl_zero(rest) + 1);
  registers_[index] = std::max(registers_[index], rank);
}

double HyperLogLog::Estimate() const {
  double sum = 0;
  int empty = 0;
  for (const uint8_t rank : registers_) {
    sum += std::ldexp(1.0, -rank);
    if (rank == 0) ++empty;
  }
  constexpr double kCount = kRegisters;
  const double raw = kAlpha * kCount * kCount / sum;
  if (raw <= 2.5 * kCount && empty > 0) {
    return kCount * std::log(kCount / empty);
  }
  return raw;
}

}  // namespace rocktune
