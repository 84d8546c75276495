// The one number a trial is judged by: service time per operation at the
// baseline's mix of operations. It is throughput when the host is saturated
// (closed loop) and latency when it is not (open loop), and it does not move
// when only the mix or the offered load moves.
#ifndef ROCKTUNE_POLICY_OBJECTIVE_H_
#define ROCKTUNE_POLICY_OBJECTIVE_H_

#include <array>

#include "absl/types/span.h"
#include "policy/trial.h"
#include "policy/window.h"

namespace rocktune {

// What part of the operations is of which kind; adds up to 1, or is all zero
// when there were no operations.
struct OpMix {
  std::array<double, kOpKinds> share{};
};

OpMix MixOf(absl::Span<const Window> windows);

// Total variation distance, 0 (same) .. 1 (nothing in common). From or to no
// operations at all: 0 when both are empty, else 1.
double MixDistance(const OpMix& a, const OpMix& b);

// Windows joined into one, in time order: counts, tickers, bytes and times
// added up; latencies weighted by operations (so p50 and p99 are means of the
// windows' percentiles); state at the end from the last window. An empty span
// gives an empty window.
Window Pool(absl::Span<const Window> windows);

// Microseconds per operation: mean sampled latency of each kind, weighted by
// `mix`. A kind with fewer than kMinSamplesPerKind samples is left out and the
// rest scaled up, as long as the kinds left out are at most kMaxUnseenShare of
// `mix`. 0 = cannot be said (idle, too few samples). Without latencies at all
// (!has_latencies): 1e6 / throughput, which the offered load moves too.
double ServiceTimeUs(const Window& window, const OpMix& mix);

inline constexpr int kMinSamplesPerKind = 4;     // a guess
inline constexpr double kMaxUnseenShare = 0.05;  // a guess

// What one arm measured. service_time_us is 0 when it cannot be said.
ArmSummary Summarise(absl::Span<const Window> windows, const OpMix& mix);

// Writer time lost to stalls as a part of the window's length, 0..1 (several
// stalled writers add up; more than 1 reads as 1).
double StallShare(const Window& window);

// What a trial is judged by.
enum class ObjectiveKind {
  kBalanced,    // service time; with throughput where the host is saturated
  kThroughput,  // time per operation of the whole database
  kP99,         // p99 of each kind, weighted by its share
  kEfficiency,  // CPU and device bytes per operation
};
absl::string_view ToString(ObjectiveKind kind);

// The table of costs. Less is better in all; all are per operation or per byte
// where that makes the offered load drop out. Rows in objective_costs.cc.
enum class Cost {
  kServiceUs,       // ServiceTimeUs
  kUsPerOperation,  // 1e6 / throughput
  kP99Us,           // share-weighted geometric mean over the kinds
  kStalls,          // 1 + StallShare
  kCpuUsPerOperation,
  kWriteBytesPerUserByte,  // flush + compaction + WAL
  kReadBytesPerOperation,  // from the device
  kMemoryBytes,            // resident
  kSpaceBytes,             // table files
};
inline constexpr int kCosts = static_cast<int>(Cost::kSpaceBytes) + 1;
absl::string_view ToString(Cost cost);

// The cost of pooled windows (see Pool); 0 = cannot be said.
double CostOf(Cost cost, const Window& pooled, const OpMix& mix);

// The objective's cost; 0 = cannot be said. `saturated`: decided once for a
// trial, from its baseline (Saturated), so that both arms are judged alike.
double ObjectiveCost(ObjectiveKind kind, const Window& pooled, const OpMix& mix,
                     bool saturated);

// Whether the host has nothing left to give: CPU, device or writers at their
// limit. `cores`: usable ones.
bool Saturated(const Window& pooled, int cores);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_OBJECTIVE_H_
