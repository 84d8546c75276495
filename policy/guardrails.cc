#include "policy/guardrails.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "policy/objective.h"

namespace rocktune {
namespace {

// A baseline that stalled less than this did not stall.
constexpr double kHardlyStalled = 0.05;

// Where even `most_windows` in a row would trip on the baseline, the limit is
// this much over the worst of it. A guess.
constexpr double kOverTheWorst = 1.5;
// Windows over a limit that say whether the next one is, too.
constexpr int kLeastOver = 3;

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

// What part of the operations, and of the time they took, is of one kind.
struct Part {
  double operations = 0;
  double time = 0;
};
Part PartOf(const Window& window, OpKind kind) {
  double operations = 0, time = 0;
  for (const OpStats& stats : window.ops) {
    operations += static_cast<double>(stats.count);
    time += static_cast<double>(stats.count) * stats.latency_us_mean;
  }
  const OpStats& own = window.op(kind);
  const double count = static_cast<double>(own.count);
  return {.operations = operations > 0 ? count / operations : 0,
          .time = time > 0 ? count * own.latency_us_mean / time : 0};
}

// How far the log p99 of one window follows from that of the window before:
// the squared lag-1 autocorrelation.
double Followed(absl::Span<const Window> windows, size_t kind,
                uint64_t min_samples) {
  std::vector<double> logs;
  double mean = 0;
  for (const Window& window : windows) {
    const OpStats& stats = window.ops[kind];
    if (stats.samples < min_samples || stats.latency_us_p99 <= 0) continue;
    logs.push_back(std::log(stats.latency_us_p99));
    mean += logs.back();
  }
  mean /= std::max<double>(1, static_cast<double>(logs.size()));
  double product = 0, square = 0;
  for (size_t i = 0; i < logs.size(); ++i) {
    square += (logs[i] - mean) * (logs[i] - mean);
    if (i > 0) product += (logs[i] - mean) * (logs[i - 1] - mean);
  }
  // Rounding correlates perfectly.
  if (square < 1e-12 || product <= 0) return 0;
  return product / square * (product / square);
}

}  // namespace

Guardrails::Guardrails(GuardrailConfig config, const ArmSummary& baseline,
                       uint64_t memory_limit_bytes,
                       absl::Span<const Window> windows,
                       std::vector<Limit> limits)
    : config_(config),
      baseline_(baseline),
      memory_limit_bytes_(memory_limit_bytes) {
  for (Limit& limit : limits) {
    if (limit.at_most) limits_.push_back(std::move(limit));
  }
  for (size_t kind = 0; kind < kOpKinds; ++kind) {
    const double before = baseline_.latency_us_p99[kind];
    if (before <= 0) continue;
    p99_limit_us_[kind] =
        std::max(before * config_.p99_ratio, before + config_.p99_floor_us);
  }
  least_ops_per_s_ = baseline_.throughput_ops_per_s * config_.throughput_ratio;
  guards_.assign(kOpKinds + 3 + limits_.size(), {.wanted = config_.windows});
  if (!windows.empty()) AdaptTo(windows);
}

void Guardrails::AdaptTo(absl::Span<const Window> windows) {
  pooled_baseline_ = Pool(windows);
  CountWindows(windows);
  for (size_t kind = 0; kind < kOpKinds; ++kind) {
    if (!guards_[kind].noisy) continue;
    for (const Window& window : windows) {
      if (window.ops[kind].samples < config_.p99_min_samples) continue;
      p99_limit_us_[kind] = std::max(
          p99_limit_us_[kind], kOverTheWorst * window.ops[kind].latency_us_p99);
    }
  }
  // The mean of a database that stalls in turns is mostly its free seconds':
  // the stalled ones are as they were.
  if (guards_[kOpKinds].noisy) {
    for (const Window& window : windows) {
      least_ops_per_s_ = std::min(least_ops_per_s_,
                                  window.OperationsPerSecond() / kOverTheWorst);
    }
  }
  CountWindows(windows);
}

// k in a row by chance: rate * stay^(k - 1) for each window of a trial, where
// `stay` is how often a window over the limit is followed by another one; too
// few of them to tell: how far windows follow from each other at all.
void Guardrails::CountWindows(absl::Span<const Window> windows) {
  std::vector<int> over(guards_.size()), stayed(guards_.size());
  std::vector<bool> before(guards_.size());
  for (const Window& window : windows) {
    const std::vector<std::string> reasons = Reasons(window);
    for (size_t guard = 0; guard < guards_.size(); ++guard) {
      const bool broken = !reasons[guard].empty();
      over[guard] += broken;
      stayed[guard] += broken && before[guard];
      before[guard] = broken;
    }
  }
  for (size_t guard = 0; guard < guards_.size(); ++guard) {
    // Half a window more: never seen is not never (Jeffreys 1946).
    const double rate =
        (over[guard] + 0.5) / (static_cast<double>(windows.size()) + 1);
    double stay = rate;
    if (guard < kOpKinds) {
      stay = std::max(rate, Followed(windows, guard, config_.p99_min_samples));
    }
    if (over[guard] >= kLeastOver) {
      stay = std::max(stay, static_cast<double>(stayed[guard]) / over[guard]);
    }
    int wanted = std::min(config_.windows, config_.least_windows);
    while (wanted < config_.most_windows &&
           rate * std::pow(stay, wanted - 1) * config_.trial_windows >
               config_.false_trips) {
      ++wanted;
    }
    guards_[guard].wanted = wanted;
    guards_[guard].noisy =
        rate * std::pow(stay, wanted - 1) * config_.trial_windows >
        config_.false_trips;
  }
}

std::optional<std::string> Guardrails::Check(const Window& window) {
  if (std::optional<std::string> reason = AtOnce(window)) return reason;
  const std::vector<std::string> reasons = Reasons(window);
  for (size_t at = 0; at < reasons.size(); ++at) {
    Guard& guard = guards_[at];
    guard.broken = reasons[at].empty() ? 0 : guard.broken + 1;
    if (guard.broken > 0 && guard.broken >= guard.wanted) {
      return absl::StrFormat("%s, %d windows in a row", reasons[at],
                             guard.broken);
    }
  }
  return std::nullopt;
}

std::vector<std::string> Guardrails::Reasons(const Window& window) const {
  std::vector<std::string> reasons;
  reasons.reserve(kOpKinds + 3 + limits_.size());
  for (int kind = 0; kind < kOpKinds; ++kind) {
    reasons.push_back(P99(window, static_cast<OpKind>(kind)));
  }
  reasons.push_back(Throughput(window));
  reasons.push_back(Stalls(window));
  reasons.push_back(Memory(window));
  for (const Limit& limit : limits_) {
    reasons.push_back(
        BrokenLimit({limit}, pooled_baseline_, window).value_or(""));
  }
  return reasons;
}

void Guardrails::Restart() {
  for (Guard& guard : guards_) guard.broken = 0;
}

void Guardrails::HalveLimits() {
  for (size_t kind = 0; kind < kOpKinds; ++kind) {
    p99_limit_us_[kind] =
        std::sqrt(p99_limit_us_[kind] * baseline_.latency_us_p99[kind]);
  }
  least_ops_per_s_ =
      std::sqrt(least_ops_per_s_ * baseline_.throughput_ops_per_s);
  config_.service_ratio = std::sqrt(config_.service_ratio);
  config_.stall_share /= 2;
  config_.stall_share_added /= 2;
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
  const double limit = p99_limit_us_[static_cast<size_t>(kind)];
  if (stats.samples < config_.p99_min_samples || limit <= 0 ||
      stats.latency_us_p99 <= limit) {
    return "";
  }
  const Part part = PartOf(window, kind);
  if (part.operations < config_.rare_share &&
      part.time < config_.rare_time_share) {
    return "";
  }
  return absl::StrFormat(
      "%s p99 %.0f us over the limit of %.0f us (baseline %.0f us)",
      ToString(kind), stats.latency_us_p99, limit,
      baseline_.latency_us_p99[static_cast<size_t>(kind)]);
}

std::string Guardrails::Throughput(const Window& window) const {
  const double rate = window.OperationsPerSecond();
  if (rate >= least_ops_per_s_) return "";
  const double ratio = ServiceRatio(window, baseline_);
  if (ratio < config_.service_ratio) return "";
  return absl::StrFormat(
      "%.0f ops/s under the limit of %.0f ops/s (baseline %.0f ops/s) with "
      "service %.1f times as slow",
      rate, least_ops_per_s_, baseline_.throughput_ops_per_s, ratio);
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
