#include "policy/ask_policy.h"

#include <algorithm>

namespace rocktune {
absl::string_view ToString(AskReason reason) {
  switch (reason) {
    case AskReason::kStart:
      return "start";
    case AskReason::kLoadShift:
      return "load_shift";
    case AskReason::kConverged:
      return "converged";
    case AskReason::kStuck:
      return "stuck";
    case AskReason::kRegressed:
      return "regressed";
  }
  return "?";
}

std::optional<AskReason> AskPolicy::Wish(const Advice& expert,
                                         absl::Time now) const {
  if (now - asked_at_ < kApart) return std::nullopt;
  if (!answered_) return shifted_ ? AskReason::kLoadShift : AskReason::kStart;
  if (fruitless_ >= kMostFruitless) return std::nullopt;
  if (regressed_) return AskReason::kRegressed;
  if (expert.converged && !converged_asked_) return AskReason::kConverged;
  if (expert_failures_ >= kStuckTrials) return AskReason::kStuck;
  return std::nullopt;
}

void AskPolicy::Asked(AskReason reason, absl::Time now) {
  asked_at_ = now;
  expert_failures_ = 0;
  regressed_ = false;
  if (reason == AskReason::kConverged) converged_asked_ = true;
}

void AskPolicy::Answered(bool has_proposal) {
  answered_ = true;
  fruitless_ = has_proposal ? fruitless_ + 1 : kMostFruitless;
}

void AskPolicy::Learn(const Trial& trial) {
  // What was only confirmed or made simpler is nothing new to tell.
  if (trial.confirms || trial.thins) return;
  if (trial.verdict == Verdict::kKept) {
    expert_failures_ = 0;
    converged_asked_ = false;
    // Others' gains are worth one more question, not a new start.
    fruitless_ =
        IsModel(trial.source) ? 0 : std::min(fruitless_, kMostFruitless - 1);
    return;
  }
  if (trial.change_set.empty()) return;  // never tried
  if (trial.source == ProposalSource::kExpert) ++expert_failures_;
  if (IsModel(trial.source) && trial.verdict == Verdict::kRegressed) {
    regressed_ = true;
  }
}

void AskPolicy::Forget() {
  const absl::Time asked_at = asked_at_;
  *this = AskPolicy();
  asked_at_ = asked_at;
  shifted_ = true;
}

}  // namespace rocktune
