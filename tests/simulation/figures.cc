#include "tests/simulation/figures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/simulation/episode.h"
#include "tests/simulation/random.h"

namespace rocktune::simulation {
namespace {

using Form = FigureForm;

constexpr size_t kMostBad = 5;

// Rows of one kind share their episodes, so this counts once.
constexpr double kGuided = 0.007;

constexpr FigureRow kRows[] = {
    {"aa_kept_ratio", "aa", Form::kRatio, true, 0.01, 0.2, 20},
    {"aa_again_kept_ratio", "aa_again", Form::kRatio, true, 0.01, 0.06, 10},
    {"worse5_kept_ratio", "worse5", Form::kRatio, true, 0.005, 0.2, 20},
    {"better10_kept_ratio", "better10", Form::kRatio, false, 0.95, 0.15, 20},
    {"better3to5_kept_ratio", "better3to5", Form::kRatio, false, 0.6, 0.1, 20},
    {"shift_miscredited_ratio", "shift", Form::kRatio, true, 0.01, 0.2, 20},
    {"median_trial_s", "duration", Form::kMedian, true, 180, 0.05, 5},
    {"bad_advisor_loss_ratio", "bad_day", Form::kMean, true, 0.01, 0.002, 1},
    {"expert_optimum_share", "expert", Form::kMean, false, 0.9, 0.012, 12,
     "of the gain"},
    {"alternating_vs_static_ratio", "alternating", Form::kMean, false, 1.1,
     0.004, 4, "values set at open"},
    {"false_alarms_per_h", "noisy_hour", Form::kMean, true, 0.05, 0.02, 5},
    {"shift_noticed_windows", "notice", Form::kMedian, true, 2, 0.02, 5},
    {"unproven_in_force_ratio", "trouble", Form::kRatio, true, 0, 0.02, 5},
    {"model_converged_ratio", "guided", Form::kRatio, false, 0.8, kGuided, 7},
    {"model_calls_p90", "guided", Form::kWorst, true, 5, kGuided, 7, nullptr,
     "competent_calls"},
    {"model_calls_median", "guided", Form::kMedian, true, 5, kGuided, 7,
     nullptr, "competent_calls"},
    {"model_tokens_p90", "guided", Form::kWorst, true, 30000, kGuided, 7,
     nullptr, "competent_tokens"},
    {"model_tokens_median", "guided", Form::kMedian, true, 30000, kGuided, 7,
     nullptr, "competent_tokens"},
    {"model_optimum_share", "guided", Form::kMean, false, 0.9, kGuided, 7,
     "the expert alone", "competent_share"},
    {"model_over_expert", "guided", Form::kMean, false, 1, kGuided, 7, nullptr,
     "competent_over_alone"},
    {"mediocre_calls_p90", "guided", Form::kWorst, true, 5, kGuided, 7, nullptr,
     "mediocre_calls"},
    {"mediocre_calls_median", "guided", Form::kMedian, true, 5, kGuided, 7,
     nullptr, "mediocre_calls"},
    {"mediocre_tokens_p90", "guided", Form::kWorst, true, 30000, kGuided, 7,
     nullptr, "mediocre_tokens"},
    {"mediocre_tokens_median", "guided", Form::kMedian, true, 30000, kGuided, 7,
     nullptr, "mediocre_tokens"},
    {"mediocre_over_expert", "guided", Form::kMean, false, 0.97, kGuided, 7,
     nullptr, "mediocre_over_alone"},
    {"hostile_loss_ratio", "hostile_day", Form::kMean, true, 0.01, 0.001, 1,
     nullptr, "loss"},
    {"hostile_loss_to_expert", "hostile_day", Form::kMean, true, 0.01, 0.001, 1,
     nullptr, "loss_to_expert"},
    {"hostile_calls_per_day", "hostile_day", Form::kMean, true, 12, 0.001, 1,
     nullptr, "calls"},
};

uint64_t SeedOf(uint64_t seed, const FigureRow& row, int episode) {
  uint64_t mixed = seed;
  for (const char* c = row.kind; *c != 0; ++c) {
    mixed = mixed * 1099511628211u + static_cast<unsigned char>(*c);
  }
  Random random(mixed + static_cast<uint64_t>(episode) * 0x9e3779b97f4a7c15);
  return random.Bits() >> 16;  // short enough to be typed
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

// The one that nine of ten values are not worse than (nearest rank).
double Worst(std::vector<double> values, bool large_is_worse) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  if (!large_is_worse) std::reverse(values.begin(), values.end());
  const double rank = std::ceil(0.9 * static_cast<double>(values.size()));
  return values[static_cast<size_t>(rank) - 1];
}

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

// Missed only where chance does not explain it: a ratio's whole interval is
// on the wrong side.
bool Held(const Figure& figure) {
  const FigureRow& row = *figure.row;
  const bool ratio = row.form == Form::kRatio;
  if (figure.episodes == 0) return false;
  if (row.at_most) {
    return (ratio ? figure.interval.low : figure.value) <= row.bound;
  }
  return (ratio ? figure.interval.high : figure.value) >= row.bound;
}

struct Episode {
  uint64_t seed = 0;
  Outcome outcome;
};
// By kind: rows of one kind are made of the same episodes.
using Episodes = std::map<std::string, std::vector<Episode>>;

void Add(const Episode& episode, std::vector<double>* values, Figure* figure) {
  const FigureRow& row = *figure->row;
  const Outcome& outcome = episode.outcome;
  if (!outcome.counted) return;
  ++figure->episodes;
  figure->hits += outcome.hit ? 1 : 0;
  figure->other += outcome.other;  // a sum until all are there
  const double value =
      row.number == nullptr ? outcome.value : outcome.numbers.at(row.number);
  values->push_back(value);
  auto& [hits, all] = figure->groups[outcome.group];
  hits += outcome.hit ? 1 : 0;
  ++all;
  const bool bad = row.form == Form::kRatio
                       ? outcome.hit == row.at_most
                       : row.at_most == (value > row.bound);
  if (bad && figure->bad.size() < kMostBad) {
    figure->bad.push_back(
        absl::StrCat(row.kind, ":", episode.seed, "  ", outcome.line));
  }
}

Figure RunFigure(const FigureRow& row, int episodes, uint64_t seed,
                 Episodes* known) {
  Figure figure;
  figure.row = &row;
  const EpisodeKind* kind = FindKind(row.kind);
  std::vector<Episode>& run = (*known)[row.kind];
  while (run.size() < static_cast<size_t>(episodes)) {
    const uint64_t own = SeedOf(seed, row, static_cast<int>(run.size()));
    run.push_back({own, kind->run(own, nullptr)});
    figure.hours += run.back().outcome.hours;
  }
  std::vector<double> values;
  for (const Episode& episode : run) Add(episode, &values, &figure);
  figure.interval = Wilson(figure.hits, figure.episodes);
  switch (row.form) {
    case Form::kRatio:
      figure.value = figure.episodes == 0
                         ? 0
                         : static_cast<double>(figure.hits) / figure.episodes;
      break;
    case Form::kMedian:
      figure.value = Median(values);
      break;
    case Form::kMean:
      figure.value = Mean(values);
      break;
    case Form::kWorst:
      figure.value = Worst(std::move(values), row.at_most);
      break;
  }
  if (figure.episodes > 0) figure.other /= figure.episodes;
  figure.held = Held(figure);
  return figure;
}

}  // namespace

Interval Wilson(int hits, int trials) {
  if (trials == 0) return {0, 1};
  constexpr double kZ = 1.959964;
  const double n = trials;
  const double p = hits / n;
  const double middle = p + kZ * kZ / (2 * n);
  const double half = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  return {std::max(0.0, (middle - half) / scale),
          std::min(1.0, (middle + half) / scale)};
}

absl::Span<const FigureRow> FigureRows() { return kRows; }

std::vector<Figure> RunFigures(
    int episodes, uint64_t seed, absl::string_view only,
    const std::function<void(const Figure&)>& progress) {
  std::vector<Figure> figures;
  Episodes known;
  for (const FigureRow& row : kRows) {
    if (!only.empty() && only != row.kind) continue;
    const double share = only.empty() ? row.share : 1;
    const int count = std::max(only.empty() ? row.least : 1,
                               static_cast<int>(std::round(share * episodes)));
    figures.push_back(RunFigure(row, count, seed, &known));
    if (progress) progress(figures.back());
  }
  return figures;
}

std::string ToTable(absl::Span<const Figure> figures) {
  std::string text =
      absl::StrFormat("%-28s %8s  %-18s %9s  %-4s %8s %8s\n", "figure", "value",
                      "95 % interval", "required", "", "episodes", "hours");
  for (const Figure& figure : figures) {
    const FigureRow& row = *figure.row;
    const bool ratio = row.form == FigureForm::kRatio;
    absl::StrAppendFormat(
        &text, "%-28s %8.4g  %-18s %9s  %-4s %8d %8.1f\n", row.key,
        figure.value,
        ratio ? absl::StrFormat("[%.4f, %.4f]", figure.interval.low,
                                figure.interval.high)
              : "",
        absl::StrFormat("%s %.4g", row.at_most ? "<=" : ">=", row.bound),
        figure.held ? "ok" : "MISS", figure.episodes, figure.hours);
    if (row.other != nullptr) {
      absl::StrAppendFormat(&text, "  %-26s %8.4g\n", row.other, figure.other);
    }
    if (!ratio || figure.groups.size() < 2) continue;
    for (const auto& [group, counts] : figure.groups) {
      absl::StrAppendFormat(&text, "  %-26s %8.4g  %d of %d\n", group,
                            static_cast<double>(counts.first) / counts.second,
                            counts.first, counts.second);
    }
  }
  return text;
}

std::string ToJson(absl::Span<const Figure> figures) {
  std::string text = "{";
  for (const Figure& figure : figures) {
    absl::StrAppendFormat(&text, "%s\n  \"%s\": %.6g", text == "{" ? "" : ",",
                          figure.row->key, figure.value);
  }
  return text + "\n}\n";
}

}  // namespace rocktune::simulation
