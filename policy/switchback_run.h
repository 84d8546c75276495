// Incumbent and candidate take turns in blocks, two to a pair, the order in
// each pair drawn by a coin, so that drift and noise hit both alike.
#ifndef ROCKTUNE_POLICY_SWITCHBACK_RUN_H_
#define ROCKTUNE_POLICY_SWITCHBACK_RUN_H_

#include <vector>

#include "policy/trial_run.h"

namespace rocktune {

class SwitchbackRun : public TrialRun {
 public:
  explicit SwitchbackRun(TrialSetup setup);

  TrialStep Begin(absl::Time now) override;
  TrialStep Applied(absl::Time now) override;
  TrialStep OnWindow(const Window& window, bool settled,
                     absl::Time now) override;
  std::vector<Block> Blocks() const override;

  // Windows that count in a full block.
  int block_windows() const { return block_windows_; }

 private:
  // A block as it was seen: with the windows after the switch, which are left
  // out as far as carry-over was measured.
  struct Seen {
    bool candidate = false;
    bool after_switch = false;
    int pair = 0;
    std::vector<Window> windows;  // settled and busy ones
    int dropped = 0;              // others
  };

  bool CandidateFirst(int pair) const;
  bool ArmOf(int block) const;
  TrialStep NextBlock(absl::Time now);
  TrialStep EndBlock(absl::Time now);
  TrialStep End(Judgement judgement);
  bool BlockIsFull(absl::Time now) const;
  Block Counted(const Seen& seen) const;

  const TrialSetup setup_;
  const int block_windows_;
  int carry_over_;
  bool candidate_in_force_ = false;
  std::vector<Seen> seen_;  // complete, oldest first
  Seen current_;
  bool switching_ = false;
  absl::Time begun_;
  absl::Time block_begun_;
  bool ending_ = false;  // kept: the candidate's values come back for good
  Judgement last_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_SWITCHBACK_RUN_H_
