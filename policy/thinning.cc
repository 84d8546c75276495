#include "policy/thinning.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

constexpr int kMaxAsked = 2;

}  // namespace

void BundleThinning::Kept(const Trial& trial, const Catalogue& catalogue) {
  if (trial.confirms || trial.thins || trial.about_trial != 0) return;
  Bundle bundle;
  bundle.trial = trial.id;
  for (const Change& change : trial.change_set.changes) {
    auto member = std::find_if(
        bundle.members.begin(), bundle.members.end(),
        [&](const Member& m) { return m.option == change.key.name; });
    if (member == bundle.members.end()) {
      member = bundle.members.insert(member, Member{change.key.name, {}});
      const CatalogueRow* row = catalogue.Find(change.key.name);
      if (row != nullptr && row->option_class == OptionClass::kWarming) {
        member->finding = Finding::kGivenUp;
      }
    }
    member->changes.push_back(change);
  }
  if (bundle.members.size() < 2) return;
  bundles_.push_back(std::move(bundle));
  if (bundles_.size() > kMaxBundles) bundles_.pop_front();
}

bool BundleThinning::InForce(const Member& member, const OptionValues& values) {
  return std::all_of(
      member.changes.begin(), member.changes.end(), [&](const Change& change) {
        const auto value = values.find(change.key);
        return value != values.end() && value->second == change.after;
      });
}

Proposal BundleThinning::Question(const Bundle& bundle, const Member& member) {
  Proposal proposal;
  proposal.source = ProposalSource::kHistory;
  proposal.simplifies = true;
  proposal.about_trial = bundle.trial;
  proposal.summary = absl::StrCat("thinning trial ", bundle.trial, ": does ",
                                  member.option, " carry anything?");
  for (const Change& change : member.changes) {
    proposal.changes.push_back({change.key.name, change.key.column_family,
                                change.before, proposal.summary,
                                "nothing is lost"});
  }
  return proposal;
}

// The last members first: advisors name what matters most first, and what
// calibration added comes last.
std::optional<Proposal> BundleThinning::Next(const OptionValues& values) {
  for (Bundle& bundle : bundles_) {
    const auto in_force =
        std::count_if(bundle.members.begin(), bundle.members.end(),
                      [&](const Member& m) { return InForce(m, values); });
    if (in_force < 2) continue;
    for (auto member = bundle.members.rbegin(); member != bundle.members.rend();
         ++member) {
      if (member->finding != Finding::kOpen || !InForce(*member, values)) {
        continue;
      }
      if (member->asked >= kMaxAsked) {
        member->finding = Finding::kGivenUp;
        continue;
      }
      ++member->asked;
      return Question(bundle, *member);
    }
  }
  return std::nullopt;
}

void BundleThinning::Learn(const Trial& trial) {
  if (!trial.thins) return;
  for (Bundle& bundle : bundles_) {
    if (bundle.trial != trial.about_trial) continue;
    for (Member& member : bundle.members) {
      const bool asked = std::any_of(
          trial.change_set.changes.begin(), trial.change_set.changes.end(),
          [&](const Change& c) { return c.key.name == member.option; });
      if (!asked || member.finding != Finding::kOpen) continue;
      if (trial.verdict == Verdict::kKept) {
        member.finding = Finding::kIdle;
      } else if (trial.verdict == Verdict::kRegressed ||
                 trial.verdict == Verdict::kNoGain) {
        member.finding = Finding::kCarries;
      }
    }
  }
}

std::vector<std::string> BundleThinning::Named(int64_t id,
                                               Finding finding) const {
  std::vector<std::string> names;
  for (const Bundle& bundle : bundles_) {
    if (bundle.trial != id) continue;
    for (const Member& member : bundle.members) {
      if (member.finding == finding) names.push_back(member.option);
    }
  }
  return names;
}

std::vector<std::string> BundleThinning::Carrying(int64_t id) const {
  return Named(id, Finding::kCarries);
}

std::vector<std::string> BundleThinning::Idle(int64_t id) const {
  return Named(id, Finding::kIdle);
}

}  // namespace rocktune
