// Limits that end a trial at once, judged every window while the candidate's
// values are in force.
#ifndef ROCKTUNE_POLICY_GUARDRAILS_H_
#define ROCKTUNE_POLICY_GUARDRAILS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

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
  // Windows in a row that must break a limit.
  int windows = 3;
};

// One trial's guard. Only what is worse than the baseline trips: a database
// that stalled before may stall on. Not thread-safe.
class Guardrails {
 public:
  // `memory_limit_bytes`: what the host may use; 0 = unknown, not guarded.
  Guardrails(GuardrailConfig config, const ArmSummary& baseline,
             uint64_t memory_limit_bytes);

  // To be called once a window, in order. The reason with its numbers when a
  // limit was broken for `windows` windows in a row; at once for a background
  // error, and for stopped writes where the baseline hardly stalled.
  std::optional<std::string> Check(const Window& window);

 private:
  std::optional<std::string> AtOnce(const Window& window) const;
  // The reason the limit is broken in this window, or empty.
  std::string P99(const Window& window, OpKind kind) const;
  std::string Throughput(const Window& window) const;
  std::string Stalls(const Window& window) const;
  std::string Memory(const Window& window) const;

  GuardrailConfig config_;
  ArmSummary baseline_;
  uint64_t memory_limit_bytes_;
  // Windows in a row, by guard: one p99 per kind, throughput, stalls, memory.
  std::array<int, kOpKinds + 3> broken_{};
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_GUARDRAILS_H_
