// What has been tried, and what was refused or corrected.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "llm/prompt_parts.h"
#include "llm/prompt_text.h"

namespace rocktune {
namespace {

// How much a verdict teaches, by Verdict; less is more.
constexpr std::array<int, 6> kRanks = {4, 0, 0, 1, 2, 3};

std::string Percent(double share) {
  return std::isfinite(share) ? absl::StrFormat("%+.1f", 100 * share) : "?";
}

// "name all 64MiB->128MiB": families with the same step are one entry.
std::string ChangesText(const std::vector<BriefedChange>& changes) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < changes.size();) {
    const BriefedChange& first = changes[i];
    std::vector<int> families;
    size_t end = i;
    while (end < changes.size() && changes[end].option == first.option &&
           changes[end].before == first.before &&
           changes[end].after == first.after) {
      families.push_back(changes[end++].family);
    }
    parts.push_back(absl::StrCat(first.option.text(), " ", ScopesText(families),
                                 " ", ValueText(first.before, first.unit), "->",
                                 ValueText(first.after, first.unit)));
    i = end;
  }
  return parts.empty() ? "nothing known" : absl::StrJoin(parts, ", ");
}

// "ops/s 1000->1100, get p99us 500->400".
std::string ArmsText(const BriefedTrial& trial) {
  if (trial.baseline.windows == 0 || trial.candidate.windows == 0) return "";
  std::string text =
      absl::StrCat("; ops/s ", Rough(trial.baseline.throughput_ops_per_s), "->",
                   Rough(trial.candidate.throughput_ops_per_s));
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const double before = trial.baseline.latency_us_p99[kind];
    const double after = trial.candidate.latency_us_p99[kind];
    if (before <= 0 && after <= 0) continue;
    absl::StrAppend(&text, ", ", ToString(static_cast<OpKind>(kind)), " p99us ",
                    Rough(before), "->", Rough(after));
  }
  if (trial.baseline.stall_share > 0 || trial.candidate.stall_share > 0) {
    absl::StrAppend(&text, ", stalls ", RoughShare(trial.baseline.stall_share),
                    "->", RoughShare(trial.candidate.stall_share));
  }
  return text;
}

std::string LineOf(const BriefedTrial& trial, bool detailed) {
  std::string line = absl::StrCat("#", trial.id, " ", ToString(trial.verdict),
                                  " ", Percent(trial.effect.mean), "%");
  if (detailed) {
    absl::StrAppend(&line, " [", Percent(trial.effect.low), ",",
                    Percent(trial.effect.high), "] by ", ToString(trial.source),
                    ", ended ", trial.ended);
  }
  absl::StrAppend(&line, ": ", ChangesText(trial.changes));
  if (detailed) absl::StrAppend(&line, ArmsText(trial));
  return line;
}

// Positions of all trials, the ones that teach most first, of these the
// latest first.
std::vector<size_t> ByRank(const std::vector<BriefedTrial>& trials) {
  std::vector<size_t> order(trials.size());
  std::iota(order.rbegin(), order.rend(), 0);
  std::stable_sort(order.begin(), order.end(), [&trials](size_t a, size_t b) {
    return kRanks[static_cast<size_t>(trials[a].verdict)] <
           kRanks[static_cast<size_t>(trials[b].verdict)];
  });
  return order;
}

std::string NoteText(const BriefedNote& note) {
  std::string text =
      absl::StrCat(note.rejected ? "refused " : "corrected ", note.what.code);
  if (note.option) {
    absl::StrAppend(&text, ": ", note.option->text(), " ",
                    ScopeText(note.family));
    if (note.asked) {
      absl::StrAppend(&text, " ", ValueText(*note.asked, note.unit));
    }
    if (note.given && note.given != note.asked) {
      absl::StrAppend(&text, "->", ValueText(*note.given, note.unit));
    }
  }
  if (!note.what.hint.empty()) {
    absl::StrAppend(&text, " (", note.what.hint, ")");
  }
  return text;
}

}  // namespace

std::string WriteTrials(const ModelBriefing& briefing, const PromptPlan& plan) {
  const std::vector<BriefedTrial>& trials = briefing.trials;
  if (trials.empty()) return "TRIALS none yet\n";
  std::vector<size_t> order = ByRank(trials);
  const size_t listed = std::min<size_t>(order.size(), plan.listed_trials);
  std::vector<bool> detailed(trials.size()), shown(trials.size());
  for (size_t i = 0; i < listed; ++i) {
    shown[order[i]] = true;
    detailed[order[i]] = i < static_cast<size_t>(plan.detailed_trials);
  }
  std::string text = "TRIALS, oldest first (effect on the objective)\n";
  const size_t left_out =
      trials.size() - listed + static_cast<size_t>(briefing.trials_left_out);
  if (left_out > 0) {
    absl::StrAppend(&text, left_out, " older trials left out\n");
  }
  for (size_t i = 0; i < trials.size(); ++i) {
    if (shown[i]) absl::StrAppend(&text, LineOf(trials[i], detailed[i]), "\n");
  }
  return text;
}

std::string WriteNotes(const ModelBriefing& briefing) {
  if (briefing.notes.empty() && briefing.issues.empty()) return "";
  std::string text = "YOUR LAST PROPOSAL\n";
  for (const BriefedIssue& issue : briefing.issues) {
    absl::StrAppend(&text, "not read ", ToString(issue.code));
    if (issue.option) absl::StrAppend(&text, ": ", issue.option->text());
    absl::StrAppend(&text, " (", AdviceOn(issue.code));
    if (issue.nearest) {
      absl::StrAppend(&text, "; the nearest is ", issue.nearest->text());
    }
    absl::StrAppend(&text, ")\n");
  }
  for (const BriefedNote& note : briefing.notes) {
    absl::StrAppend(&text, NoteText(note), "\n");
  }
  if (briefing.notes_left_out > 0) {
    absl::StrAppend(&text, briefing.notes_left_out, " more notes left out\n");
  }
  return text;
}

}  // namespace rocktune
