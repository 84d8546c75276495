#include <filesystem>

#include "absl/strings/str_format.h"
#include "bench/compare/compare.h"
#include "bench/compare/folder_lock.h"
#include "bench/oracle/oracle.h"
#include "hooks/host_facts.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

absl::Status MakeOne(const CellSpec& place, const DefaultSpace& space,
                     const std::string& path, int evaluations,
                     const MatrixRun& run) {
  int done = 0;
  const auto measure = [&](const CellSpec& cell) -> absl::StatusOr<CellResult> {
    ROCKTUNE_ASSIGN_OR_RETURN(CellResult result, RunOrRead(cell, run));
    run.say(absl::StrFormat("  %s %s  evaluation %d of about %d  %.0f ops/s",
                            place.workload, place.device, ++done, evaluations,
                            result.tail.ops_per_s),
            false);
    return result;
  };
  ROCKTUNE_ASSIGN_OR_RETURN(OracleResult oracle,
                            SearchOracle(place, space.space, space.found,
                                         evaluations, RungSeconds{}, measure));
  oracle.command = run.command;
  oracle.rocksdb_version = ReadHostFacts("/").rocksdb_version;
  run.say(
      absl::StrFormat("  %s %s  %.0f -> %.0f ops/s with %d options",
                      place.workload, place.device, oracle.defaults_ops_per_s,
                      oracle.best_ops_per_s, oracle.values.size()),
      true);
  return WriteJsonFile(path, ToJson(oracle));
}

}  // namespace

absl::Status MakeOracles(const ComparePlan& plan, int evaluations,
                         const MatrixRun& run) {
  ROCKTUNE_RETURN_IF_ERROR(Check(plan));
  std::error_code error;
  std::filesystem::create_directories(plan.oracle_dir, error);
  if (error) {
    return absl::ResourceExhaustedError(
        absl::StrFormat("%s: %s", plan.oracle_dir, error.message()));
  }
  ROCKTUNE_ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(run.dir));
  ROCKTUNE_ASSIGN_OR_RETURN(const DefaultSpace space,
                            SpaceOfDefaults(run.dir + "/space", plan.budget));
  ComparePlan places = plan;
  places.contestants = {"values"};
  for (const CellSpec& place : CellsOf(places)) {
    const std::string path = OraclePath(plan.oracle_dir, place);
    const absl::StatusOr<OracleResult> known =
        ReadOracle(plan.oracle_dir, place);
    if (known.ok() && known->evaluations >= evaluations) continue;
    ROCKTUNE_RETURN_IF_ERROR(MakeOne(place, space, path, evaluations, run));
  }
  return absl::OkStatus();
}

}  // namespace rocktune
