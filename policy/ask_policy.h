// When a model is worth asking: calls cost money and time, and between them
// the expert's local search refines what the model began.
#ifndef ROCKTUNE_POLICY_ASK_POLICY_H_
#define ROCKTUNE_POLICY_ASK_POLICY_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "policy/advisor.h"
#include "policy/trial.h"

namespace rocktune {

enum class AskReason {
  kStart,      // nothing is known yet
  kLoadShift,  // what was learnt is void
  kConverged,  // the expert has nothing more
  kStuck,      // its trials are not kept
  kRegressed,  // the model's own proposal did harm
};
absl::string_view ToString(AskReason reason);

// Not thread-safe. Budgets are the asker's: this says only when it is worth it.
class AskPolicy {
 public:
  // Trials of the expert in a row without a keep after which it is stuck.
  static constexpr int kStuckTrials = 3;
  // Answers in a row that led to no keep, after which the model is not asked
  // again until something is kept: it would see the same facts.
  static constexpr int kMostFruitless = 2;
  // Between two calls. A guess: a verdict takes about a minute.
  static constexpr absl::Duration kApart = absl::Minutes(1);

  // What to ask for now, beside the expert's advice `expert`; nullopt: not
  // now. The same reason is not given twice until something new was learnt.
  std::optional<AskReason> Wish(const Advice& expert, absl::Time now) const;

  // A call was begun for `reason`. One that failed at the start or after a
  // shift is wished for again.
  void Asked(AskReason reason, absl::Time now);
  // It was answered: with a proposal, or with nothing to change, which is the
  // model's last word until something is kept.
  void Answered(bool has_proposal);

  void Learn(const Trial& trial);
  void Forget();  // the load has changed

 private:
  bool answered_ = false;  // since the load began
  bool shifted_ = false;
  bool converged_asked_ = false;
  bool regressed_ = false;
  int expert_failures_ = 0;  // in a row, since the last call
  int fruitless_ = 0;        // answers, as kMostFruitless counts them
  absl::Time asked_at_ = absl::InfinitePast();
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_ASK_POLICY_H_
