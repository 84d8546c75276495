// What both kinds of trial share once their numbers are there: which numbers
// mean which verdict. Internal to the verdict.
#ifndef ROCKTUNE_POLICY_VERDICT_RULES_H_
#define ROCKTUNE_POLICY_VERDICT_RULES_H_

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "policy/verdict.h"

namespace rocktune {

// A harm is undone whether it was one or not: not keeping is the safe side.
inline constexpr double kHarmAlpha = 0.05;  // a guess
// At the limit of a trial: an effect that is surely smaller than this is no
// gain; else nothing can be said.
inline constexpr double kNarrow = 0.05;  // a guess

// Costs other than the objective that are a reason to keep when they fall.
inline constexpr std::array<Cost, 7> kReasonsToKeep = {
    Cost::kP99Us,
    Cost::kStalls,
    Cost::kCpuUsPerOperation,
    Cost::kWriteBytesPerUserByte,
    Cost::kReadBytesPerOperation,
    Cost::kMemoryBytes,
    Cost::kSpaceBytes,
};

// The log improvement of one cost: [low, high], one-sided each.
struct LogEffect {
  static constexpr double kNoEnd = std::numeric_limits<double>::infinity();
  double mean = 0;
  double low = -kNoEnd;      // at the error of a keep
  double high = kNoEnd;      // at kHarmAlpha
  double lax_low = -kNoEnd;  // at kHarmAlpha: for "not worse than"
};

struct SecondaryEffect {
  Cost cost = Cost::kServiceUs;
  double before = 0;
  double after = 0;
  LogEffect effect;
  bool hopeful = false;  // may yet become a reason to keep
};

// What was measured, whatever the design.
struct Evidence {
  LogEffect objective;
  bool hopeful = true;  // a keep is still likely enough to go on
  bool last = false;    // nothing more will come
  std::vector<SecondaryEffect> secondary;
  Window incumbent;  // pooled
  Window candidate;
  // Against the incumbent; the ratio of share-weighted p99, and whether there
  // is enough of both to speak of it.
  double p99_ratio = 1;
  double stall_share_added = 0;
  bool can_veto = false;
  std::string numbers;  // "service time 100.0 -> 90.0 us/op: ..."
};

// Fills `judgement`: effect, costs, verdict, why, ended.
void Decide(const Evidence& evidence, const VerdictConfig& config,
            Judgement* judgement);

// The rows for people.
std::vector<CostChange> CostChanges(const std::vector<SecondaryEffect>& rows,
                                    const VerdictConfig& config);

// Enough samples (operations, without latencies) for `windows` of them?
bool SaysEnough(const Window& pooled, int windows, const VerdictConfig& config);

// "service time", "p99", ...: what the objective is called in a sentence.
std::string ObjectiveInWords(ObjectiveKind kind);

// "+9.1 % [+4.0, +14.2]" on the scale of throughput.
std::string InPercent(const LogEffect& effect);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_VERDICT_RULES_H_
