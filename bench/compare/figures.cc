#include "bench/compare/figures.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "policy/student_t.h"

namespace rocktune {
namespace {

constexpr double kConfidence = 0.95;
constexpr double kLeastGain = 0.01;  // of an oracle, to be a share of

using Place = std::tuple<std::string, std::string, uint64_t>;

Place PlaceOf(const CellResult& result) {
  return {result.spec.workload, result.spec.device, result.spec.seed};
}

std::map<Place, const CellResult*> ByPlace(
    const std::vector<CellResult>& results, const std::string& contestant) {
  std::map<Place, const CellResult*> map;
  for (const CellResult& result : results) {
    if (result.spec.contestant == contestant && result.error.empty()) {
      map[PlaceOf(result)] = &result;
    }
  }
  return map;
}

double SpeedOf(const CellResult& result) {
  return FullSpeedOpsPerS(result.spec, result.tail);
}

}  // namespace

// A contestant that failed has reached nothing, which is no ratio: it is
// listed beside the table.
Metric EndThroughput() {
  return {"throughput at the end",
          [](const CellResult& r) { return SpeedOf(r); }, false};
}

Metric WholeThroughput() {
  return {"throughput of the whole run",
          [](const CellResult& r) { return FullSpeedOpsPerS(r.spec, r.whole); },
          false};
}

Metric P99() {
  return {"p99", [](const CellResult& r) { return P99Us(r.tail); }, true};
}

std::vector<CellRatio> RatiosOf(const std::vector<CellResult>& results,
                                const Metric& metric, const std::string& of,
                                const std::string& against) {
  const auto others = ByPlace(results, against);
  std::vector<CellRatio> ratios;
  for (const auto& [place, result] : ByPlace(results, of)) {
    const auto other = others.find(place);
    if (other == others.end()) continue;
    double a = metric.value(*result);
    double b = metric.value(*other->second);
    if (metric.inverted) std::swap(a, b);
    if (a <= 0 || b <= 0) continue;
    const auto& [workload, device, seed] = place;
    ratios.push_back({workload, device, seed, a / b});
  }
  return ratios;
}

RatioFigure Summarise(const std::vector<CellRatio>& ratios) {
  RatioFigure figure;
  figure.cells = static_cast<int>(ratios.size());
  if (ratios.empty()) return figure;
  double sum = 0;
  for (const CellRatio& cell : ratios) {
    sum += std::log(cell.ratio);
    if (figure.worst == 0 || cell.ratio < figure.worst) {
      figure.worst = cell.ratio;
      figure.worst_cell = absl::StrCat(cell.workload, " on ", cell.device);
    }
  }
  const double n = static_cast<double>(ratios.size());
  const double mean = sum / n;
  double squares = 0;
  for (const CellRatio& cell : ratios) {
    squares += std::pow(std::log(cell.ratio) - mean, 2);
  }
  double half = 0;
  if (ratios.size() > 1) {
    half = StudentT{n - 1}.Quantile(kConfidence) *
           std::sqrt(squares / (n - 1) / n);
  }
  figure.mean = std::exp(mean);
  figure.low = std::exp(mean - half);
  figure.high = std::exp(mean + half);
  return figure;
}

std::vector<CellRatio> GainShares(const std::vector<CellResult>& results,
                                  const std::string& of) {
  const auto defaults = ByPlace(results, "defaults");
  const auto oracle = ByPlace(results, "values");
  std::vector<CellRatio> shares;
  for (const auto& [place, result] : ByPlace(results, of)) {
    const auto d = defaults.find(place);
    const auto o = oracle.find(place);
    if (d == defaults.end() || o == oracle.end()) continue;
    const double base = SpeedOf(*d->second);
    const double best = SpeedOf(*o->second);
    if (base <= 0 || best <= 0) continue;
    if (best < base * (1 + kLeastGain)) continue;
    const double share = (SpeedOf(*result) - base) / (best - base);
    const auto& [workload, device, seed] = place;
    shares.push_back({workload, device, seed, share});
  }
  return shares;
}

bool SettledWithin(const CellResult& result, size_t trials) {
  size_t decided = 0;
  for (const CellTrial& trial : result.trials) {
    if (trial.verdict == "open" || trial.verdict == "aborted") continue;
    ++decided;
    if (decided > trials && trial.verdict == "kept") return false;
  }
  return true;
}

double Median(std::vector<double> numbers) {
  if (numbers.empty()) return 0;
  std::sort(numbers.begin(), numbers.end());
  const size_t middle = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[middle]
                                 : (numbers[middle - 1] + numbers[middle]) / 2;
}

}  // namespace rocktune
