// Which options of a kept bundle carry its gain. A change set with several
// options was proven as a whole; one after the other goes back to its former
// value, and stays there when nothing is lost by it.
#ifndef ROCKTUNE_POLICY_THINNING_H_
#define ROCKTUNE_POLICY_THINNING_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "policy/catalogue.h"
#include "policy/option.h"
#include "policy/proposal.h"
#include "policy/trial.h"

namespace rocktune {

// Not thread-safe. In a thinning trial (Proposal::simplifies) the former value
// is the candidate, and the roles are reversed: it is kept when the interval
// of the effect excludes a loss of VerdictConfig::min_effect, because the
// simpler values win a tie; anything else leaves the option as it was proven
// (ByRole in trial_run.h). So an option can "carry nothing" and yet carry less
// than min_effect: several such options together may lose a few percent, which
// PromiseWatch would notice.
class BundleThinning {
 public:
  static constexpr size_t kMaxBundles = 16;  // the oldest goes first

  // A trial was kept. Bundles of several options are remembered; trials that
  // only try something again (confirming, holdback, thinning) are not. What
  // acts by warming is not asked about: the question would empty the cache.
  void Kept(const Trial& trial, const Catalogue& catalogue);

  // The next question to try, or nullopt. `values` are in force: an option
  // that has been changed since is not asked about. The last option of a
  // bundle whose others all carry nothing must be what carries, and is not
  // asked about either. Asked twice without a verdict: given up.
  std::optional<Proposal> Next(const OptionValues& values);

  // The verdict of a thinning trial (others are ignored): kept = the option
  // carries nothing; regressed or no gain = it carries; else it says nothing.
  void Learn(const Trial& trial);

  // Options of trial `id` that were found to carry something / nothing, for
  // people.
  std::vector<std::string> Carrying(int64_t id) const;
  std::vector<std::string> Idle(int64_t id) const;

 private:
  enum class Finding { kOpen, kCarries, kIdle, kGivenUp };
  // One option, in every column family the trial changed it in.
  struct Member {
    std::string option;
    std::vector<Change> changes;
    int asked = 0;
    Finding finding = Finding::kOpen;
  };
  struct Bundle {
    int64_t trial = 0;
    std::vector<Member> members;
  };

  static bool InForce(const Member& member, const OptionValues& values);
  static Proposal Question(const Bundle& bundle, const Member& member);
  std::vector<std::string> Named(int64_t id, Finding finding) const;

  std::deque<Bundle> bundles_;  // oldest first
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_THINNING_H_
