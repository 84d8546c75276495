#include "policy/guardrails.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "policy/objective.h"

namespace rocktune {
namespace {

// A baseline that stalled less than this did not stall.
constexpr double kHardlyStalled = 0.05;

// How much slower the window's operations are than the baseline's of the same
// kind, weighted by what the window did; 0 = cannot be said.
double ServiceRatio(const Window& window, const ArmSummary& baseline) {
  double now = 0, then = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const OpStats& stats = window.ops[kind];
    const double before = baseline.latency_us_mean[kind];
    if (stats.samples < kMinSamplesPerKind || before <= 0) continue;
    const double weight = static_cast<double>(stats.count);
    now += weight * stats.latency_us_mean;
    then += weight * before;
  }
  return then > 0 ? now / then : 0;
}

}  // namespace

Guardrails::Guardrails(GuardrailConfig config, const ArmSummary& baseline,
                       uint64_t memory_limit_bytes)
    : config_(config),
      baseline_(baseline),
      memory_limit_bytes_(memory_limit_bytes) {}

std::optional<std::string> Guardrails::Check(const Window& window) {
  if (std::optional<std::string> reason = AtOnce(window)) return reason;
  std::array<std::string, kOpKinds + 3> reasons;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    reasons[kind] = P99(window, static_cast<OpKind>(kind));
  }
  reasons[kOpKinds] = Throughput(window);
  reasons[kOpKinds + 1] = Stalls(window);
  reasons[kOpKinds + 2] = Memory(window);
  for (size_t guard = 0; guard < reasons.size(); ++guard) {
    broken_[guard] = reasons[guard].empty() ? 0 : broken_[guard] + 1;
    if (broken_[guard] > 0 && broken_[guard] >= config_.windows) {
      return absl::StrFormat("%s, %d windows in a row", reasons[guard],
                             broken_[guard]);
    }
  }
  return std::nullopt;
}

std::optional<std::string> Guardrails::AtOnce(const Window& window) const {
  if (window.events.background_errors > 0) {
    return absl::StrFormat("%d background errors",
                           window.events.background_errors);
  }
  if (window.stalls.writes_stopped && baseline_.stall_share < kHardlyStalled) {
    return absl::StrFormat(
        "writes are stopped; under the baseline writers were stalled %.1f %% "
        "of the time",
        100 * baseline_.stall_share);
  }
  return std::nullopt;
}

std::string Guardrails::P99(const Window& window, OpKind kind) const {
  const OpStats& stats = window.op(kind);
  const double before = baseline_.latency_us_p99[static_cast<size_t>(kind)];
  if (stats.samples < config_.p99_min_samples || before <= 0) return "";
  const double limit =
      std::max(before * config_.p99_ratio, before + config_.p99_floor_us);
  if (stats.latency_us_p99 <= limit) return "";
  return absl::StrFormat(
      "%s p99 %.0f us over the limit of %.0f us (baseline "
      "%.0f us)",
      ToString(kind), stats.latency_us_p99, limit, before);
}

std::string Guardrails::Throughput(const Window& window) const {
  const double rate = window.OperationsPerSecond();
  const double limit =
      baseline_.throughput_ops_per_s * config_.throughput_ratio;
  if (rate >= limit) return "";
  const double ratio = ServiceRatio(window, baseline_);
  if (ratio < config_.service_ratio) return "";
  return absl::StrFormat(
      "%.0f ops/s under the limit of %.0f ops/s (baseline %.0f ops/s) with "
      "service %.1f times as slow",
      rate, limit, baseline_.throughput_ops_per_s, ratio);
}

std::string Guardrails::Stalls(const Window& window) const {
  const double share = StallShare(window);
  // Time is counted when a wait ends: who waits on does not count yet.
  const bool stuck =
      window.stalls.writes_stopped && window.op(OpKind::kWrite).count == 0;
  const double limit = std::max(
      config_.stall_share, baseline_.stall_share + config_.stall_share_added);
  if (share <= limit && !stuck) return "";
  return absl::StrFormat(
      "writers are %s, stalled %.0f %% of the time over the limit of %.0f %% "
      "(baseline %.0f %%)",
      stuck ? "stopped" : "delayed", 100 * share, 100 * limit,
      100 * baseline_.stall_share);
}

std::string Guardrails::Memory(const Window& window) const {
  const uint64_t resident = window.process.resident_bytes;
  const double limit =
      static_cast<double>(memory_limit_bytes_) * config_.memory_ratio;
  if (memory_limit_bytes_ == 0 || static_cast<double>(resident) <= limit ||
      resident <= baseline_.resident_bytes) {
    return "";
  }
  return absl::StrFormat(
      "%d MiB resident over the limit of %.0f MiB (baseline %d MiB)",
      resident >> 20, limit / (1 << 20), baseline_.resident_bytes >> 20);
}

}  // namespace rocktune
