#include "policy/guided_advisor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rocktune {

Advice GuidedAdvisor::Advise(const AdvisorInput& input) {
  if (offer_) {
    Advice advice;
    advice.why = absl::StrCat("the model: ", offer_->summary);
    advice.proposal = *std::exchange(offer_, std::nullopt);
    last_ = Advice();
    return advice;
  }
  last_ = expert_.Advise(input);
  return last_;
}

void GuidedAdvisor::Learn(const Trial& trial) {
  policy_.Learn(trial);
  expert_.Learn(trial);
  if (trial.verdict == Verdict::kKept) {
    for (const Change& change : trial.change_set.changes) {
      proven_since_.insert(change.key.name);
    }
    DropOvertaken();
  }
  if (trial.source == ProposalSource::kLlm ||
      trial.source == ProposalSource::kReplay) {
    notes_ = trial.notes;
  }
}

void GuidedAdvisor::Forget() {
  policy_.Forget();
  expert_.Forget();
  offer_.reset();
  notes_.clear();
}

std::optional<AskReason> GuidedAdvisor::Wish(absl::Time now) const {
  if (offer_) return std::nullopt;
  return policy_.Wish(last_, now);
}

void GuidedAdvisor::Asked(AskReason reason, absl::Time now) {
  policy_.Asked(reason, now);
  proven_since_.clear();
}

void GuidedAdvisor::Offer(std::optional<Proposal> proposal) {
  policy_.Answered();
  offer_ = std::move(proposal);
  DropOvertaken();
}

void GuidedAdvisor::DropOvertaken() {
  if (!offer_) return;
  std::vector<ProposedChange>& changes = offer_->changes;
  changes.erase(std::remove_if(changes.begin(), changes.end(),
                               [this](const ProposedChange& change) {
                                 return proven_since_.count(change.option) > 0;
                               }),
                changes.end());
  if (changes.empty()) offer_.reset();
}

}  // namespace rocktune
