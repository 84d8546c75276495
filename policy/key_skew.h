// KeySkew out of a stream of hashed keys, in fixed memory.
#ifndef ROCKTUNE_POLICY_KEY_SKEW_H_
#define ROCKTUNE_POLICY_KEY_SKEW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "policy/hyper_log_log.h"
#include "policy/space_saving.h"
#include "policy/trace_facts.h"

namespace rocktune {

// The exponent s of count = c / rank^s, fitted by least squares to the
// logarithms of `counts` (descending; ranks 1, 2, 3, ...). The caller gives
// the hot ranks only: sorting makes the noise of the others look like skew.
// Ranks are taken in groups that grow by half, so that the many rare ones do
// not outweigh the frequent ones, until keys were seen less than 10 times. 0
// when fewer than 3 groups are left, and never below 0. Taking every key with
// the same chance leaves the exponent as it is.
double FitZipfExponent(absl::Span<const uint64_t> counts);

// Not thread-safe. 2 MiB, because the exponent needs more than the very hottest
// keys; allocates in the constructor only. The exponent is fitted to the
// hottest tenth of the keys by their guaranteed counts.
class KeySketch {
 public:
  KeySketch();

  void Add(uint64_t hash);
  uint64_t added() const { return counts_.added(); }

  // Of keys sampled with the chance `key_ratio` (0 .. 1], of which `added()`
  // uses were seen and `expected` (0 = unknown) were to be expected: what is
  // missing went to hot keys that are not in the sample, or the other way
  // round (the correction of Waldspurger et al., 2015, for SHARDS). nullopt
  // below 100 uses. The working set is not known here.
  std::optional<KeySkew> Skew(double key_ratio, double expected) const;

 private:
  HyperLogLog distinct_;
  SpaceSaving counts_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_KEY_SKEW_H_
