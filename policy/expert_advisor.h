// The built-in advisor: rules from RocksDB's tuning guide, then a local
// search in the directions that helped. Needs no model and no network.
#ifndef ROCKTUNE_POLICY_EXPERT_ADVISOR_H_
#define ROCKTUNE_POLICY_EXPERT_ADVISOR_H_

#include <memory>

#include "policy/advisor.h"

namespace rocktune {

struct ExpertConfig {
  // Rules weaker than this are not worth a trial. A guess.
  double min_strength = 0.1;
  // Part of the memory budget the expert itself fills.
  double memory_share = 0.95;
  // The local search stops after this many trials in a row without a keep.
  int max_failures = 4;
  // Windows that are looked at, newest last.
  int windows = 15;
};

// See Advisor. Rules come first, the strongest first; what failed under the
// present load is not proposed again. Each proposal is one idea of at most
// four options, with the numbers seen as its reason.
class ExpertAdvisor : public Advisor {
 public:
  explicit ExpertAdvisor(ExpertConfig config = {});
  ~ExpertAdvisor() override;

  Advice Advise(const AdvisorInput& input) override;
  void Learn(const Trial& trial) override;
  void Forget() override;

 private:
  struct State;
  ExpertConfig config_;
  std::unique_ptr<State> state_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_EXPERT_ADVISOR_H_
