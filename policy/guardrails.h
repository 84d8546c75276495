// Limits that end a trial at once, judged every window while the candidate's
// values are in force.
#ifndef ROCKTUNE_POLICY_GUARDRAILS_H_
#define ROCKTUNE_POLICY_GUARDRAILS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "policy/limits.h"
#include "policy/trial.h"
#include "policy/window.h"

namespace rocktune {

// All limits are guesses on the wide side: the verdict catches small harm,
// these catch great harm early.
struct GuardrailConfig {
  // p99 of a kind over the baseline's; and at least p99_floor_us more.
  double p99_ratio = 3.0;
  double p99_floor_us = 200;
  uint64_t p99_min_samples = 50;  // in the window
  // The p99 of a kind that is a smaller part of the operations than this only
  // counts while the kind takes this part of all service time.
  double rare_share = 0.05;
  double rare_time_share = 0.25;
  // Throughput under the baseline's, together with slower service: a load
  // that merely went quiet is no harm.
  double throughput_ratio = 0.5;
  double service_ratio = 1.25;
  // Part of the time writers are stalled; and stall_share_added over the
  // baseline's.
  double stall_share = 0.5;
  double stall_share_added = 0.2;
  // Resident memory over the memory limit (and over the baseline's).
  double memory_ratio = 0.9;
  // Windows in a row that must break a limit, where the baseline's windows are
  // not known.
  int windows = 3;
  // Where they are: so many that a trial of `trial_windows` in which nothing
  // happens is ended by mistake this often, within [least, most].
  double false_trips = 1e-3;
  int trial_windows = 300;
  int least_windows = 2;
  int most_windows = 8;
};

// One trial's guard. Only what is worse than the baseline trips: a database
// that stalled before may stall on. Not thread-safe.
class Guardrails {
 public:
  // `memory_limit_bytes`: what the host may use; 0 = unknown, not guarded.
  // `windows`: those `baseline` sums up, oldest first; how often they break a
  // limit themselves says how many in a row are evidence. Of `limits` those
  // with an upper bound are guarded: a lower one is also broken by a load that
  // merely went quiet.
  Guardrails(GuardrailConfig config, const ArmSummary& baseline,
             uint64_t memory_limit_bytes, absl::Span<const Window> windows = {},
             std::vector<Limit> limits = {});

  // To be called once a window, in order. The reason with its numbers when a
  // limit was broken for enough windows in a row; at once for a background
  // error, and for stopped writes where the baseline hardly stalled.
  std::optional<std::string> Check(const Window& window);

  // Forgets the windows seen so far, not the baseline.
  void Restart();

  // From here on half of the harm breaks a limit, on the log scale where it is
  // a ratio: for the question whether harm goes on that was noticed before.
  void HalveLimits();

 private:
  std::optional<std::string> AtOnce(const Window& window) const;
  // By guard, the reason the limit is broken in this window, or empty: one
  // p99 per kind, throughput, stalls, memory, the operator's limits.
  std::vector<std::string> Reasons(const Window& window) const;
  std::string P99(const Window& window, OpKind kind) const;
  std::string Throughput(const Window& window) const;
  std::string Stalls(const Window& window) const;
  std::string Memory(const Window& window) const;
  void AdaptTo(absl::Span<const Window> windows);
  // Fills guards_: windows in a row, from how often `windows` break limits.
  void CountWindows(absl::Span<const Window> windows);

  struct Guard {
    int wanted = 0;      // windows in a row
    int broken = 0;      // so far
    bool noisy = false;  // even `most_windows` in a row are no evidence
  };

  GuardrailConfig config_;
  ArmSummary baseline_;
  uint64_t memory_limit_bytes_;
  std::vector<Limit> limits_;
  Window pooled_baseline_;  // empty where its windows are not known
  std::array<double, kOpKinds> p99_limit_us_{};  // 0: no baseline
  double least_ops_per_s_ = 0;
  std::vector<Guard> guards_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_GUARDRAILS_H_
