// Results of the search as files, and the space it searches.
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/cell/json_fields.h"
#include "bench/contestants/live_options.h"
#include "bench/oracle/oracle.h"
#include "policy/status_macros.h"
#include "rocksdb/version.h"

namespace rocktune {

template <typename Visitor>
void Fields(Visitor& visit, OracleResult& result) {
  visit("workload", result.workload);
  visit("device", result.device);
  visit("data_bytes", result.data_bytes);
  visit("memory_bytes", result.memory_bytes);
  visit("seed", result.seed);
  visit("evaluations", result.evaluations);
  visit("defaults_ops_per_s", result.defaults_ops_per_s);
  visit("best_ops_per_s", result.best_ops_per_s);
  visit("values", result.values);
  visit("command", result.command);
  visit("rocksdb_version", result.rocksdb_version);
}

boost::json::object ToJson(const OracleResult& result) {
  return JsonOf(result);
}

absl::StatusOr<OracleResult> OracleFromJson(const boost::json::object& json) {
  return FromJson<OracleResult>(json);
}

std::string OraclePath(const std::string& dir, const CellSpec& place) {
  CellSpec what;
  what.contestant = "values";
  what.workload = place.workload;
  what.device = place.device;
  what.seed = place.seed;
  what.data_bytes = place.data_bytes;
  what.budget = place.budget;
  what.budget.trial_s = 0;  // of other contestants
  return absl::StrCat(dir, "/", CellId(what), "_",
                      rocksdb::GetRocksVersionAsString(), ".json");
}

absl::StatusOr<OracleResult> ReadOracle(const std::string& dir,
                                        const CellSpec& place) {
  const std::string path = OraclePath(dir, place);
  const auto json = ReadJsonFile(path);
  if (absl::IsNotFound(json.status())) {
    return absl::NotFoundError(absl::StrCat(
        "no oracle ", path, "; make it: rocktune-bench oracle --workloads ",
        place.workload, " --devices ", place.device, " --seeds ", place.seed,
        " --data ", place.data_bytes, " --memory ", place.budget.memory_bytes,
        " --cores ", place.budget.cores, " --oracle ", dir));
  }
  if (!json.ok()) return json.status();
  return OracleFromJson(*json);
}

absl::StatusOr<DefaultSpace> SpaceOfDefaults(const std::string& dir,
                                             const CellBudget& budget) {
  std::error_code ignored;
  std::filesystem::remove_all(dir, ignored);  // of a search that was killed
  ROCKTUNE_ASSIGN_OR_RETURN(DefaultDatabase defaults, ReadDefaults(dir));
  SearchSpace space(defaults.catalogue, defaults.values, budget.memory_bytes);
  return DefaultSpace{std::move(space), std::move(defaults.values)};
}

}  // namespace rocktune
