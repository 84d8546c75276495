#include "bench/compare/compare.h"

#include <sys/utsname.h>

#include <thread>

#include "absl/strings/str_cat.h"
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

boost::json::object ResultsJson(const ComparePlan& plan,
                                const std::vector<CellResult>& results) {
  boost::json::array cells;
  for (const CellResult& result : results) cells.push_back(ToJson(result));
  boost::json::object json;
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

// One cell with the oracle's values for each place of the plan.
absl::Status AddOracleCells(const ComparePlan& plan,
                            std::vector<CellSpec>* cells) {
  if (plan.oracle_dir.empty()) return absl::OkStatus();
  ComparePlan places = plan;
  places.contestants = {"values"};
  for (CellSpec& cell : CellsOf(places)) {
    ROCKTUNE_ASSIGN_OR_RETURN(OracleResult oracle,
                              ReadOracle(plan.oracle_dir, cell));
    cell.values = std::move(oracle.values);
    cells->push_back(std::move(cell));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Compare(const ComparePlan& plan, const MatrixRun& run) {
  ROCKTUNE_RETURN_IF_ERROR(Check(plan));
  std::vector<CellSpec> cells = CellsOf(plan);
  ROCKTUNE_RETURN_IF_ERROR(AddOracleCells(plan, &cells));
  ROCKTUNE_ASSIGN_OR_RETURN(const std::vector<CellResult> results,
                            RunMatrix(cells, run));
  ROCKTUNE_RETURN_IF_ERROR(
      WriteJsonFile(run.dir + "/results.json", ResultsJson(plan, results)));
  const std::string table = TableMarkdown(plan, results);
  ROCKTUNE_RETURN_IF_ERROR(WriteFile(run.dir + "/table.md", table));
  ROCKTUNE_RETURN_IF_ERROR(
      WriteFile(run.dir + "/report.html", CompareHtml(plan, results)));
  run.say("\n" + table, true);
  run.say(
      absl::StrCat("report.html, results.json and table.md are in ", run.dir),
      true);
  return absl::OkStatus();
}

}  // namespace rocktune
