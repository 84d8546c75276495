#include "bench/compare/plan.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "bench/contestants/contestant.h"
#include "bench/device/device.h"
#include "bench/workload/workload.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

absl::Status CheckNumbers(const ComparePlan& plan) {
  if (plan.contestants.empty() || plan.workloads.empty() ||
      plan.devices.empty() || plan.seeds.empty()) {
    return absl::InvalidArgumentError(
        "a comparison needs contestants, workloads, devices and seeds");
  }
  if (plan.warm_s < 1 || plan.tail_s < 2 || plan.run_s < plan.tail_s + 1) {
    return absl::InvalidArgumentError(
        "--warm must be 1 s at least, --tail 2 s, and --run longer than the "
        "tail");
  }
  if (plan.data_bytes < (1u << 20) || plan.budget.memory_bytes < (8u << 20)) {
    return absl::InvalidArgumentError(
        "--data must be 1 MiB at least, and --memory 8 MiB");
  }
  return absl::OkStatus();
}

}  // namespace

double ComparePlan::Seconds() const {
  return static_cast<double>(contestants.size() * workloads.size() *
                             devices.size() * seeds.size()) *
         (warm_s + run_s);
}

ComparePlan QuickPlan() {
  ComparePlan plan;
  plan.contestants = {"defaults", "guide", "adoc", "rocktune"};
  plan.workloads = {"ycsb-b", "overwrite"};
  plan.devices = {"nvme"};
  plan.data_bytes = 512ull << 20;
  plan.budget.memory_bytes = 256ull << 20;
  plan.run_s = 60;
  plan.tail_s = 15;
  return plan;
}

ComparePlan FullPlan() {
  ComparePlan plan;
  plan.contestants = {"defaults", "level-style", "point-lookup",
                      "guide",    "adoc",        "rocktune"};
  plan.workloads = {"ycsb-a",    "ycsb-b",           "ycsb-c",   "ycsb-e",
                    "overwrite", "readwhilewriting", "mixgraph", "seekrandom"};
  plan.devices = {"nvme", "sata-ssd", "cloud-volume"};
  plan.data_bytes = 512ull << 20;
  plan.budget.memory_bytes = 256ull << 20;
  plan.run_s = 180;
  plan.tail_s = 30;
  return plan;
}

absl::Status Check(const ComparePlan& plan) {
  ROCKTUNE_RETURN_IF_ERROR(CheckNumbers(plan));
  for (const std::string& workload : plan.workloads) {
    ROCKTUNE_RETURN_IF_ERROR(WorkloadOf(workload).status());
  }
  for (const std::string& device : plan.devices) {
    if (device == "none") continue;
    ROCKTUNE_RETURN_IF_ERROR(FindDevice(device).status());
  }
  for (const std::string& contestant : plan.contestants) {
    CellSpec spec;
    spec.contestant = contestant;
    ROCKTUNE_RETURN_IF_ERROR(MakeContestant(spec).status());
    const bool answers =
        !plan.model.replay.empty() ||
        (!plan.model.provider.empty() && !plan.model.model.empty());
    if (contestant == "rocktune-model" && !answers) {
      return absl::InvalidArgumentError(
          "rocktune-model needs --provider and --model, or --replay");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTail(const ComparePlan& plan) {
  for (const std::string& name : plan.workloads) {
    ROCKTUNE_ASSIGN_OR_RETURN(const Workload workload, WorkloadOf(name));
    if (!workload.cycles) continue;
    const double cycle_s = absl::ToDoubleSeconds(CycleOf(workload));
    const double cycles = plan.tail_s / cycle_s;
    if (cycles > 0.5 && std::abs(cycles - std::round(cycles)) < 0.01) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "the phases of ", name, " cycle in ", cycle_s, " s, and a tail of ",
        plan.tail_s, " s shows only some of them; write --tail ", cycle_s,
        " --run ", 3 * cycle_s));
  }
  return absl::OkStatus();
}

std::vector<CellSpec> CellsOf(const ComparePlan& plan) {
  std::vector<CellSpec> cells;
  size_t turn = 0;
  for (const uint64_t seed : plan.seeds) {
    for (const std::string& workload : plan.workloads) {
      for (const std::string& device : plan.devices) {
        for (size_t i = 0; i < plan.contestants.size(); ++i) {
          CellSpec cell;
          cell.contestant =
              plan.contestants[(i + turn) % plan.contestants.size()];
          cell.workload = workload;
          cell.device = device;
          cell.seed = seed;
          cell.data_bytes = plan.data_bytes;
          cell.budget = plan.budget;
          if (cell.contestant == "rocktune-model") cell.model = plan.model;
          cell.warm_s = plan.warm_s;
          cell.run_s = plan.run_s;
          cell.tail_s = plan.tail_s;
          cells.push_back(std::move(cell));
        }
        ++turn;
      }
    }
  }
  return cells;
}

}  // namespace rocktune
