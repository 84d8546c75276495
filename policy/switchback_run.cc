#include "policy/switchback_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

// Carry-over is measured between these many windows after a switch. The first
// window always goes: it began before the switch.
constexpr int kLeastCarryOver = 1;
constexpr int kMostCarryOver = 6;
// Whole blocks before carry-over is measured.
constexpr size_t kBlocksForCarryOver = 4;
// A block that is not full by this many times its length ends as it is.
constexpr int kBlockPatience = 3;
// Noise of one window's cost before anything is known of it. A guess.
constexpr double kUnknownNoise = 0.05;

// A well-mixed bit for each pair: splitmix64 (Steele, Lea, Flood 2014).
uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

SwitchbackRun::SwitchbackRun(TrialSetup setup)
    : setup_(std::move(setup)),
      block_windows_(setup_.history.BlockWindows(
          setup_.verdict.min_block_windows, setup_.verdict.max_block_windows)),
      carry_over_(kLeastCarryOver) {}

bool SwitchbackRun::CandidateFirst(int pair) const {
  return (Mix(setup_.coin_seed + static_cast<uint64_t>(pair)) & 1) != 0;
}

bool SwitchbackRun::ArmOf(int block) const {
  return CandidateFirst(block / 2) == (block % 2 == 0);
}

TrialStep SwitchbackRun::Begin(absl::Time now) {
  begun_ = now;
  return NextBlock(now);
}

TrialStep SwitchbackRun::NextBlock(absl::Time now) {
  const int block = static_cast<int>(seen_.size());
  current_ = {};
  current_.candidate = ArmOf(block);
  current_.pair = block / 2;
  block_begun_ = now;
  TrialStep step;
  step.measuring = true;
  if (current_.candidate == candidate_in_force_) return step;
  current_.after_switch = true;
  switching_ = true;
  step.kind = TrialStep::Kind::kApply;
  step.candidate = current_.candidate;
  step.change_set = step.candidate ? setup_.change_set : setup_.inverse;
  return step;
}

TrialStep SwitchbackRun::Applied(absl::Time now) {
  switching_ = false;
  block_begun_ = now;
  candidate_in_force_ = ending_ || current_.candidate;
  TrialStep step;
  step.measuring = true;
  if (ending_) {
    step.kind = TrialStep::Kind::kEnd;
    step.judgement = last_;
  }
  return step;
}

bool SwitchbackRun::BlockIsFull(absl::Time now) const {
  const int wanted = block_windows_ + (current_.after_switch ? carry_over_ : 0);
  const int counted = static_cast<int>(current_.windows.size());
  if (counted >= wanted) return true;
  const int all = counted + current_.dropped;
  return all >= kBlockPatience * wanted ||
         now - begun_ >= 2 * setup_.timing.measure_max;
}

TrialStep SwitchbackRun::OnWindow(const Window& window, bool settled,
                                  absl::Time now) {
  TrialStep step;
  step.measuring = true;
  if (switching_ || ending_) return step;
  if (settled && window.Operations() > 0) {
    current_.windows.push_back(window);
  } else {
    ++current_.dropped;
  }
  step.why = last_.why.empty() ? "the first pairs are measured" : last_.why;
  if (!BlockIsFull(now)) return step;
  return EndBlock(now);
}

TrialStep SwitchbackRun::EndBlock(absl::Time now) {
  seen_.push_back(std::move(current_));
  if (seen_.size() % 2 != 0) return NextBlock(now);
  if (seen_.size() >= kBlocksForCarryOver) {
    std::vector<Block> whole;
    for (const Seen& seen : seen_) {
      if (!seen.after_switch) continue;
      whole.push_back({seen.candidate, seen.pair, seen.windows, 0});
    }
    // Never shrinks: pairs that were judged stay what they were, or shorter.
    carry_over_ = std::max(
        carry_over_,
        CarryOverWindows(whole, setup_.mix, kLeastCarryOver, kMostCarryOver));
  }
  const double window_noise =
      setup_.history.WindowNoise().value_or(kUnknownNoise);
  const bool last_chance =
      now - begun_ >= setup_.timing.measure_max ||
      static_cast<int>(seen_.size()) >= 2 * setup_.verdict.max_pairs;
  const std::vector<Block> blocks = Blocks();
  last_ = ByRole(
      JudgePairs({.blocks = blocks,
                  .mix = setup_.mix,
                  .saturated = setup_.saturated,
                  .pair_noise = window_noise * std::sqrt(2.0 / block_windows_)},
                 setup_.verdict, last_chance),
      setup_, last_chance);
  if (!last_.decided) return NextBlock(now);
  return End(last_);
}

// A candidate that is kept must be in force when the trial ends.
TrialStep SwitchbackRun::End(Judgement judgement) {
  TrialStep step;
  step.measuring = true;
  step.judgement = std::move(judgement);
  if (step.judgement.verdict == Verdict::kKept && !candidate_in_force_) {
    ending_ = true;
    switching_ = true;
    step.kind = TrialStep::Kind::kApply;
    step.candidate = true;
    step.change_set = setup_.change_set;
    return step;
  }
  step.kind = TrialStep::Kind::kEnd;
  return step;
}

Block SwitchbackRun::Counted(const Seen& seen) const {
  Block block{seen.candidate, seen.pair, {}, seen.dropped};
  const size_t cut =
      seen.after_switch
          ? std::min(seen.windows.size(), static_cast<size_t>(carry_over_))
          : 0;
  block.windows.assign(seen.windows.begin() + static_cast<ptrdiff_t>(cut),
                       seen.windows.end());
  block.dropped += static_cast<int>(cut);
  return block;
}

std::vector<Block> SwitchbackRun::Blocks() const {
  std::vector<Block> blocks;
  for (const Seen& seen : seen_) blocks.push_back(Counted(seen));
  return blocks;
}

}  // namespace rocktune
