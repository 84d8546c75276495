#include "bench/cell/cell.h"

#include <cmath>

#include "absl/status/status.h"
#include "bench/cell/json_fields.h"

namespace rocktune {

template <typename Visitor>
void Fields(Visitor& visit, CellBudget& budget) {
  visit("memory_bytes", budget.memory_bytes);
  visit("cores", budget.cores);
  visit("trial_s", budget.trial_s);
}

template <typename Visitor>
void Fields(Visitor& visit, CellModel& model) {
  visit("provider", model.provider);
  visit("model", model.model);
  visit("base_url", model.base_url);
  visit("replay", model.replay);
}

template <typename Visitor>
void Fields(Visitor& visit, CellSpec& spec) {
  visit("contestant", spec.contestant);
  visit("workload", spec.workload);
  visit("device", spec.device);
  visit("seed", spec.seed);
  visit("data_bytes", spec.data_bytes);
  visit("budget", spec.budget);
  visit("model", spec.model);
  visit("warm_s", spec.warm_s);
  visit("run_s", spec.run_s);
  visit("tail_s", spec.tail_s);
  visit("phase_scale", spec.phase_scale);
  visit("source_dir", spec.source_dir);
  visit("work_dir", spec.work_dir);
  visit("values", spec.values);
  visit("options_file", spec.options_file);
  visit("windows_file", spec.windows_file);
  visit("give_up_below_ops_per_s", spec.give_up_below_ops_per_s);
}

template <typename Visitor>
void Fields(Visitor& visit, KindFigures& kind) {
  visit("count", kind.count);
  visit("p50_us", kind.p50_us);
  visit("p99_us", kind.p99_us);
  visit("p999_us", kind.p999_us);
}

template <typename Visitor>
void Fields(Visitor& visit, CellFigures& figures) {
  visit("seconds", figures.seconds);
  visit("ops_per_s", figures.ops_per_s);
  visit("kinds", figures.kinds);
  visit("stall_share", figures.stall_share);
  visit("device_write_bytes_per_user_byte",
        figures.device_write_bytes_per_user_byte);
  visit("device_read_bytes_per_op", figures.device_read_bytes_per_op);
  visit("table_bytes_per_data_byte", figures.table_bytes_per_data_byte);
  visit("cpu_us_per_op", figures.cpu_us_per_op);
  visit("worst_second_ops_per_s", figures.worst_second_ops_per_s);
  visit("phase_ops_per_s", figures.phase_ops_per_s);
}

template <typename Visitor>
void Fields(Visitor& visit, CellPoint& point) {
  visit("at_s", point.at_s);
  visit("ops_per_s", point.ops_per_s);
  visit("read_p99_us", point.read_p99_us);
  visit("write_p99_us", point.write_p99_us);
  visit("stall_share", point.stall_share);
  visit("phase", point.phase);
}

template <typename Visitor>
void Fields(Visitor& visit, CellTrial& trial) {
  visit("begin_s", trial.begin_s);
  visit("end_s", trial.end_s);
  visit("verdict", trial.verdict);
  visit("what", trial.what);
  visit("effect", trial.effect);
  visit("why", trial.why);
}

template <typename Visitor>
void Fields(Visitor& visit, CellResult& result) {
  visit("spec", result.spec);
  visit("error", result.error);
  visit("gave_up", result.gave_up);
  visit("rocksdb_version", result.rocksdb_version);
  visit("whole", result.whole);
  visit("tail", result.tail);
  visit("peak_memory_bytes", result.peak_memory_bytes);
  visit("failures", result.failures);
  visit("dropped", result.dropped);
  visit("tokens", result.tokens);
  visit("points", result.points);
  visit("trials", result.trials);
  visit("converged_s", result.converged_s);
  visit("changed", result.changed);
}

boost::json::object ToJson(const CellSpec& spec) { return JsonOf(spec); }

boost::json::object ToJson(const CellResult& result) { return JsonOf(result); }

absl::StatusOr<CellSpec> CellSpecFromJson(const boost::json::object& json) {
  return FromJson<CellSpec>(json);
}

absl::StatusOr<CellResult> CellResultFromJson(const boost::json::object& json) {
  return FromJson<CellResult>(json);
}

double P99Us(const CellFigures& figures) {
  double log_sum = 0, count = 0;
  for (const KindFigures& kind : figures.kinds) {
    if (kind.count == 0 || kind.p99_us <= 0) continue;
    const double n = static_cast<double>(kind.count);
    log_sum += n * std::log(kind.p99_us);
    count += n;
  }
  return count > 0 ? std::exp(log_sum / count) : 0;
}

double FullSpeedOpsPerS(const CellSpec& spec, const CellFigures& figures) {
  const absl::StatusOr<Workload> workload = WorkloadOf(spec.workload);
  if (!workload.ok() || figures.seconds <= 0) return figures.ops_per_s;
  if (workload->cycles && !figures.phase_ops_per_s.empty()) {
    double log_sum = 0;
    for (const double rate : figures.phase_ops_per_s) log_sum += std::log(rate);
    return std::exp(log_sum /
                    static_cast<double>(figures.phase_ops_per_s.size()));
  }
  std::array<bool, kOperations> counts{};
  for (const Phase& phase : workload->phases) {
    for (const ClientGroup& group : phase.clients) {
      for (size_t i = 0; i < counts.size(); ++i) {
        if (group.rate_ops_per_s <= 0 && group.mix[i] > 0) counts[i] = true;
      }
    }
  }
  double operations = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i]) operations += static_cast<double>(figures.kinds[i].count);
  }
  return operations > 0 ? operations / figures.seconds : figures.ops_per_s;
}

}  // namespace rocktune
