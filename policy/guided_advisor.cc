#include "policy/guided_advisor.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

// Of one family when the change names none: all were asked for alike.
const std::string* ValueOf(const OptionValues& values,
                           const ProposedChange& change) {
  for (const auto& [key, value] : values) {
    if (key.name == change.option &&
        (change.column_family.empty() || key.column_family.empty() ||
         key.column_family == change.column_family)) {
      return &value;
    }
  }
  return nullptr;
}

int Direction(double from, double to) { return (to > from) - (to < from); }

// Whether `change` was meant to go the other way when it was asked for: since
// then somebody has gone as far or further. Where that cannot be said,
// calibration and the trial will.
bool Overtaken(const ProposedChange& change, const OptionValues& then,
               const CalibrationContext& context) {
  const std::string* before = ValueOf(then, change);
  const std::string* now = ValueOf(*context.values, change);
  const CatalogueRow* row = context.catalogue->Find(change.option);
  if (before == nullptr || now == nullptr || row == nullptr) return false;
  if (SameValue(*before, *now)) return false;
  const absl::StatusOr<std::string> wish = ParseValue(change.value, *row);
  if (!wish.ok()) return false;
  const std::optional<double> from = NumberOf(*before);
  const std::optional<double> here = NumberOf(*now);
  const std::optional<double> to = NumberOf(*wish);
  if (!from || !here || !to) return true;  // a word that was chosen meanwhile
  return Direction(*from, *to) != Direction(*here, *to) || *to == *here;
}

}  // namespace

Advice GuidedAdvisor::Advise(const AdvisorInput& input) {
  seen_ = *input.context.values;
  if (offer_) {
    Proposal offer = *std::exchange(offer_, std::nullopt);
    std::erase_if(offer.changes, [&](const ProposedChange& change) {
      return Overtaken(change, asked_about_, input.context);
    });
    if (!offer.changes.empty()) {
      Advice advice;
      advice.why = absl::StrCat("the model: ", offer.summary);
      advice.proposal = std::move(offer);
      last_ = Advice();
      return advice;
    }
  }
  last_ = expert_.Advise(input);
  return last_;
}

void GuidedAdvisor::Learn(const Trial& trial) {
  policy_.Learn(trial);
  expert_.Learn(trial);
  if (IsModel(trial.source)) {
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
  asked_about_ = seen_;
}

void GuidedAdvisor::Offer(std::optional<Proposal> proposal) {
  policy_.Answered(proposal.has_value());
  offer_ = std::move(proposal);
}

}  // namespace rocktune
