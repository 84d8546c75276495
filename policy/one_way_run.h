// Baseline, change, settle, measure: for what warms up or changes files.
#ifndef ROCKTUNE_POLICY_ONE_WAY_RUN_H_
#define ROCKTUNE_POLICY_ONE_WAY_RUN_H_

#include <optional>
#include <string>
#include <vector>

#include "policy/cache_warmth.h"
#include "policy/trial_run.h"

namespace rocktune {

class OneWayRun : public TrialRun {
 public:
  explicit OneWayRun(TrialSetup setup);

  TrialStep Begin(absl::Time now) override;
  TrialStep Applied(absl::Time now) override;
  TrialStep OnWindow(const Window& window, bool settled,
                     absl::Time now) override;
  std::vector<Block> Blocks() const override;
  std::string Expected() const override;

 private:
  TrialStep ApplyStage();
  TrialStep Settle(bool settled, absl::Time now);
  TrialStep Measure(absl::Time now);
  // Empty: in place; else what is still on its way.
  std::string NotInPlace(absl::Duration elapsed) const;
  std::optional<Judgement> StageHarm() const;

  const TrialSetup setup_;
  const std::vector<ChangeSet> stages_;  // cuts go in steps; else one
  const std::optional<CachePrediction> prediction_;
  const int planned_;  // windows to measure at most
  size_t stage_ = 0;
  bool applying_ = false;
  bool measuring_ = false;
  absl::Time applied_;
  absl::Time measuring_since_;
  std::vector<Window> settling_;  // since the last stage was applied
  int dropped_ = 0;               // since the change, counted for nothing
  std::vector<Window> candidate_;
  int looked_ = 0;   // looks that were taken
  std::string why_;  // of the latest one
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_ONE_WAY_RUN_H_
