// The table of costs: what each is of a pooled window.
#include <algorithm>
#include <cmath>

#include "policy/objective.h"

namespace rocktune {
namespace {

// Fewer device bytes per operation than this do not matter: an efficiency
// that only counts what is left of nothing would be noise. A guess.
constexpr double kDeviceBytesFloor = 64;
// Of all cores, and of the time of writers. Guesses.
constexpr double kSaturatedCpuShare = 0.85;
constexpr double kSaturatedStallShare = 0.10;

double Per(uint64_t what, uint64_t unit) {
  return unit > 0 ? static_cast<double>(what) / static_cast<double>(unit) : 0;
}

double UsPerOperation(const Window& pooled, const OpMix&) {
  const double rate = pooled.OperationsPerSecond();
  return rate > 0 ? 1e6 / rate : 0;
}

double P99Us(const Window& pooled, const OpMix& mix) {
  double seen = 0, unseen = 0, logs = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const OpStats& stats = pooled.ops[kind];
    const double share = mix.share[kind];
    if (stats.samples < kMinSamplesPerKind || stats.latency_us_p99 <= 0) {
      unseen += share;
      continue;
    }
    seen += share;
    logs += share * std::log(stats.latency_us_p99);
  }
  if (seen <= 0 || unseen > kMaxUnseenShare) return 0;
  return std::exp(logs / seen);
}

double Stalls(const Window& pooled, const OpMix&) {
  return pooled.length > absl::ZeroDuration() ? 1 + StallShare(pooled) : 0;
}

double CpuUsPerOperation(const Window& pooled, const OpMix&) {
  return Per(pooled.process.cpu_us, pooled.Operations());
}

double WriteBytesPerUserByte(const Window& pooled, const OpMix&) {
  return Per(pooled.ticker(Ticker::kFlushWriteBytes) +
                 pooled.ticker(Ticker::kCompactWriteBytes) +
                 pooled.ticker(Ticker::kWalBytes),
             pooled.ticker(Ticker::kBytesWritten));
}

double ReadBytesPerOperation(const Window& pooled, const OpMix&) {
  return Per(pooled.process.read_bytes, pooled.Operations());
}

double MemoryBytes(const Window& pooled, const OpMix&) {
  return static_cast<double>(pooled.process.resident_bytes);
}

double SpaceBytes(const Window& pooled, const OpMix&) {
  double bytes = 0;
  for (const ColumnFamilyShape& family : pooled.column_families) {
    bytes += static_cast<double>(family.Bytes());
  }
  return bytes;
}

struct Row {
  const char* name;
  double (*of)(const Window& pooled, const OpMix& mix);
};

// By Cost.
constexpr Row kRows[kCosts] = {
    {"service_us", ServiceTimeUs},
    {"us_per_operation", UsPerOperation},
    {"p99_us", P99Us},
    {"stalls", Stalls},
    {"cpu_us_per_operation", CpuUsPerOperation},
    {"write_bytes_per_user_byte", WriteBytesPerUserByte},
    {"read_bytes_per_operation", ReadBytesPerOperation},
    {"memory_bytes", MemoryBytes},
    {"space_bytes", SpaceBytes},
};

double Both(double a, double b) {
  return a > 0 && b > 0 ? std::sqrt(a * b) : std::max(a, b);
}

// CPU and device together: what halves one of them alone saves 30 %.
double Efficiency(const Window& pooled, const OpMix& mix) {
  const double cpu_us = CpuUsPerOperation(pooled, mix);
  const uint64_t bytes = pooled.process.read_bytes + pooled.process.write_bytes;
  if (cpu_us <= 0) return 0;
  return std::sqrt(cpu_us *
                   (kDeviceBytesFloor + Per(bytes, pooled.Operations())));
}

}  // namespace

absl::string_view ToString(ObjectiveKind kind) {
  switch (kind) {
    case ObjectiveKind::kBalanced:
      return "balanced";
    case ObjectiveKind::kThroughput:
      return "throughput";
    case ObjectiveKind::kP99:
      return "p99";
    case ObjectiveKind::kEfficiency:
      return "efficiency";
  }
  return "unknown";
}

absl::string_view ToString(Cost cost) {
  return kRows[static_cast<size_t>(cost)].name;
}

double CostOf(Cost cost, const Window& pooled, const OpMix& mix) {
  return kRows[static_cast<size_t>(cost)].of(pooled, mix);
}

double ObjectiveCost(ObjectiveKind kind, const Window& pooled, const OpMix& mix,
                     bool saturated) {
  const double service_us = ServiceTimeUs(pooled, mix);
  switch (kind) {
    case ObjectiveKind::kBalanced:
      if (!saturated) return service_us;
      return Both(service_us, UsPerOperation(pooled, mix));
    case ObjectiveKind::kThroughput:
      return UsPerOperation(pooled, mix);
    case ObjectiveKind::kP99:
      return P99Us(pooled, mix);
    case ObjectiveKind::kEfficiency:
      return Efficiency(pooled, mix);
  }
  return 0;
}

bool Saturated(const Window& pooled, int cores) {
  const double length_us = absl::ToDoubleMicroseconds(pooled.length);
  if (length_us <= 0) return false;
  const double cpu_share = static_cast<double>(pooled.process.cpu_us) /
                           (length_us * std::max(1, cores));
  return cpu_share >= kSaturatedCpuShare ||
         StallShare(pooled) >= kSaturatedStallShare ||
         pooled.stalls.delayed_write_rate > 0 || pooled.stalls.writes_stopped;
}

}  // namespace rocktune
