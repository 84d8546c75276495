#include "bench/offline/tune_loop.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/demo/record.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

// Advice of which calibration leaves nothing is asked for again so often.
constexpr int kMostAdvices = 8;
// A model that was not understood twice is not asked a third time in a step.
constexpr int kMostModelAdvices = 2;

PairRules RulesOf(const TunePlan& plan) {
  PairRules rules;
  rules.max_pairs = plan.max_pairs;
  return rules;
}

std::string LineOf(const RunFigures& run) {
  if (!run.error.empty()) return "failed: " + run.error;
  if (run.gave_up) return "stopped early, far behind";
  return absl::StrFormat(
      "%s ops/s%s", WithCommas(run.throughput_ops_per_s),
      run.p99_us > 0 ? absl::StrFormat(", p99 %.0f us", run.p99_us) : "");
}

// Only the newest are looked at.
void Trim(std::vector<Window>* windows) {
  if (windows->size() <= kKeptWindows) return;
  windows->erase(windows->begin(),
                 windows->end() - static_cast<std::ptrdiff_t>(kKeptWindows));
}

RunBench::Reference ReferenceOf(const TuneState& state,
                                const std::vector<ComparedRun>& runs) {
  RunBench::Reference reference{state.first.score, state.first.seconds};
  for (const ComparedRun& run : runs) {
    if (run.candidate) continue;
    reference = {run.figures.score, run.figures.seconds};
  }
  return reference;
}

}  // namespace

OptionValues Over(OptionValues changed, const std::vector<Change>& changes) {
  for (const Change& change : changes) changed[change.key] = change.after;
  return changed;
}

std::string Describe(const std::vector<Change>& changes) {
  std::vector<ChangeLine> lines;
  for (const Change& change : changes) {
    lines.push_back({change.key.name, change.before, change.after});
  }
  return ShortChanges(lines);
}

std::string ReasonToStop(const TuneState& state, const TunePlan& plan) {
  int taken = 0;
  for (const TuneStep& step : state.steps) taken += step.thins ? 0 : 1;
  if (taken >= plan.iterations) {
    return absl::StrCat(plan.iterations, " iterations are done");
  }
  if (plan.time_s > 0 && SpentSeconds(state) >= plan.time_s) {
    return absl::StrCat("the time of ", plan.time_s, " s is spent");
  }
  if (taken < kStalledSteps) return "";
  double gain = 0;
  for (size_t i = state.steps.size() - kStalledSteps; i < state.steps.size();
       ++i) {
    if (state.steps[i].kept()) gain += std::log1p(state.steps[i].effect.mean);
  }
  return gain < std::log1p(kLeastGain)
             ? absl::StrFormat(
                   "%d iterations in a row brought less than %.0f %%",
                   kStalledSteps, 100 * kLeastGain)
             : "";
}

std::string TuneLoop::Left() const {
  const double run_s =
      std::max(state().first.seconds, parts_.evaluator->ExpectedSeconds());
  int steps = parts_.plan.iterations;
  double left = 0;
  for (const TuneStep& step : state().steps) {
    if (step.thins) continue;
    --steps;
    if (step.open()) {
      left += run_s * std::max(0.0, 2.0 * PairRules().min_pairs -
                                        static_cast<double>(step.runs.size()));
    }
  }
  left += run_s * 2 * PairRules().min_pairs * (std::max(0, steps) + 1);
  if (parts_.plan.time_s > 0) {
    left = std::min(left, parts_.plan.time_s - SpentSeconds(state()));
  }
  return "about " + ShortSeconds(std::max(0.0, left)) + " left";
}

absl::Status TuneLoop::Run() {
  ROCKTUNE_RETURN_IF_ERROR(parts_.evaluator->Prepare());
  if (!state().started()) ROCKTUNE_RETURN_IF_ERROR(Baseline());
  ROCKTUNE_RETURN_IF_ERROR(RepeatPast());
  while (state().ended.empty()) {
    if (state().steps.empty() || !state().steps.back().open()) {
      state().ended = ReasonToStop(state(), parts_.plan);
      if (state().ended.empty()) ROCKTUNE_RETURN_IF_ERROR(Propose());
      if (!state().ended.empty()) break;
    }
    ROCKTUNE_RETURN_IF_ERROR(Measure(&state().steps.back()));
  }
  ROCKTUNE_RETURN_IF_ERROR(parts_.journal->Save());
  Say("no more iterations: " + state().ended);
  if (parts_.plan.thin) ROCKTUNE_RETURN_IF_ERROR(Thin());
  ROCKTUNE_RETURN_IF_ERROR(CompareWithStart());
  state().finished = true;
  return parts_.journal->Save();
}

absl::Status TuneLoop::Baseline() {
  state().start = parts_.options->start();
  if (const absl::Status tried = parts_.bench->Try({}); !tried.ok()) {
    if (!absl::IsInvalidArgument(tried)) return tried;
    return absl::FailedPreconditionError(absl::StrCat(
        "the start options do not open: ", std::string(tried.message())));
  }
  ROCKTUNE_ASSIGN_OR_RETURN(RunFigures run, parts_.bench->Run({}, {}));
  if (!run.error.empty()) {
    return absl::FailedPreconditionError("the start options do not run: " +
                                         run.error);
  }
  state().windows = std::move(run.windows);
  Trim(&state().windows);
  run.windows.clear();
  state().first = std::move(run);
  Say(absl::StrFormat("start        %s  %s", LineOf(state().first), Left()));
  return parts_.journal->Save();
}

// What is known is of the options that were read when it began.
absl::Status TuneLoop::CheckSameStart() {
  if (!state().started()) return absl::OkStatus();
  const OptionValues& now = parts_.options->start();
  std::string difference;
  for (const auto& [key, value] : now) {
    const auto then = state().start.find(key);
    if (then != state().start.end() && then->second == value) continue;
    difference =
        absl::StrCat(ToString(key), " is ", value, " and was ",
                     then == state().start.end() ? "not there" : then->second);
    break;
  }
  if (difference.empty() && now.size() == state().start.size()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the options to start from have changed since this run began (",
      difference.empty() ? "there were more" : difference,
      "): put them back, or begin anew with another --out"));
}

AdvisorInput TuneLoop::InputOf(const OptionValues& values,
                               const std::vector<Window>& windows) {
  return {parts_.options->Context(values, windows), windows, trials_};
}

// What was asked and learnt before this process, in the same order.
absl::Status TuneLoop::RepeatPast() {
  OptionValues changed;
  for (TuneStep& step : state().steps) {
    if (step.thins) break;
    const OptionValues values = parts_.options->Values(changed);
    const AdvisorInput input = InputOf(values, step.windows);
    for (const std::string& who : step.asked) {
      ROCKTUNE_RETURN_IF_ERROR(parts_.advisor->Repeat(who, input));
    }
    if (step.open()) break;
    trials_.push_back(TrialOf(step));
    parts_.advisor->Learn(trials_.back());
    if (step.kept()) changed = Over(std::move(changed), step.changes);
  }
  return absl::OkStatus();
}

absl::Status TuneLoop::Propose() {
  TuneStep step;
  step.number = static_cast<int>(state().steps.size()) + 1;
  step.windows = state().windows;
  const OptionValues values = parts_.options->Values(state().incumbent);
  const AdvisorInput input = InputOf(values, step.windows);
  std::vector<CalibrationNote> notes;
  std::string why;
  for (int i = 0; i < kMostAdvices && step.changes.empty(); ++i) {
    const bool may_ask =
        i < kMostModelAdvices && state().tokens < parts_.plan.tokens;
    ROCKTUNE_ASSIGN_OR_RETURN(OfflineAdvice given,
                              parts_.advisor->Advise({input, notes, may_ask}));
    state().tokens += given.tokens;
    step.asked.push_back(given.asked);
    if (!given.trouble.empty()) {
      Say("  the model was not heard: " + given.trouble);
    }
    why = given.advice.why;
    if (!given.advice.proposal) break;
    CalibrationResult result = Calibrate(*given.advice.proposal, input.context);
    for (const CalibrationNote& note : result.notes) {
      step.notes.push_back(note.message);
    }
    notes = std::move(result.notes);
    step.source = std::string(ToString(given.advice.proposal->source));
    step.summary = given.advice.proposal->summary;
    step.changes = std::move(result.change_set.changes);
  }
  if (step.changes.empty()) {
    state().ended = "the advisor has nothing more to propose: " + why;
    return absl::OkStatus();
  }
  Say(absl::StrCat("iteration ", step.number, "  ", Describe(step.changes),
                   "  (", step.summary, ")"));
  state().steps.push_back(std::move(step));
  return parts_.journal->Save();
}

absl::Status TuneLoop::NextRun(const OptionValues& incumbent,
                               const OptionValues& candidate,
                               std::vector<ComparedRun>* runs) {
  ComparedRun run;
  run.candidate = NextIsCandidate(*runs);
  ROCKTUNE_ASSIGN_OR_RETURN(
      run.figures, parts_.bench->Run(run.candidate ? candidate : incumbent,
                                     run.candidate ? ReferenceOf(state(), *runs)
                                                   : RunBench::Reference()));
  Say(absl::StrFormat("  %2d %-9s %s  %s", runs->size() + 1,
                      run.candidate ? "candidate" : "incumbent",
                      LineOf(run.figures), Left()));
  if (!run.candidate && !run.figures.error.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the proven options do not run any more: ", run.figures.error,
        "; when that is mended, the same command goes on"));
  }
  if (!run.figures.windows.empty()) {
    std::vector<Window>& newest = state().newest[run.candidate ? 1 : 0];
    newest = std::exchange(run.figures.windows, {});
    Trim(&newest);
  }
  runs->push_back(std::move(run));
  return parts_.journal->Save();
}

absl::Status TuneLoop::Measure(TuneStep* step) {
  ROCKTUNE_RETURN_IF_ERROR(parts_.journal->RecordOpen(step));
  const OptionValues candidate = Over(state().incumbent, step->changes);
  if (step->runs.empty()) {
    if (const absl::Status tried = parts_.bench->Try(candidate); !tried.ok()) {
      if (!absl::IsInvalidArgument(tried)) return tried;
      PairVerdict refused;
      refused.verdict = Verdict::kAborted;
      refused.why = "does not open: " + std::string(tried.message());
      return Close(step, refused);
    }
  }
  PairRules rules = RulesOf(parts_.plan);
  rules.simplifies = step->thins;
  while (true) {
    const bool spent =
        parts_.plan.time_s > 0 && SpentSeconds(state()) >= parts_.plan.time_s;
    const PairVerdict verdict = JudgeRuns(step->runs, rules, spent);
    if (verdict.verdict != Verdict::kOpen) return Close(step, verdict);
    ROCKTUNE_RETURN_IF_ERROR(
        NextRun(state().incumbent, candidate, &step->runs));
  }
}

absl::Status TuneLoop::Close(TuneStep* step, const PairVerdict& verdict) {
  step->verdict = std::string(ToString(verdict.verdict));
  step->effect = verdict.effect;
  step->why = verdict.why;
  auto& newest = state().newest;
  step->incumbent = SummariseRuns(step->runs, false, newest[0]);
  step->candidate = SummariseRuns(step->runs, true, newest[1]);
  // The next advice looks at the configuration it would change.
  std::vector<Window>& of_incumbent = newest[step->kept() ? 1 : 0];
  if (!of_incumbent.empty()) state().windows = std::move(of_incumbent);
  newest = {};
  if (step->kept()) {
    state().incumbent = Over(std::move(state().incumbent), step->changes);
    for (auto it = state().incumbent.begin(); it != state().incumbent.end();) {
      const auto at_start = state().start.find(it->first);
      const bool back = at_start != state().start.end() &&
                        SameValue(at_start->second, it->second);
      it = back ? state().incumbent.erase(it) : std::next(it);
    }
  }
  ROCKTUNE_RETURN_IF_ERROR(parts_.journal->RecordClosed(*step));
  if (!step->thins) {
    trials_.push_back(TrialOf(*step));
    parts_.advisor->Learn(trials_.back());
  }
  Say(absl::StrCat("  ", step->verdict, ": ", step->why));
  return parts_.journal->Save();
}

}  // namespace rocktune
