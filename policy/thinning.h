// Which options of a kept bundle carry its gain.
#ifndef ROCKTUNE_POLICY_THINNING_H_
#define ROCKTUNE_POLICY_THINNING_H_

#include <optional>

#include "policy/option.h"
#include "policy/proposal.h"
#include "policy/trial.h"

namespace rocktune {

class BundleThinning {
 public:
  void Kept(const Trial&) {}
  std::optional<Proposal> Next(const OptionValues&) { return std::nullopt; }
  void Learn(const Trial&) {}
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_THINNING_H_
