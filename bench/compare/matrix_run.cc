#include "bench/compare/matrix_run.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/cell/cell_run.h"
#include "bench/cell/database_copy.h"
#include "bench/demo/record.h"
#include "bench/workload/workload.h"
#include "policy/status_macros.h"
#include "rocksdb/version.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;

std::string ResultPath(const CellSpec& cell, const MatrixRun& run) {
  return absl::StrCat(run.dir, "/cells/", CellId(cell), ".json");
}

absl::StatusOr<std::string> LoadedFor(const CellSpec& cell,
                                      const MatrixRun& run) {
  ROCKTUNE_ASSIGN_OR_RETURN(Workload workload, WorkloadOf(cell.workload));
  if (workload.starts_empty) return std::string();
  workload = Scaled(std::move(workload), cell.data_bytes);
  const std::string dir = absl::StrCat(run.dir, "/data/", DataId(cell));
  ROCKTUNE_RETURN_IF_ERROR(EnsureLoaded(
      dir, workload, cell.seed,
      [&](double share) {
        run.say(absl::StrFormat("  loading %s  %3.0f %%", DataId(cell),
                                100 * share),
                false);
      },
      run.stop));
  return dir;
}

absl::Status MakeFolders(const MatrixRun& run) {
  std::error_code error;
  for (const char* part : {"/cells", "/data", "/running"}) {
    fs::create_directories(run.dir + part, error);
    if (error) {
      return absl::ResourceExhaustedError(
          absl::StrCat(run.dir, part, ": ", error.message()));
    }
  }
  return absl::OkStatus();
}

std::string LineOf(const CellResult& result) {
  const std::string head =
      absl::StrFormat("  %-16s %-13s %-14s", result.spec.workload,
                      result.spec.device, result.spec.contestant);
  if (!result.error.empty()) return head + " failed: " + result.error;
  return head + absl::StrFormat(" %10.0f ops/s at the end, %d trials",
                                result.tail.ops_per_s, result.trials.size());
}

}  // namespace

absl::StatusOr<CellResult> RunOrRead(const CellSpec& cell,
                                     const MatrixRun& run) {
  ROCKTUNE_RETURN_IF_ERROR(MakeFolders(run));
  const std::string path = ResultPath(cell, run);
  if (absl::StatusOr<boost::json::object> json = ReadJsonFile(path);
      json.ok()) {
    auto result = CellResultFromJson(*json);
    if (result.ok() &&
        result->rocksdb_version == rocksdb::GetRocksVersionAsString()) {
      return result;
    }
  }
  CellSpec spec = cell;
  ROCKTUNE_ASSIGN_OR_RETURN(spec.source_dir, LoadedFor(cell, run));
  // Short: a unix socket's path must fit below it.
  spec.work_dir = run.dir + "/running/cell";
  std::error_code ignored;
  fs::remove_all(spec.work_dir, ignored);
  const absl::Time begin = absl::Now();
  ROCKTUNE_ASSIGN_OR_RETURN(
      CellResult result, RunCellInChild(run.program, spec, run.stop, [&] {
        run.say(absl::StrFormat("  %s %s %s  %3.0f of %.0f s", spec.workload,
                                spec.device, spec.contestant,
                                absl::ToDoubleSeconds(absl::Now() - begin),
                                spec.warm_s + spec.run_s),
                false);
      }));
  if (SpeaksOfFullDisk(result.error)) {  // nothing the contestant did
    return absl::ResourceExhaustedError(absl::StrCat(
        result.error, "; make room and run the same command again"));
  }
  result.spec = cell;  // the folders it ran in are nobody's business
  ROCKTUNE_RETURN_IF_ERROR(WriteJsonFile(path, ToJson(result)));
  return result;
}

absl::StatusOr<std::vector<CellResult>> RunMatrix(
    const std::vector<CellSpec>& cells, const MatrixRun& run) {
  std::vector<CellResult> results;
  double left_s = 0;
  for (const CellSpec& cell : cells) {
    if (!fs::exists(ResultPath(cell, run))) left_s += cell.warm_s + cell.run_s;
  }
  run.say(absl::StrCat(cells.size(), " cells, about ", ShortSeconds(left_s)),
          true);
  for (size_t i = 0; i < cells.size(); ++i) {
    const bool known = fs::exists(ResultPath(cells[i], run));
    ROCKTUNE_ASSIGN_OR_RETURN(CellResult result, RunOrRead(cells[i], run));
    if (!known) left_s -= cells[i].warm_s + cells[i].run_s;
    run.say(absl::StrFormat("%4d/%d %s%s", i + 1, cells.size(), LineOf(result),
                            known ? "  (of an earlier run)"
                                  : "  left: " + ShortSeconds(left_s)),
            true);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace rocktune
