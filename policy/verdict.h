// Did the candidate prove a gain? Paired blocks of a switchback are judged by
// a confidence sequence, one-way trials against placebo comparisons of the
// same span. STATISTICS.md explains both.
#ifndef ROCKTUNE_POLICY_VERDICT_H_
#define ROCKTUNE_POLICY_VERDICT_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "policy/cost_history.h"
#include "policy/limits.h"
#include "policy/objective.h"
#include "policy/trial.h"
#include "policy/window.h"

namespace rocktune {

struct VerdictConfig {
  ObjectiveKind objective = ObjectiveKind::kBalanced;
  std::vector<Limit> limits;
  // The least improvement worth keeping: +0.02 = 2 % less cost.
  double min_effect = 0.02;
  // Error of keeping what is no better, all looks and costs of one trial
  // together. Of it `secondary_alpha` is for keeping a candidate that is no
  // faster but lowers a secondary cost.
  double alpha = 0.008;
  double secondary_alpha = 0.002;
  // A secondary cost must fall by this much to be a reason to keep. A guess.
  double min_secondary_effect = 0.05;
  // Blocks of a switchback, in windows that count. Guesses for 1 s windows.
  int min_block_windows = 3;
  int max_block_windows = 5;
  int max_pairs = 40;
  // Samples (operations, without latencies) for a block to count.
  int min_block_samples = 30;
  // A gain in the mean is not kept when share-weighted p99 grows by more than
  // this factor, or writers are stalled by this share of the time more.
  double max_p99_ratio = 2.0;
  double max_stall_share_added = 0.10;
};

// One stretch of one arm.
struct Block {
  bool candidate = false;
  int pair = 0;
  std::vector<Window> windows;  // that count, oldest first
  int dropped = 0;
};

struct Judgement {
  bool decided = false;
  Verdict verdict = Verdict::kOpen;  // kOpen until decided
  Effect effect;                     // the latest interval, also undecided
  std::string ended;                 // see Trial::ended; empty until decided
  std::string why;                   // one sentence with the numbers
  std::vector<CostChange> costs;     // the secondary costs so far
  int windows_dropped = 0;
};

// Both: `mix` is the baseline's and weighs both arms; `saturated` see
// ObjectiveCost. Call whenever a block or window is complete; more calls are
// not more error. `last_chance`: no more will come, decide now. A load that
// moved between the arms is for the caller to notice (LoadShiftDetector,
// ProfileDistance).

// kept: the lower bound is above 0 and the estimate at least min_effect, and
// neither a limit nor p99 or stalls speak against it; or a secondary cost
// fell for certain while the objective is not worse by min_effect for
// certain. regressed: the upper bound is below 0. no_gain: the upper bound is
// below min_effect, or a keep has become unlikely (futility).
// `pair_noise`: expected spread of a pair's log difference, from the baseline.
struct PairsInput {
  absl::Span<const Block> blocks;  // in time order, both arms
  OpMix mix;
  bool saturated = false;
  double pair_noise = 0.05;
};
Judgement JudgePairs(const PairsInput& input, const VerdictConfig& config,
                     bool last_chance);

// `baseline`: windows just before the change, oldest first; `gap`: windows
// between the arms that do not count; `history`: of the incumbent, up to the
// change. The effect must stand out of what stretches like these differ by
// when nothing changes. Looks at 1/4, 1/2, 3/4 and all of `planned` candidate
// windows and shares alpha among them.
inline constexpr int kLooks = 4;
struct BeforeAfterInput {
  absl::Span<const Window> baseline;
  absl::Span<const Window> candidate;
  int gap = 0;
  int planned = 60;
  OpMix mix;
  bool saturated = false;
  const CostHistory* history = nullptr;
};
Judgement JudgeBeforeAfter(const BeforeAfterInput& input,
                           const VerdictConfig& config, bool last_chance);

// Windows after a switch that differ from the rest of their block, measured on
// the blocks so far (mean over blocks, both arms): what to leave out, within
// [least, most].
int CarryOverWindows(absl::Span<const Block> whole_blocks, const OpMix& mix,
                     int least, int most);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_VERDICT_H_
