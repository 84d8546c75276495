#include "tests/simulation/advisors.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace rocktune::simulation {
namespace {

// Moves a bad advisor looks at before it chooses.
constexpr int kBadMoves = 8;
constexpr double kWorse = 0.97;

Proposal ProposalOf(std::vector<ProposedChange> changes) {
  return {ProposalSource::kLlm, "somewhere else", std::move(changes)};
}

}  // namespace

Advice PlantAdvisor::Advise(const AdvisorInput&) {
  Advice advice;
  if (proposed_) {
    advice.converged = true;
    advice.why = "the planted change was proposed";
    return advice;
  }
  proposed_ = true;
  advice.why = "the planted change";
  advice.proposal = Proposal{ProposalSource::kLlm, "the planted change", {}};
  advice.proposal->changes.push_back({plant_.option, "",
                                      absl::StrFormat("%.0f", plant_.after),
                                      "planted", ""});
  return advice;
}

Advice CountingAdvisor::Advise(const AdvisorInput& input) {
  Advice advice = advisor_->Advise(input);
  if (advice.proposal) ++*proposals_;
  return advice;
}

std::vector<ProposedChange> RandomAdvisor::Draw(const OptionValues& values) {
  std::vector<ProposedChange> changes;
  const uint64_t count = 1 + random_.Below(3);
  while (changes.size() < count) {
    const GridRow& row = Grid()[random_.Below(Grid().size())];
    const char* value = row.values[random_.Below(row.values.size())];
    if (values.at(KeyOf(row.option)) == value) continue;
    const bool again = std::any_of(changes.begin(), changes.end(),
                                   [&row](const ProposedChange& change) {
                                     return change.option == row.option;
                                   });
    if (!again) changes.push_back({row.option, "", value, "a draw", ""});
  }
  return changes;
}

Advice RandomAdvisor::Advise(const AdvisorInput& input) {
  Advice advice;
  advice.why = "a draw";
  advice.proposal = ProposalOf(Draw(*input.context.values));
  return advice;
}

Advice BadAdvisor::Advise(const AdvisorInput& input) {
  const OptionValues& values = *input.context.values;
  const double now = SteadyRate(host_, load_, values);
  const bool any = random_.Chance(0.5);
  Advice advice;
  double worst = kWorse * now;
  for (int i = 0; i < kBadMoves; ++i) {
    std::vector<ProposedChange> changes = Draw(values);
    OptionValues moved = values;
    for (const ProposedChange& change : changes) {
      moved[KeyOf(change.option)] = change.value;
    }
    const double rate = SteadyRate(host_, load_, moved);
    if (!Allowed(host_, moved) || rate > worst) continue;
    worst = rate;
    advice.proposal = ProposalOf(std::move(changes));
    if (any) break;
  }
  advice.why = absl::StrFormat("%+.0f %% of the rate", 100 * (worst / now - 1));
  return advice;
}

}  // namespace rocktune::simulation
