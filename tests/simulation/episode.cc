#include "tests/simulation/episode.h"

namespace rocktune::simulation {
namespace {

constexpr EpisodeKind kKinds[] = {
    {"aa", "the candidate is as good as the incumbent", RunAa},
    {"aa_again", "the same, after another trial was kept", RunAaAgain},
    {"worse5", "the candidate is 5 to 30 % worse", RunWorse},
    {"better10", "the candidate is 10 to 30 % better", RunBetter},
    {"better3to5", "the candidate is 3 to 5 % better", RunSlightlyBetter},
    {"shift", "no effect, but the load shifts during the trial", RunShift},
    {"duration", "10 % better, instant, 5 % noise", RunDuration},
    {"expert", "ten proposals of the built-in expert", RunExpert},
    {"bad_day", "a day under an advisor that is always wrong", RunBadDay},
    {"alternating", "two loads in turn, with good advice", RunAlternating},
    {"turns", "two loads in turn, with the expert", RunAlternatingExpert},
    {"guided", "the expert alone, then beside models, until converged",
     RunGuided},
    {"hostile_day", "a day beside a hostile model", RunHostileDay},
    {"noisy_hour", "is a load that stands still said to shift?", RunNoisyHour},
    {"notice", "windows until a 2x shift of the mix is noticed", RunNotice},
    {"trouble", "crashes, failing calls, any advisor", RunTrouble},
};

}  // namespace

absl::Span<const EpisodeKind> EpisodeKinds() { return kKinds; }

const EpisodeKind* FindKind(absl::string_view name) {
  for (const EpisodeKind& kind : kKinds) {
    if (name == kind.name) return &kind;
  }
  return nullptr;
}

}  // namespace rocktune::simulation
