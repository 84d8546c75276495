// What comes after the last iteration: values taken back one by one to see
// what they carry, and the final values against the start.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/offline/tune_loop.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

// Kept together with others: what it carries by itself is not known.
bool CameInABundle(const TuneState& state, const OptionKey& key) {
  for (auto step = state.steps.rbegin(); step != state.steps.rend(); ++step) {
    if (!step->kept() || step->thins) continue;
    for (const Change& change : step->changes) {
      if (change.key == key) return step->changes.size() > 1;
    }
  }
  return false;
}

std::set<OptionKey> Thinned(const TuneState& state) {
  std::set<OptionKey> keys;
  for (const TuneStep& step : state.steps) {
    if (!step.thins) continue;
    for (const Change& change : step.changes) keys.insert(change.key);
  }
  return keys;
}

int KeptSteps(const TuneState& state) {
  return static_cast<int>(
      std::count_if(state.steps.begin(), state.steps.end(),
                    [](const TuneStep& step) { return step.kept(); }));
}

}  // namespace

absl::Status TuneLoop::Thin() {
  while (true) {
    if (!state().steps.empty() && state().steps.back().open()) {
      ROCKTUNE_RETURN_IF_ERROR(Measure(&state().steps.back()));
      continue;
    }
    const std::set<OptionKey> done = Thinned(state());
    const OptionValues values = parts_.options->Values(state().incumbent);
    const AdvisorInput input = InputOf(values, state().windows);
    TuneStep step;
    for (const auto& [key, value] : state().incumbent) {
      if (done.count(key) > 0 || !CameInABundle(state(), key)) continue;
      Proposal back;
      back.source = ProposalSource::kHistory;
      back.changes = {{key.name, key.column_family, state().start.at(key),
                       "taken back to see what it carries", ""}};
      std::vector<Change> changes =
          Calibrate(back, input.context).change_set.changes;
      // What would move others with it is not what was asked.
      if (changes.size() != 1 || !(changes[0].key == key)) continue;
      step.changes = std::move(changes);
      break;
    }
    if (step.changes.empty()) return absl::OkStatus();
    step.number = static_cast<int>(state().steps.size()) + 1;
    step.thins = true;
    step.source = std::string(ToString(ProposalSource::kHistory));
    step.summary = "without " + ToString(step.changes[0].key);
    step.windows = {};
    Say(absl::StrCat("taking back  ", Describe(step.changes)));
    state().steps.push_back(std::move(step));
    ROCKTUNE_RETURN_IF_ERROR(parts_.journal->Save());
  }
}

absl::Status TuneLoop::CompareWithStart() {
  if (state().total_known || state().finished) return absl::OkStatus();
  if (state().incumbent.empty()) {
    state().total_known = true;
    return absl::OkStatus();
  }
  if (KeptSteps(state()) == 1) {  // it was measured against the start
    for (const TuneStep& step : state().steps) {
      if (step.kept()) state().total = step.effect;
    }
    state().total_known = true;
    return absl::OkStatus();
  }
  Say("the start against the final values");
  PairRules rules;
  rules.max_pairs = parts_.plan.max_pairs;
  PairVerdict verdict;
  while (true) {
    const bool spent =
        parts_.plan.time_s > 0 && SpentSeconds(state()) >= parts_.plan.time_s;
    verdict = JudgeRuns(state().last_runs, rules, spent);
    if (verdict.verdict != Verdict::kOpen) break;
    ROCKTUNE_RETURN_IF_ERROR(
        NextRun({}, state().incumbent, &state().last_runs));
  }
  state().newest = {};
  state().total = verdict.effect;
  state().total_known = verdict.effect.confidence > 0;
  Say(absl::StrCat("  in all ", verdict.why));
  if (verdict.verdict == Verdict::kRegressed ||
      verdict.verdict == Verdict::kAborted) {
    // Each step was better than the one before, and all of them are not.
    state().incumbent.clear();
    state().total = {};
    state().ended = absl::StrCat(
        "together the kept values are no better than the start, which stays: ",
        verdict.why);
  }
  return absl::OkStatus();
}

}  // namespace rocktune
