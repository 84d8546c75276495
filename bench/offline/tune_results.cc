#include "bench/offline/tune_results.h"

#include <algorithm>
#include <filesystem>

#include "bench/cell/cell.h"
#include "bench/cell/database_copy.h"
#include "bench/contestants/live_options.h"
#include "bench/demo/summary.h"
#include "hooks/options_file.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

absl::Status Full(const absl::Status& status) {
  return SpeaksOfFullDisk(std::string(status.message()))
             ? absl::ResourceExhaustedError(std::string(status.message()))
             : status;
}

// The directory could be written to until now.
absl::Status WriteText(const std::string& path, const std::string& text) {
  const absl::Status status = WriteFile(path, text);
  return status.ok()
             ? status
             : absl::ResourceExhaustedError(std::string(status.message()));
}

// Both, one after the other. The interval is wider than it need be: it takes
// both at their worst, and at their best.
Effect Joined(const Effect& first, const Effect& second) {
  const auto join = [](double a, double b) { return (1 + a) * (1 + b) - 1; };
  return {join(first.mean, second.mean), join(first.low, second.low),
          join(first.high, second.high),
          std::min(first.confidence, second.confidence)};
}

// The steps that brought the option to its final value, and what else they
// changed.
void ReadSteps(const TuneState& state, FinalChange* final_change) {
  std::set<std::string> others;
  for (const TuneStep& step : state.steps) {
    for (const Change& change : step.changes) {
      if (!(change.key == final_change->key)) continue;
      if (step.thins && !step.kept() && !step.runs.empty()) {
        final_change->measured_alone = true;
        final_change->without_it = step.effect;
      }
      if (step.thins || !step.kept()) continue;
      final_change->effect = final_change->steps.empty()
                                 ? step.effect
                                 : Joined(final_change->effect, step.effect);
      final_change->steps.push_back(step.number);
      final_change->reason =
          change.reason.empty() ? step.summary : change.reason;
      for (const Change& other : step.changes) {
        if (!(other.key == change.key)) others.insert(ToString(other.key));
      }
    }
  }
  final_change->together_with.assign(others.begin(), others.end());
}

}  // namespace

TuneResult ResultOf(const TuneState& state, const OfflineOptions& options,
                    const std::set<std::string>& online) {
  TuneResult result{state, options.host(), {}};
  for (const auto& [key, value] : state.incumbent) {
    FinalChange change;
    change.key = key;
    if (const CatalogueRow* row = options.catalogue().Find(key.name)) {
      change.scope = row->scope;
    }
    change.before = state.start.at(key);
    change.after = value;
    change.online = online.count(key.name) > 0;
    ReadSteps(state, &change);
    result.changes.push_back(std::move(change));
  }
  return result;
}

absl::StatusOr<std::set<std::string>> OnlineOptions(
    const std::string& scratch_dir) {
  const absl::StatusOr<DefaultDatabase> defaults = ReadDefaults(scratch_dir);
  if (!defaults.ok()) return Full(defaults.status());
  std::set<std::string> names;
  for (const CatalogueRow& row : defaults->catalogue.rows()) {
    if (row.option_class != OptionClass::kForbidden) names.insert(row.name);
  }
  return names;
}

absl::Status WriteResults(const TuneState& state, const OfflineOptions& options,
                          const std::string& dir) {
  ROCKTUNE_ASSIGN_OR_RETURN(const OptionSet last,
                            options.ForService(state.incumbent));
  // Loads it and compares every value before it is in place.
  ROCKTUNE_RETURN_IF_ERROR(Full(WriteOptionsFile(last, dir + "/OPTIONS")));
  ROCKTUNE_ASSIGN_OR_RETURN(
      const std::set<std::string> online,
      OnlineOptions(std::filesystem::path(dir) / "work" / "scratch"));
  const TuneResult result = ResultOf(state, options, online);
  ROCKTUNE_RETURN_IF_ERROR(WriteText(dir + "/diff.md", DiffMarkdown(result)));
  ROCKTUNE_RETURN_IF_ERROR(
      WriteText(dir + "/set_options.txt", SetOptionsText(result)));
  ROCKTUNE_RETURN_IF_ERROR(
      WriteJsonFile(dir + "/online.json", OnlineJson(result)));
  ROCKTUNE_RETURN_IF_ERROR(
      WriteText(dir + "/report.html", TuneReportHtml(ReportOf(result))));
  return WriteJsonFile(dir + "/result.json", ResultJson(result));
}

}  // namespace rocktune
