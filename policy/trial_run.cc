#include "policy/trial_run.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/one_way_run.h"
#include "policy/switchback_run.h"

namespace rocktune {
namespace {

Judgement Decide(Judgement judgement, Verdict verdict, const char* ended,
                 const char* why) {
  judgement.decided = true;
  judgement.verdict = verdict;
  judgement.ended = ended;
  judgement.why = absl::StrCat(why, ": ", judgement.why);
  return judgement;
}

// Least effects that look like a loss, and that are none: options are put back
// one by one, and small losses would add up. Guesses.
constexpr double kLikelyLoss = 2;
constexpr double kSmallLoss = 0.25;

bool SpeaksAgainst(const Judgement& judgement) {
  return judgement.decided && judgement.verdict == Verdict::kRegressed;
}

Judgement Confirm(Judgement judgement) {
  if (!judgement.decided || SpeaksAgainst(judgement)) return judgement;
  return Decide(std::move(judgement), Verdict::kKept, "confirmed",
                "proven before under this load, and no harm now");
}

Judgement Simplify(Judgement judgement, double min_effect, bool last_chance) {
  if (SpeaksAgainst(judgement) || judgement.ended == "unsteady") {
    return judgement;
  }
  const bool measured = judgement.effect.confidence > 0;
  if (measured && judgement.effect.low > -min_effect &&
      judgement.effect.mean > -kSmallLoss * min_effect) {
    return Decide(std::move(judgement), Verdict::kKept, "nothing_lost",
                  "nothing is lost by it");
  }
  // Nobody waits for a gain here: what looks like a loss is undone at once.
  if (measured && judgement.effect.mean < -kLikelyLoss * min_effect) {
    return Decide(std::move(judgement), Verdict::kNoGain, "futile",
                  "something seems to be lost by it");
  }
  if (last_chance) {
    return Decide(std::move(judgement), Verdict::kInconclusive, "deadline",
                  "a loss cannot be ruled out");
  }
  judgement.decided = false;
  judgement.verdict = Verdict::kOpen;
  return judgement;
}

}  // namespace

Judgement ByRole(Judgement judgement, const TrialSetup& setup,
                 bool last_chance) {
  if (setup.confirms) return Confirm(std::move(judgement));
  if (setup.simplifies) {
    return Simplify(std::move(judgement), setup.verdict.min_effect,
                    last_chance);
  }
  return judgement;
}

std::unique_ptr<TrialRun> MakeTrialRun(TrialSetup setup) {
  if (setup.design == TrialDesign::kSwitchback) {
    return std::make_unique<SwitchbackRun>(std::move(setup));
  }
  return std::make_unique<OneWayRun>(std::move(setup));
}

std::vector<Window> WindowsOf(absl::Span<const Block> blocks, bool candidate) {
  std::vector<Window> windows;
  for (const Block& block : blocks) {
    if (block.candidate != candidate) continue;
    windows.insert(windows.end(), block.windows.begin(), block.windows.end());
  }
  return windows;
}

}  // namespace rocktune
