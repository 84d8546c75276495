#include "policy/objective.h"

#include <algorithm>
#include <cmath>

namespace rocktune {
namespace {

// Operations that a kind's latencies stand for: which part of them is sampled
// differs from window to window.
using Weights = std::array<double, kOpKinds>;

// Sums of what adds up; latencies are sums of (value x weight) until
// DivideLatencies.
void AddOps(const Window& window, Window* sum, Weights* weights) {
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const OpStats& from = window.ops[kind];
    OpStats& to = sum->ops[kind];
    to.count += from.count;
    to.samples += from.samples;
    const double weight =
        window.sampled_one_in * static_cast<double>(from.samples);
    (*weights)[kind] += weight;
    to.latency_us_mean += weight * from.latency_us_mean;
    to.latency_us_p50 += weight * from.latency_us_p50;
    to.latency_us_p99 += weight * from.latency_us_p99;
  }
}

void DivideLatencies(const Weights& weights, Window* sum) {
  double all = 0, samples = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    all += weights[kind];
    samples += static_cast<double>(sum->ops[kind].samples);
    OpStats& stats = sum->ops[kind];
    const double weight = weights[kind];
    if (weight <= 0) continue;
    stats.latency_us_mean /= weight;
    stats.latency_us_p50 /= weight;
    stats.latency_us_p99 /= weight;
  }
  if (samples > 0) sum->sampled_one_in = all / samples;
}

void AddEvents(const EventFacts& from, EventFacts* to) {
  to->flushes += from.flushes;
  to->flush_bytes += from.flush_bytes;
  to->compactions += from.compactions;
  to->compaction_read_bytes += from.compaction_read_bytes;
  to->compaction_write_bytes += from.compaction_write_bytes;
  to->compaction_cpu_s += from.compaction_cpu_s;
  to->compaction_elapsed_s += from.compaction_elapsed_s;
  to->files_created += from.files_created;
  to->entries += from.entries;
  to->deletions += from.deletions;
  to->key_bytes += from.key_bytes;
  to->value_bytes += from.value_bytes;
  to->background_errors += from.background_errors;
  to->dropped += from.dropped;
}

void AddStallsAndProcess(const Window& from, Window* to) {
  to->stalls.memtable_stalls += from.stalls.memtable_stalls;
  to->stalls.l0_stalls += from.stalls.l0_stalls;
  to->stalls.pending_bytes_stalls += from.stalls.pending_bytes_stalls;
  to->stalls.stall_micros += from.stalls.stall_micros;
  to->process.cpu_us += from.process.cpu_us;
  to->process.read_bytes += from.process.read_bytes;
  to->process.write_bytes += from.process.write_bytes;
}

}  // namespace

OpMix MixOf(absl::Span<const Window> windows) {
  std::array<uint64_t, kOpKinds> counts{};
  uint64_t all = 0;
  for (const Window& window : windows) {
    for (int kind = 0; kind < kOpKinds; ++kind) {
      counts[kind] += window.ops[kind].count;
      all += window.ops[kind].count;
    }
  }
  OpMix mix;
  if (all == 0) return mix;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    mix.share[kind] =
        static_cast<double>(counts[kind]) / static_cast<double>(all);
  }
  return mix;
}

double MixDistance(const OpMix& a, const OpMix& b) {
  double apart = 0, sum_a = 0, sum_b = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    apart += std::abs(a.share[kind] - b.share[kind]);
    sum_a += a.share[kind];
    sum_b += b.share[kind];
  }
  if ((sum_a > 0) != (sum_b > 0)) return 1;
  return std::min(1.0, apart / 2);
}

Window Pool(absl::Span<const Window> windows) {
  if (windows.empty()) return {};
  Window sum;
  sum.database = windows.back().database;
  sum.number = windows.back().number;
  sum.start = windows.front().start;
  sum.length = absl::ZeroDuration();
  sum.has_tickers = true;
  sum.has_latencies = true;
  Weights weights{};
  for (const Window& window : windows) {
    AddOps(window, &sum, &weights);
    AddEvents(window.events, &sum.events);
    AddStallsAndProcess(window, &sum);
    sum.length += window.length;
    sum.has_tickers = sum.has_tickers && window.has_tickers;
    sum.has_latencies = sum.has_latencies && window.has_latencies;
    for (int t = 0; t < kTickers; ++t) sum.tickers[t] += window.tickers[t];
  }
  DivideLatencies(weights, &sum);
  const Window& last = windows.back();
  sum.column_families = last.column_families;
  sum.caches = last.caches;
  sum.running_flushes = last.running_flushes;
  sum.running_compactions = last.running_compactions;
  sum.stalls.delayed_write_rate = last.stalls.delayed_write_rate;
  sum.stalls.writes_stopped = last.stalls.writes_stopped;
  sum.process.resident_bytes = last.process.resident_bytes;
  return sum;
}

double ServiceTimeUs(const Window& window, const OpMix& mix) {
  if (!window.has_latencies) {
    const double rate = window.OperationsPerSecond();
    return rate > 0 ? 1e6 / rate : 0;
  }
  double seen = 0, unseen = 0, weighted = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const OpStats& stats = window.ops[kind];
    if (stats.samples < kMinSamplesPerKind) {
      unseen += mix.share[kind];
      continue;
    }
    seen += mix.share[kind];
    weighted += mix.share[kind] * stats.latency_us_mean;
  }
  if (seen <= 0 || unseen > kMaxUnseenShare) return 0;
  return weighted / seen;
}

double StallShare(const Window& window) {
  const double length_us = absl::ToDoubleMicroseconds(window.length);
  if (length_us <= 0) return 0;
  // Whichever of the two sources saw more: cfstats or the ticker.
  const double lost = static_cast<double>(std::max(
      window.stalls.stall_micros, window.ticker(Ticker::kStallMicros)));
  return std::min(1.0, lost / length_us);
}

ArmSummary Summarise(absl::Span<const Window> windows, const OpMix& mix) {
  ArmSummary summary;
  summary.windows = static_cast<int>(windows.size());
  if (windows.empty()) return summary;
  const Window pooled = Pool(windows);
  const double operations = static_cast<double>(pooled.Operations());
  summary.throughput_ops_per_s = pooled.OperationsPerSecond();
  summary.service_time_us = ServiceTimeUs(pooled, mix);
  for (int kind = 0; kind < kOpKinds; ++kind) {
    summary.latency_us_mean[kind] = pooled.ops[kind].latency_us_mean;
    summary.latency_us_p99[kind] = pooled.ops[kind].latency_us_p99;
  }
  summary.stall_share = StallShare(pooled);
  if (operations > 0) {
    summary.cpu_us_per_op =
        static_cast<double>(pooled.process.cpu_us) / operations;
  }
  const uint64_t written = pooled.ticker(Ticker::kBytesWritten);
  if (written > 0) {
    summary.write_bytes_per_user_byte =
        static_cast<double>(pooled.ticker(Ticker::kFlushWriteBytes) +
                            pooled.ticker(Ticker::kCompactWriteBytes) +
                            pooled.ticker(Ticker::kWalBytes)) /
        static_cast<double>(written);
  }
  for (const Window& window : windows) {
    summary.resident_bytes =
        std::max(summary.resident_bytes, window.process.resident_bytes);
  }
  return summary;
}

}  // namespace rocktune
