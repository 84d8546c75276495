#include <filesystem>

#include "absl/strings/str_cat.h"
#include "bench/cell/cell_run.h"
#include "bench/cell/child_process.h"
#include "bench/cell/database_copy.h"
#include "policy/status_macros.h"
#include "rocksdb/version.h"

namespace rocktune {

absl::Status CellMain(const std::string& spec_path,
                      const std::string& result_path,
                      const std::atomic<bool>* stop) {
  ROCKTUNE_ASSIGN_OR_RETURN(const boost::json::object json,
                            ReadJsonFile(spec_path));
  ROCKTUNE_ASSIGN_OR_RETURN(const CellSpec spec, CellSpecFromJson(json));
  return WriteJsonFile(result_path, ToJson(RunCell(spec, stop)));
}

absl::StatusOr<CellResult> RunCellInChild(const std::string& program,
                                          const CellSpec& spec,
                                          const std::atomic<bool>* stop,
                                          const std::function<void()>& tick) {
  const std::string spec_path = spec.work_dir + ".spec.json";
  const std::string result_path = spec.work_dir + ".result.json";
  const std::string log_path = spec.work_dir + ".log";
  ROCKTUNE_RETURN_IF_ERROR(WriteJsonFile(spec_path, ToJson(spec)));
  ChildPlan plan;
  plan.command = {program, "cell", spec_path, result_path};
  plan.output = log_path;
  plan.stop = stop;
  plan.limit = 3 * absl::Seconds(spec.warm_s + spec.run_s) + absl::Minutes(2);
  plan.tick = [&tick] {
    if (tick) tick();
    return true;
  };
  const absl::StatusOr<ChildEnd> end = RunToEnd(plan);
  absl::StatusOr<CellResult> result = CellResult{};
  result->spec = spec;
  result->rocksdb_version = rocksdb::GetRocksVersionAsString();
  if (absl::IsCancelled(end.status())) {
    result = end.status();
  } else if (!end.ok()) {
    result->error = std::string(end.status().message());
  } else {
    const auto json = ReadJsonFile(result_path);
    if (json.ok()) {
      result = CellResultFromJson(*json);
    } else {
      // RocksDB's assertions may end the process where the disk is full.
      result->error = absl::StrCat(
          "the run ended without a result (", end->how,
          DiskIsFull(spec.work_dir) ? "; No space left on device" : "",
          "): ", TailOf(log_path, 400));
    }
  }
  std::error_code ignored;
  for (const std::string& path : {spec_path, result_path, log_path}) {
    std::filesystem::remove(path, ignored);
  }
  std::filesystem::remove_all(spec.work_dir, ignored);
  return result;
}

}  // namespace rocktune
