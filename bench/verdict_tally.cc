#include "bench/verdict_tally.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

using boost::json::object;

bool IsKept(const VerdictRow& row) { return row.verdict == "kept"; }
bool IsCaught(const VerdictRow& row) { return !IsKept(row) && row.restored; }
bool IsRegressed(const VerdictRow& row) { return row.verdict == "regressed"; }

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

std::string InWords(const Share& share) {
  const WilsonInterval interval = Wilson(share);
  return absl::StrFormat("%3d of %3d  %5.1f %% [%.1f, %.1f]", share.hits,
                         share.of, 100 * share.Value(), 100 * interval.low,
                         100 * interval.high);
}

object ShareJson(const Share& share) {
  const WilsonInterval interval = Wilson(share);
  return {{"hits", share.hits},
          {"of", share.of},
          {"ratio", share.Value()},
          {"low", interval.low},
          {"high", interval.high}};
}

}  // namespace

WilsonInterval Wilson(const Share& share) {
  if (share.of == 0) return {};
  constexpr double z = 1.959964;  // 97.5 % of the normal distribution
  const double n = share.of;
  const double p = share.Value();
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half =
      z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

void VerdictTally::Add(const VerdictPhase& phase, const VerdictRow& row) {
  entries_.push_back({phase.name, phase.planted, row});
}

Share VerdictTally::Count(bool planted, bool (*hit)(const VerdictRow&)) const {
  Share share;
  for (const Entry& entry : entries_) {
    if (entry.planted != planted) continue;
    ++share.of;
    share.hits += hit(entry.row) ? 1 : 0;
  }
  return share;
}

Share VerdictTally::NoOpsKept() const { return Count(false, IsKept); }
Share VerdictTally::PlantedCaught() const { return Count(true, IsCaught); }

bool VerdictTally::Missed() const {
  return (NoOpsKept().of > 0 && Wilson(NoOpsKept()).low > kMostKept) ||
         (PlantedCaught().of > 0 &&
          Wilson(PlantedCaught()).high < kLeastCaught);
}

std::string VerdictTally::RunningCount() const {
  const Share kept = NoOpsKept();
  const Share caught = PlantedCaught();
  return absl::StrFormat("A/A kept %d/%d, planted caught %d/%d", kept.hits,
                         kept.of, caught.hits, caught.of);
}

std::string VerdictTally::Table() const {
  std::string text = absl::StrFormat(
      "\nA/A kept           %s   at most %.0f %%\n"
      "planted caught     %s   at least %.0f %%\n"
      "  as regressed     %s\n\n"
      "%-40s %6s %8s %10s\n",
      InWords(NoOpsKept()), 100 * kMostKept, InWords(PlantedCaught()),
      100 * kLeastCaught, InWords(Count(true, IsRegressed)), "medians by kind",
      "trials", "seconds", "in force s");
  struct Times {
    std::vector<double> seconds, in_force_s;
  };
  std::map<std::string, Times> kinds;
  for (const Entry& entry : entries_) {
    Times& times = kinds[absl::StrCat(entry.phase, ", ", entry.row.design)];
    times.seconds.push_back(entry.row.seconds);
    times.in_force_s.push_back(entry.row.in_force_s);
  }
  for (const auto& [kind, times] : kinds) {
    absl::StrAppendFormat(&text, "%-40s %6d %8.1f %10.1f\n", kind,
                          times.seconds.size(), Median(times.seconds),
                          Median(times.in_force_s));
  }
  return text;
}

object VerdictTally::Json() const {
  boost::json::array trials;
  for (const Entry& entry : entries_) {
    const VerdictRow& row = entry.row;
    trials.push_back(object{{"phase", entry.phase},
                            {"candidate", row.candidate},
                            {"design", row.design},
                            {"verdict", row.verdict},
                            {"ended", row.ended},
                            {"why", row.why},
                            {"effect", row.effect},
                            {"seconds", row.seconds},
                            {"in_force_s", row.in_force_s},
                            {"restored", row.restored}});
  }
  return {{"aa_kept", ShareJson(NoOpsKept())},
          {"planted_caught", ShareJson(PlantedCaught())},
          {"planted_regressed", ShareJson(Count(true, IsRegressed))},
          {"trials", std::move(trials)}};
}

}  // namespace rocktune
