#include "bench/compare/compare.h"

#include <sys/utsname.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/compare/folder_lock.h"
#include "bench/demo/json_read.h"
#include "bench/demo/summary.h"
#include "bench/oracle/oracle.h"
#include "bench/report/compare_page.h"
#include "hooks/host_facts.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

boost::json::array TextsOf(const std::vector<std::string>& texts) {
  boost::json::array array;
  for (const std::string& text : texts) array.emplace_back(text.c_str());
  return array;
}

}  // namespace

boost::json::object MachineJson() {
  const HostFacts host = ReadHostFacts("/");
  utsname system{};
  ::uname(&system);
  return {{"cores", host.cores},
          {"memory_bytes", host.UsableMemoryBytes()},
          {"kernel", system.release},
          {"rocksdb", host.rocksdb_version.c_str()}};
}

std::string MachineText() {
  const boost::json::object machine = MachineJson();
  return absl::StrFormat("%.0f cores, %.1f GiB of memory, Linux %s, RocksDB %s",
                         NumberOf(machine, "cores"),
                         NumberOf(machine, "memory_bytes") / (1ull << 30),
                         TextOf(machine, "kernel"), TextOf(machine, "rocksdb"));
}

boost::json::object ResultsJson(const ComparePlan& plan,
                                const std::vector<CellResult>& results,
                                const std::string& command) {
  boost::json::array cells;
  for (const CellResult& result : results) {
    boost::json::object cell = ToJson(result);
    cell.erase("points");
    cells.push_back(std::move(cell));
  }
  boost::json::object json;
  json["command"] = command.c_str();
  json["machine"] = MachineJson();
  json["contestants"] = TextsOf(plan.contestants);
  json["workloads"] = TextsOf(plan.workloads);
  json["devices"] = TextsOf(plan.devices);
  json["data_bytes"] = plan.data_bytes;
  json["memory_bytes"] = plan.budget.memory_bytes;
  json["cores"] = plan.budget.cores;
  json["warm_s"] = plan.warm_s;
  json["run_s"] = plan.run_s;
  json["tail_s"] = plan.tail_s;
  json["cells"] = std::move(cells);
  return json;
}

namespace {

// The plan's cells; with an oracle, its values as one more contestant.
absl::StatusOr<std::vector<CellSpec>> CellsWithOracle(const ComparePlan& plan) {
  if (plan.oracle_dir.empty()) return CellsOf(plan);
  ComparePlan places = plan;
  places.contestants.push_back("values");
  std::vector<CellSpec> cells = CellsOf(places);
  for (CellSpec& cell : cells) {
    if (cell.contestant != "values") continue;
    ROCKTUNE_ASSIGN_OR_RETURN(OracleResult oracle,
                              ReadOracle(plan.oracle_dir, cell));
    cell.values = std::move(oracle.values);
  }
  return cells;
}

}  // namespace

absl::Status Compare(const ComparePlan& plan, const MatrixRun& run) {
  ROCKTUNE_RETURN_IF_ERROR(Check(plan));
  ROCKTUNE_RETURN_IF_ERROR(CheckTail(plan));
  ROCKTUNE_ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(run.dir));
  ROCKTUNE_ASSIGN_OR_RETURN(const std::vector<CellSpec> cells,
                            CellsWithOracle(plan));
  ROCKTUNE_ASSIGN_OR_RETURN(const std::vector<CellResult> results,
                            RunMatrix(cells, run));
  ROCKTUNE_RETURN_IF_ERROR(WriteJsonFile(
      run.dir + "/results.json", ResultsJson(plan, results, run.command)));
  const std::string table = absl::StrCat("`", run.command, "`, ", MachineText(),
                                         ".\n\n", TableMarkdown(plan, results));
  ROCKTUNE_RETURN_IF_ERROR(WriteFile(run.dir + "/table.md", table));
  ROCKTUNE_RETURN_IF_ERROR(
      WriteFile(run.dir + "/report.html", CompareHtml(plan, results)));
  run.say("\n" + table, true);
  run.say(
      absl::StrCat("report.html, results.json and table.md are in ", run.dir),
      true);
  const auto failed = std::count_if(
      results.begin(), results.end(),
      [](const CellResult& result) { return !result.error.empty(); });
  if (failed == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(failed, " of ", results.size(),
                   " cells failed; they are listed above and in no ratio"));
}

}  // namespace rocktune
