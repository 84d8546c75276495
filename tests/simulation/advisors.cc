#include "tests/simulation/advisors.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_format.h"

namespace rocktune::simulation {
namespace {

// Moves a bad advisor looks at before it chooses.
constexpr int kBadMoves = 8;
constexpr double kWorse = 0.97;
// Less than this a good advisor does not propose.
constexpr double kWorthIt = 1.03;
constexpr double kWorthAnOption = 1.005;
// Trials in a row that were not kept, until the load changes.
constexpr int kMostFailures = 10;

Proposal ProposalOf(std::vector<ProposedChange> changes) {
  return {ProposalSource::kLlm, "somewhere else", std::move(changes)};
}

}  // namespace

Advice PlantAdvisor::Advise(const AdvisorInput&) {
  Advice advice;
  if (!first_.empty()) {
    advice.why = "another gain first";
    advice.proposal = ProposalOf(first_);
    return advice;
  }
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

// What competes for the memory goes together; every other option by itself.
std::vector<std::vector<OptionKey>> GoodAdvisor::Moves(
    const OptionValues& from, const OptionValues& to) const {
  std::vector<std::vector<OptionKey>> moves(1);
  for (const auto& [key, value] : to) {
    if (from.at(key) == value) continue;
    const bool memory = key.name == "block_cache.capacity" ||
                        key.name == "write_buffer_size" ||
                        key.name == "max_write_buffer_number";
    if (memory) {
      moves[0].push_back(key);
    } else {
      moves.push_back({key});
    }
  }
  return moves;
}

Advice GoodAdvisor::Advise(const AdvisorInput& input) {
  constexpr size_t kMostChanges = 4;
  const auto place =
      std::find_if(places_.begin(), places_.end(), [this](const Place& known) {
        return known.load.write == load_->write &&
               known.load.skew == load_->skew;
      });
  const OptionValues& best = place->best;
  OptionValues reached = *input.context.values;
  const double now = SteadyRate(host_, *load_, reached);
  double rate = now;
  std::vector<ProposedChange> changes;
  while (true) {
    OptionValues next;
    for (const std::vector<OptionKey>& move : Moves(reached, best)) {
      if (move.empty() || changes.size() + move.size() > kMostChanges) continue;
      OptionValues moved = reached;
      for (const OptionKey& key : move) moved[key] = best.at(key);
      if (!Allowed(host_, moved)) continue;
      const double found = SteadyRate(host_, *load_, moved);
      if (found <= rate * kWorthAnOption) continue;
      next = std::move(moved);
      rate = found;
    }
    if (next.empty()) break;
    for (const auto& [key, value] : next) {
      if (reached[key] == value) continue;
      changes.push_back({key.name, "", value, "known", ""});
    }
    reached = std::move(next);
  }
  Advice advice;
  advice.why = absl::StrFormat("%.0f -> %.0f ops/s are to be had", now, rate);
  advice.converged = rate < kWorthIt * now || failures_ >= kMostFailures;
  if (!advice.converged) advice.proposal = ProposalOf(std::move(changes));
  return advice;
}

void GoodAdvisor::Learn(const Trial& trial) {
  failures_ = trial.verdict == Verdict::kKept ? 0 : failures_ + 1;
}

}  // namespace rocktune::simulation
