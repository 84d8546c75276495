#include "policy/expert_advisor.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/expert_memory.h"
#include "policy/expert_rules.h"
#include "policy/expert_view.h"
#include "policy/local_search.h"

namespace rocktune {
namespace {

// Below this rate there is nothing to measure a gain by. A guess.
constexpr double kIdleOpsPerSecond = 10;
// From this strength on a second try comes before the search. A guess.
constexpr double kStrongAgain = 0.25;

struct Candidate {
  Symptom symptom;
  std::string move;
  const char* rule = "";
};

// Half way to what did harm, on the log scale; words and on/off have none.
std::optional<Symptom> HalfStep(const Symptom& symptom,
                                const ExpertView& view) {
  Symptom half;
  half.strength = symptom.strength / 2;
  half.summary = absl::StrCat("half the step: ", symptom.summary);
  for (const ProposedChange& change : symptom.changes) {
    const std::optional<double> now = view.Number(change.option);
    double wish = 0;
    if (!now || *now <= 0 || !absl::SimpleAtod(change.value, &wish) ||
        wish <= 0) {
      return std::nullopt;
    }
    Add(view.Move({change.option, std::sqrt(*now * wish), half.summary,
                   change.expected_effect}),
        &half);
  }
  return NotEmpty(std::move(half));
}

// A symptom as it may be tried: with `again` as the second try of a move that
// failed, half the step where the whole one did harm; else as the first one.
std::optional<Candidate> AsTried(const ExpertRule& rule, Symptom symptom,
                                 const ExpertView& view,
                                 const ExpertMemory& memory, bool again) {
  Candidate candidate{std::move(symptom), "", rule.name};
  candidate.move = ExpertMemory::MoveOf(candidate.symptom.changes, view);
  if (memory.Failed(candidate.move) != again) return std::nullopt;
  if (memory.Overshot(candidate.move)) {
    std::optional<Symptom> half = HalfStep(candidate.symptom, view);
    candidate.move = ExpertMemory::HalfOf(candidate.move);
    if (!half || memory.Failed(candidate.move) ||
        memory.Helped(candidate.move)) {
      return std::nullopt;
    }
    candidate.symptom = *std::move(half);
  }
  if (memory.Blocked(candidate.move)) return std::nullopt;
  return candidate;
}

// The symptoms that the memory does not speak against, the strongest first.
std::vector<Candidate> Candidates(const ExpertView& view,
                                  const ExpertMemory& memory,
                                  double min_strength, bool again) {
  std::vector<Candidate> candidates;
  for (absl::Span<const ExpertRule> rules :
       {ReadRules(), WriteRules(), OfflineRules()}) {
    if (rules.data() == OfflineRules().data() && !view.is_offline) continue;
    for (const ExpertRule& rule : rules) {
      std::optional<Symptom> symptom = rule.look(view);
      if (!symptom) continue;
      std::optional<Candidate> found =
          AsTried(rule, *std::move(symptom), view, memory, again);
      if (!found || found->symptom.strength < min_strength) continue;
      candidates.push_back(*std::move(found));
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) {
                     return a.symptom.strength > b.symptom.strength;
                   });
  return candidates;
}

bool Names(const std::vector<ProposedChange>& changes,
           const std::string& option) {
  return std::any_of(changes.begin(), changes.end(),
                     [&option](const ProposedChange& change) {
                       return change.option == option;
                     });
}

// As many as `most` options allow, of the strongest; of two that name the same
// option the weaker one stays out. A bundle's trial that failed says little
// about its parts, so the strongest is then tried alone.
Candidate Bundle(const std::vector<Candidate>& candidates, size_t most,
                 const ExpertView& view, const ExpertMemory& memory) {
  Candidate bundle = candidates.front();
  for (size_t i = 1; i < candidates.size(); ++i) {
    const Symptom& symptom = candidates[i].symptom;
    const bool clashes =
        std::any_of(symptom.changes.begin(), symptom.changes.end(),
                    [&bundle](const ProposedChange& change) {
                      return Names(bundle.symptom.changes, change.option);
                    });
    if (clashes ||
        bundle.symptom.changes.size() + symptom.changes.size() > most) {
      continue;
    }
    absl::StrAppend(&bundle.symptom.summary, "; ", candidates[i].rule, ": ",
                    symptom.summary);
    bundle.symptom.changes.insert(bundle.symptom.changes.end(),
                                  symptom.changes.begin(),
                                  symptom.changes.end());
  }
  bundle.move = ExpertMemory::MoveOf(bundle.symptom.changes, view);
  return memory.Failed(bundle.move) || memory.Blocked(bundle.move)
             ? candidates.front()
             : bundle;
}

// Online a trial is of one idea, so that its verdict is about one. Offline
// trials are few and cost a whole run: they try all that seems right.
std::optional<Candidate> NextByRule(const ExpertView& view,
                                    const ExpertMemory& memory,
                                    double min_strength, bool again,
                                    int max_changes) {
  const std::vector<Candidate> candidates =
      Candidates(view, memory, min_strength, again);
  if (candidates.empty()) return std::nullopt;
  if (!view.is_offline || again) return candidates.front();
  return Bundle(candidates, static_cast<size_t>(std::max(1, max_changes)), view,
                memory);
}

Proposal ToProposal(Candidate candidate) {
  Proposal proposal;
  proposal.source = ProposalSource::kExpert;
  proposal.summary =
      absl::StrCat(candidate.rule, ": ", candidate.symptom.summary);
  proposal.changes = std::move(candidate.symptom.changes);
  return proposal;
}

}  // namespace

struct ExpertAdvisor::State {
  ExpertMemory memory;
  bool searching = false;   // the last proposal was a search step
  int search_failures = 0;  // search steps in a row that were not kept
};

ExpertAdvisor::ExpertAdvisor(ExpertConfig config)
    : config_(config), state_(std::make_unique<State>()) {}

ExpertAdvisor::~ExpertAdvisor() = default;

Advice ExpertAdvisor::Advise(const AdvisorInput& input) {
  const ExpertView view(input, {config_.windows, config_.memory_share});
  Advice advice;
  if (view.window.OperationsPerSecond() < kIdleOpsPerSecond) {
    advice.why =
        absl::StrFormat("%.1f operations/s are too few to measure a gain by",
                        view.window.OperationsPerSecond());
    return advice;
  }
  ExpertMemory& memory = state_->memory;
  const int most = input.context.max_changes;
  const auto by_rule = [&](double min_strength, bool again) {
    return NextByRule(view, memory, min_strength, again, most);
  };
  std::optional<Candidate> next =
      by_rule(config_.min_strength, /*again=*/false);
  // A second try is seldom better than a first one of something else, unless
  // the symptom is strong.
  if (!next) next = by_rule(kStrongAgain, /*again=*/true);
  state_->searching = false;
  if (!next && state_->search_failures < config_.max_failures) {
    if (auto step = NextSearchStep(view, memory)) {
      next = Candidate{std::move(step->symptom), std::move(step->move),
                       "local_search"};
      state_->searching = true;
    }
  }
  if (!next) {
    next = by_rule(config_.min_strength, /*again=*/true);
  }
  if (!next) {
    advice.converged = true;
    advice.why = absl::StrFormat(
        "no rule applies and the search found nothing more: %d trials kept, "
        "%d not, the last %d search steps without a gain",
        memory.kept(), memory.failed(), state_->search_failures);
    return advice;
  }
  const std::string move = next->move;
  advice.proposal = ToProposal(*std::move(next));
  memory.Proposed(move, advice.proposal->summary);
  advice.why = advice.proposal->summary;
  return advice;
}

void ExpertAdvisor::Learn(const Trial& trial) {
  if (IsModel(trial.source)) {
    state_->memory.LearnFrom(trial);
    if (trial.verdict == Verdict::kKept) state_->search_failures = 0;
    return;
  }
  if (!state_->memory.Learn(trial)) return;
  if (trial.verdict == Verdict::kKept) {
    state_->search_failures = 0;
  } else if (state_->searching) {
    ++state_->search_failures;
  }
}

void ExpertAdvisor::Forget() { *state_ = State(); }

}  // namespace rocktune
