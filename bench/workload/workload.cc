#include "bench/workload/workload.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"

namespace rocktune {

absl::string_view ToString(Operation operation) {
  static constexpr std::array<absl::string_view, kOperations> kNames = {
      "read", "update", "insert", "scan", "read_modify_write"};
  return kNames[static_cast<size_t>(operation)];
}

absl::StatusOr<Workload> WorkloadOf(const std::string& name_or_path) {
  return absl::EndsWith(name_or_path, ".toml") ? ReadPhases(name_or_path)
                                               : FindWorkload(name_or_path);
}

absl::Duration CycleOf(const Workload& workload) {
  absl::Duration cycle;
  for (const Phase& phase : workload.phases) cycle += phase.length;
  return cycle;
}

absl::Duration ShortestPhaseOf(const Workload& workload) {
  absl::Duration shortest = absl::InfiniteDuration();
  for (const Phase& phase : workload.phases) {
    shortest = std::min(shortest, phase.length);
  }
  return shortest;
}

double ScaleToWholeCycles(const Workload& workload, absl::Duration run) {
  if (!workload.cycles) return 1;
  const double cycles = absl::FDivDuration(run, CycleOf(workload));
  return cycles / std::max(1.0, std::round(cycles));
}

Workload Scaled(Workload workload, uint64_t bytes) {
  const uint64_t entry =
      workload.data.key_bytes + std::max<size_t>(workload.data.values.bytes, 1);
  workload.data.keys = std::max<uint64_t>(bytes / entry, 1);
  return workload;
}

}  // namespace rocktune
