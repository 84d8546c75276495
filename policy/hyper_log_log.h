// How many distinct things there were, from their hashes, in 4 KiB.
// HyperLogLog: Flajolet, Fusy, Gandouet and Meunier, 2007.
#ifndef ROCKTUNE_POLICY_HYPER_LOG_LOG_H_
#define ROCKTUNE_POLICY_HYPER_LOG_LOG_H_

#include <array>
#include <cstdint>

namespace rocktune {

// Allocates nothing. Not thread-safe. The relative standard error is
// 1.04 / sqrt(kRegisters): 1.6 %. Hashes must be uniform in all 64 bits.
class HyperLogLog {
 public:
  static constexpr int kIndexBits = 12;
  static constexpr int kRegisters = 1 << kIndexBits;

  void Add(uint64_t hash);

  // 0 when nothing was added. With 64 bit hashes only the correction for
  // small numbers of the paper (linear counting) is needed.
  double Estimate() const;

 private:
  std::array<uint8_t, kRegisters> registers_{};
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_HYPER_LOG_LOG_H_
