// Did the candidate prove a gain? A first honest version: Welch's interval on
// block means, paid for looking several times and for correlated blocks.
#ifndef ROCKTUNE_POLICY_OLD_VERDICT_H_
#define ROCKTUNE_POLICY_OLD_VERDICT_H_

#include <string>

#include "absl/types/span.h"
#include "policy/trial.h"
#include "policy/window.h"

namespace rocktune {

struct OldVerdictConfig {
  // The least improvement worth keeping: +0.02 = 2 % less service time.
  double min_effect = 0.02;
  // Of all looks of one trial together.
  double confidence = 0.95;
  // Windows in one block. Longer blocks are less correlated.
  int block_windows = 3;
  // Candidate blocks before the first look, and at the last look.
  int min_blocks = 3;
  int max_blocks = 12;
  // Samples (operations, without latencies) for a block to count.
  int min_block_samples = 30;
  // A mix or load that moves more than this, without faster or slower service
  // as its reason, makes the trial inconclusive. Guesses.
  double max_mix_distance = 0.15;
  double max_load_ratio = 1.5;
  // A gain is not kept when a kind's p99 grows by more than this factor (and
  // by p99_floor_us), or stalls by this share of the time. Guesses.
  double max_p99_ratio = 2.0;
  double p99_floor_us = 100;
  double max_stall_share_added = 0.10;
};

// kept: the interval is above 0 and its middle at least min_effect, and no
// secondary cost speaks against it. regressed: the interval is below 0, or a
// secondary cost is too high. no_gain: the interval is below min_effect.
// inconclusive: the load moved, or the last chance came with none of these.
struct OldJudgement {
  bool decided = false;
  Verdict verdict = Verdict::kOpen;  // kOpen until decided
  Effect effect;                     // the latest interval, also undecided
  std::string why;                   // one sentence with the numbers
  int windows_dropped = 0;           // in either arm: idle, or no full block
};

// Judges what was measured so far; call as often as wanted (only completed
// blocks at scheduled looks count, so more calls are not more looks).
// `last_chance`: no more windows will come, decide now. Spans are oldest
// first; `baseline` should be at least block_windows * min_blocks windows.
// Also decides when the candidate has max_blocks blocks.
OldJudgement OldJudge(absl::Span<const Window> baseline,
                      absl::Span<const Window> candidate,
                      const OldVerdictConfig& config, bool last_chance);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_OLD_VERDICT_H_
