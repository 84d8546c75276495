// The numbers behind the charts of a comparison, small enough for a page.
#include <boost/json/array.hpp>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bench/report/compare_page.h"

namespace rocktune {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

boost::json::string Text(const std::string& text) {
  return boost::json::string(text.c_str());
}

// Whole numbers are shorter, and a chart shows no more. Nothing measured: null.
value Rounded(double number) {
  if (!(number > 0) || !std::isfinite(number)) return nullptr;
  return std::llround(number);
}

double Tenths(double seconds) { return std::round(10 * seconds) / 10; }

value Trial(const CellTrial& trial) {
  return object{{"begin", Tenths(trial.begin_s)},
                {"end", Tenths(trial.end_s)},
                {"verdict", Text(trial.verdict)},
                {"what", Text(trial.what)},
                {"effect", std::isfinite(trial.effect) ? value(trial.effect)
                                                       : value(nullptr)}};
}

value Run(const CellResult& result) {
  array at, ops, read, write, trials;
  for (const CellPoint& point : result.points) {
    at.push_back(Tenths(point.at_s));
    ops.push_back(Rounded(point.ops_per_s));
    read.push_back(Rounded(point.read_p99_us));
    write.push_back(Rounded(point.write_p99_us));
  }
  if (IsRocktune(result.spec.contestant)) {
    for (const CellTrial& trial : result.trials) trials.push_back(Trial(trial));
  }
  return object{{"contestant", Text(result.spec.contestant)},
                {"at", std::move(at)},
                {"ops", std::move(ops)},
                {"read", std::move(read)},
                {"write", std::move(write)},
                {"trials", std::move(trials)}};
}

// Geometric mean over the seeds of the throughput at the end; null without.
value EndOf(const std::vector<CellResult>& results, const CellSpec& place) {
  double logs = 0;
  int count = 0;
  for (const CellResult& result : results) {
    if (result.spec.contestant != place.contestant ||
        result.spec.workload != place.workload ||
        result.spec.device != place.device) {
      continue;
    }
    const double ops_per_s = FullSpeedOpsPerS(result.spec, result.tail);
    if (!(ops_per_s > 0)) continue;
    logs += std::log(ops_per_s);
    ++count;
  }
  return count == 0 ? value(nullptr) : Rounded(std::exp(logs / count));
}

value Bars(const ComparePlan& plan, const std::vector<CellResult>& results,
           const std::string& device) {
  array workloads, rows;
  for (const std::string& name : plan.workloads) {
    workloads.push_back(Text(name));
  }
  for (const std::string& contestant : plan.contestants) {
    array ops;
    for (const std::string& workload : plan.workloads) {
      CellSpec place;
      place.contestant = contestant;
      place.workload = workload;
      place.device = device;
      ops.push_back(EndOf(results, place));
    }
    rows.push_back(
        object{{"contestant", Text(contestant)}, {"ops", std::move(ops)}});
  }
  return object{{"device", Text(device)},
                {"workloads", std::move(workloads)},
                {"rows", std::move(rows)}};
}

const CellResult* LeastSeed(const std::vector<CellResult>& results,
                            const CellSpec& place) {
  const CellResult* least = nullptr;
  for (const CellResult& result : results) {
    if (result.spec.contestant == place.contestant &&
        result.spec.workload == place.workload &&
        result.spec.device == place.device &&
        (least == nullptr || result.spec.seed < least->spec.seed)) {
      least = &result;
    }
  }
  return least;
}

}  // namespace

bool IsRocktune(const std::string& contestant) {
  return absl::StartsWith(contestant, "rocktune");
}

std::vector<ComparePlace> PlacesOf(const ComparePlan& plan,
                                   const std::vector<CellResult>& results) {
  std::vector<ComparePlace> places;
  for (const std::string& workload : plan.workloads) {
    for (const std::string& device : plan.devices) {
      ComparePlace place{workload, device, {}};
      for (const std::string& contestant : plan.contestants) {
        CellSpec spec;
        spec.contestant = contestant;
        spec.workload = workload;
        spec.device = device;
        const CellResult* run = LeastSeed(results, spec);
        if (run != nullptr && !run->points.empty()) place.runs.push_back(run);
      }
      if (!place.runs.empty()) places.push_back(std::move(place));
    }
  }
  return places;
}

object CompareData(const ComparePlan& plan,
                   const std::vector<CellResult>& results) {
  array contestants, bars, places;
  for (const std::string& name : plan.contestants) {
    contestants.push_back(Text(name));
  }
  for (const std::string& device : plan.devices) {
    bars.push_back(Bars(plan, results, device));
  }
  for (const ComparePlace& place : PlacesOf(plan, results)) {
    array runs;
    for (const CellResult* run : place.runs) runs.push_back(Run(*run));
    places.push_back(std::move(runs));
  }
  return {{"contestants", std::move(contestants)},
          {"bars", std::move(bars)},
          {"places", std::move(places)}};
}

}  // namespace rocktune
