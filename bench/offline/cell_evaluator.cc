#include "bench/offline/cell_evaluator.h"

#include <filesystem>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/cell/cell_run.h"
#include "bench/cell/database_copy.h"
#include "bench/cell/window_json.h"
#include "bench/workload/workload.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// Copying, opening and closing beside the run. A guess.
constexpr double kAroundSeconds = 2;

// All clients of all phases offer a rate: no options make it faster.
bool IsOpenLoop(const Workload& workload) {
  for (const Phase& phase : workload.phases) {
    for (const ClientGroup& group : phase.clients) {
      if (group.rate_ops_per_s <= 0) return false;
    }
  }
  return true;
}

class CellEvaluator : public Evaluator {
 public:
  CellEvaluator(const TunePlan& plan, CellEvaluatorSpec spec, Workload workload)
      : plan_(plan),
        spec_(std::move(spec)),
        workload_(Scaled(std::move(workload), plan.data_bytes)),
        open_loop_(IsOpenLoop(workload_)) {}

  absl::Status Prepare() override {
    if (workload_.starts_empty) return absl::OkStatus();
    return EnsureLoaded(spec_.data_dir, workload_, plan_.seed,
                        spec_.on_progress, spec_.stop);
  }

  absl::StatusOr<RunFigures> Run(const RunRequest& request) override {
    const std::string windows_file = request.work_dir + ".windows.json";
    absl::Cleanup remove = [&windows_file] {
      std::error_code ignored;
      std::filesystem::remove(windows_file, ignored);
    };
    const CellSpec cell = CellOf(request, windows_file);
    const absl::Time begin = absl::Now();
    ROCKTUNE_ASSIGN_OR_RETURN(
        const CellResult result,
        RunCellInChild(spec_.program, cell, spec_.stop, spec_.tick));
    if (SpeaksOfFullDisk(result.error)) {
      return absl::ResourceExhaustedError(result.error);
    }
    RunFigures run;
    run.seconds = absl::ToDoubleSeconds(absl::Now() - begin);
    run.error = result.error;
    run.gave_up = result.gave_up;
    run.throughput_ops_per_s = FullSpeedOpsPerS(cell, result.whole);
    run.p99_us = P99Us(result.whole);
    run.score = open_loop_ && run.p99_us > 0 ? 1 / run.p99_us
                                             : run.throughput_ops_per_s;
    if (auto windows = ReadWindowsFile(windows_file); windows.ok()) {
      run.windows = *std::move(windows);
    } else if (run.error.empty() && !absl::IsNotFound(windows.status())) {
      return windows.status();
    }
    if (run.error.empty() && run.score <= 0) run.error = "nothing was done";
    return run;
  }

  double ExpectedSeconds() const override {
    return plan_.warm_s + plan_.run_s + kAroundSeconds;
  }
  bool LoadsEveryFamily() const override { return false; }

  // An emulated device is without a page cache, whatever the options say.
  std::vector<Pin> Closed() const override {
    if (plan_.device == "auto") return {};
    return Denied({"use_direct_reads", "use_direct_io_for_flush_and_compaction",
                   "allow_mmap_reads", "allow_mmap_writes"});
  }

 private:
  CellSpec CellOf(const RunRequest& request,
                  const std::string& windows_file) const {
    CellSpec cell;
    cell.contestant = "options";
    cell.workload = plan_.workload;
    cell.device = plan_.device == "auto" ? "none" : plan_.device;
    cell.seed = plan_.seed;
    cell.data_bytes = plan_.data_bytes;
    cell.budget.memory_bytes = spec_.memory_bytes;
    cell.warm_s = plan_.warm_s;
    cell.run_s = plan_.run_s;
    cell.tail_s = plan_.run_s / 2;
    cell.phase_scale =
        ScaleToWholeCycles(workload_, absl::Seconds(plan_.run_s));
    if (!workload_.starts_empty) cell.source_dir = spec_.data_dir;
    cell.work_dir = request.work_dir;
    cell.options_file = request.options_file;
    cell.windows_file = windows_file;
    // A third of a cycle of phases says nothing about the rest.
    if (!open_loop_ && !workload_.cycles) {
      cell.give_up_below_ops_per_s = kFarBehind * request.reference_score;
    }
    return cell;
  }

  const TunePlan plan_;
  const CellEvaluatorSpec spec_;
  const Workload workload_;
  const bool open_loop_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Evaluator>> MakeCellEvaluator(
    const TunePlan& plan, const CellEvaluatorSpec& spec) {
  ROCKTUNE_ASSIGN_OR_RETURN(Workload workload, WorkloadOf(plan.workload));
  return std::make_unique<CellEvaluator>(plan, spec, std::move(workload));
}

}  // namespace rocktune
