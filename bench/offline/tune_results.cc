#include "bench/offline/tune_results.h"

#include <filesystem>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "bench/cell/cell.h"
#include "bench/offline/evaluator.h"
#include "hooks/attached_db.h"
#include "hooks/options_file.h"
#include "policy/status_macros.h"
#include "rocksdb/db.h"

namespace rocktune {
namespace {

absl::Status Full(const absl::Status& status) {
  return SpeaksOfFullDisk(std::string(status.message()))
             ? absl::ResourceExhaustedError(std::string(status.message()))
             : status;
}

absl::Status WriteText(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.flush();
  if (!out) return absl::ResourceExhaustedError(path + " cannot be written");
  return absl::OkStatus();
}

// The step that gave the option its final value, and what else it changed.
void ReadSteps(const TuneState& state, FinalChange* final_change) {
  for (const TuneStep& step : state.steps) {
    for (const Change& change : step.changes) {
      if (!(change.key == final_change->key)) continue;
      if (step.thins && !step.kept() && !step.runs.empty()) {
        final_change->measured_alone = true;
        final_change->without_it = step.effect;
      }
      if (step.thins || !step.kept()) continue;
      final_change->step = step.number;
      final_change->reason =
          change.reason.empty() ? step.summary : change.reason;
      final_change->effect = step.effect;
      final_change->together_with.clear();
      for (const Change& other : step.changes) {
        if (other.key == change.key) continue;
        final_change->together_with.push_back(ToString(other.key));
      }
    }
  }
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
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  if (rocksdb::Status s = rocksdb::DB::Open(options, scratch_dir, &raw);
      !s.ok()) {
    return Full(absl::InternalError(s.ToString()));
  }
  std::set<std::string> names;
  absl::Status status;
  {
    const std::unique_ptr<rocksdb::DB> db(raw);
    auto attached =
        AttachedDb::Attach(raw, {raw->DefaultColumnFamily()}, "scratch");
    status = attached.status();
    if (attached.ok()) {
      for (const CatalogueRow& row : (*attached)->catalogue().rows()) {
        if (row.option_class != OptionClass::kForbidden) names.insert(row.name);
      }
      status = (*attached)->Detach(absl::Seconds(10));
    }
  }
  std::error_code ignored;
  std::filesystem::remove_all(scratch_dir, ignored);
  if (!status.ok()) return status;
  return names;
}

absl::Status WriteResults(const TuneState& state, const OfflineOptions& options,
                          const std::string& dir) {
  ROCKTUNE_ASSIGN_OR_RETURN(const OptionSet last,
                            options.With(state.incumbent));
  // Loads it and compares every value before it is in place.
  ROCKTUNE_RETURN_IF_ERROR(Full(WriteOptionsFile(last, dir + "/OPTIONS")));
  ROCKTUNE_ASSIGN_OR_RETURN(const std::set<std::string> online,
                            OnlineOptions(dir + "/work/scratch"));
  const TuneResult result = ResultOf(state, options, online);
  ROCKTUNE_RETURN_IF_ERROR(WriteText(dir + "/diff.md", DiffMarkdown(result)));
  ROCKTUNE_RETURN_IF_ERROR(
      WriteText(dir + "/set_options.txt", SetOptionsText(result)));
  ROCKTUNE_RETURN_IF_ERROR(
      WriteJsonFile(dir + "/online.json", OnlineJson(result)));
  // A report for people is to be made of result.json, here.
  return WriteJsonFile(dir + "/result.json", ResultJson(result));
}

}  // namespace rocktune
