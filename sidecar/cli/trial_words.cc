#include "sidecar/cli/trial_words.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rocktune::cli {
namespace {

bool Measured(const Json& effect) { return Number(effect, "confidence") > 0; }

std::string Signed(const Json& effect, absl::string_view key) {
  if (!At(effect, key).is_number()) return "?";
  return absl::StrFormat("%+.1f", Number(effect, key) * 100);
}

// Improvements are on the scale of throughput: half the cost is 100 % better.
std::string BetterOrWorse(double improvement) {
  const double percent = std::fabs(improvement) * 100;
  if (percent < 0.05) return "neither better nor worse";
  return absl::StrFormat("%.1f %% %s", percent,
                         improvement > 0 ? "better" : "worse");
}

int Pairs(const Json& trial) {
  int pairs = 0;
  for (const Json& block : Items(trial, "blocks")) {
    pairs = std::max(pairs, static_cast<int>(Number(block, "pair")) + 1);
  }
  return pairs;
}

// How the two were compared.
std::string Compared(const Json& trial) {
  const std::string design = Text(trial, "design");
  if (design == "switchback") {
    const int pairs = Pairs(trial);
    return absl::StrCat("The old and the new values took turns, ", pairs,
                        pairs == 1 ? " pair" : " pairs", " of blocks in all");
  }
  const std::string windows = absl::StrCat(
      Text(At(trial, "baseline"), "windows"), " samples with the old values");
  if (design == "warming") {
    return absl::StrCat("What the new values do grows for a while, so ",
                        Text(At(trial, "candidate"), "windows"),
                        " samples with them, up to where it levelled off, "
                        "were compared with ",
                        windows);
  }
  return absl::StrCat(windows, " were followed by ",
                      Text(At(trial, "candidate"), "windows"),
                      " with the new ones, once these had settled");
}

std::string First(const Json& trial) {
  const Json& effect = At(trial, "effect");
  if (!Measured(effect)) {
    return Text(trial, "verdict") == "open"
               ? "The trial runs, and nothing can be compared yet."
               : "The trial ended before a full comparison of the old and the "
                 "new values.";
  }
  return absl::StrFormat(
      "%s: by the cost of an operation the new ones were %s, and with %.3g %% "
      "confidence the true gain is between %s and %s %%.",
      Compared(trial), BetterOrWorse(Number(effect, "mean")),
      Number(effect, "confidence") * 100, Signed(effect, "low"),
      Signed(effect, "high"));
}

// The other cost that fell the most for certain, or null.
const Json* CheaperCost(const Json& trial) {
  const Json* best = nullptr;
  for (const Json& cost : Items(trial, "costs")) {
    const double low = Number(At(cost, "effect"), "low");
    if (low <= 0) continue;
    if (best == nullptr || low > Number(At(*best, "effect"), "low")) {
      best = &cost;
    }
  }
  return best;
}

std::string WhyKept(const Json& trial) {
  const Json& effect = At(trial, "effect");
  const double least = Number(trial, "min_effect");
  if (Number(effect, "low") > 0 && Number(effect, "mean") >= least) {
    return absl::StrFormat(
        "That is a gain even at the low end, and the gain measured is at least "
        "the %g %% that makes a change worth its risk, so the new values stay.",
        least * 100);
  }
  if (const Json* cost = CheaperCost(trial)) {
    return absl::StrFormat(
        "Operations are no better for certain, but another cost, %s, fell from "
        "%.4g to %.4g, so the new values stay.",
        Text(*cost, "name"), Number(*cost, "before"), Number(*cost, "after"));
  }
  return "That was found to be worth keeping, so the new values stay.";
}

std::string WhyRegressed(const Json& trial) {
  const Json& effect = At(trial, "effect");
  const bool worse = Measured(effect) && At(effect, "high").is_number() &&
                     Number(effect, "high") < 0;
  return worse ? "Even the high end is a loss, so the old values are back."
               : "They were found to do harm, so the old values are back.";
}

// By what ended the trial, where that says more than the verdict.
struct EndRow {
  const char* ended;
  const char* text;
};
constexpr EndRow kEnds[] = {
    {"load_shift",
     "The load changed meanwhile, so the difference can be neither credited to "
     "the new values nor blamed on them, and the old ones are back."},
    {"guardrail",
     "The new values crossed a guardrail, a limit that ends a trial at once, "
     "so the old ones are back."},
    {"p99",
     "The slow operations, p99, became so much slower that no gain makes up "
     "for "
     "it, so the old values are back."},
    {"stalls",
     "Writers had to wait so much longer that no gain makes up for it, so the "
     "old values are back."},
    {"probation",
     "They were kept at first but did harm in the probation that follows, so "
     "the old values are back."},
    {"unsettled",
     "Work that began under the old values did not end in time, so nothing can "
     "be said of the new ones, and the old ones are back."},
    {"confirmed",
     "They were proven before under this load and did no harm now, so they "
     "stay."},
    {"nothing_lost",
     "What was tried is to do without a setting that may carry nothing, and "
     "nothing was lost, so it stays like this."},
    {"limit",
     "The new values broke a limit that the operator has set, so the old ones "
     "are back."},
};

// By verdict, where nothing more is known.
constexpr EndRow kVerdicts[] = {
    {"open", "There is no verdict yet."},
    {"inconclusive",
     "When its time was over, that still could not be told from chance, so the "
     "old values are back."},
    {"aborted",
     "It was stopped from outside and says nothing about the new values; the "
     "old ones are back."},
};

std::string Second(const Json& trial) {
  const std::string verdict = Text(trial, "verdict");
  for (const EndRow& row : kEnds) {
    if (Text(trial, "ended") == row.ended) return row.text;
  }
  if (verdict == "kept") return WhyKept(trial);
  if (verdict == "regressed") return WhyRegressed(trial);
  if (verdict == "no_gain") {
    return absl::StrFormat(
        "A gain of the %g %% that makes a change worth its risk is not likely "
        "any more, so the old values are back.",
        Number(trial, "min_effect") * 100);
  }
  for (const EndRow& row : kVerdicts) {
    if (verdict == row.ended) return row.text;
  }
  return absl::StrCat("The verdict is ", verdict, ".");
}

}  // namespace

std::string EffectText(const Json& effect) {
  if (!Measured(effect)) return "";
  return absl::StrCat(Signed(effect, "mean"), " % (", Signed(effect, "low"),
                      " to ", Signed(effect, "high"), ")");
}

std::string TwoSentences(const Json& trial) {
  return absl::StrCat(First(trial), " ", Second(trial));
}

}  // namespace rocktune::cli
