// The expert and a model together: the model proposes where to go, the expert
// advises whenever the model has nothing to say, and refines what was kept.
#ifndef ROCKTUNE_POLICY_GUIDED_ADVISOR_H_
#define ROCKTUNE_POLICY_GUIDED_ADVISOR_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "policy/advisor.h"
#include "policy/ask_policy.h"
#include "policy/expert_advisor.h"

namespace rocktune {

// Never waits: a call to the model is wished for, and its answer offered when
// it comes. Without offers it is the expert. Not thread-safe.
class GuidedAdvisor : public Advisor {
 public:
  Advice Advise(const AdvisorInput& input) override;
  void Learn(const Trial& trial) override;
  // Also drops an offer: it was made for another load.
  void Forget() override;

  // After Advise(): why the model should be asked now, if it should.
  std::optional<AskReason> Wish(absl::Time now) const;
  void Asked(AskReason reason, absl::Time now);

  // The model's answer. A proposal is the next advice, less the changes that
  // have been overtaken: an option that was moved meanwhile and stands where
  // they would now turn it back. nullopt: it has nothing to change.
  // Calibration's notes on the last one go into the next question.
  void Offer(std::optional<Proposal> proposal);
  bool HasOffer() const { return offer_.has_value(); }
  const std::vector<CalibrationNote>& notes() const { return notes_; }

 private:
  ExpertAdvisor expert_;
  AskPolicy policy_;
  Advice last_;               // of the expert
  OptionValues seen_;         // at the last advice
  OptionValues asked_about_;  // when the model was asked last
  std::optional<Proposal> offer_;
  std::vector<CalibrationNote> notes_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_GUIDED_ADVISOR_H_
