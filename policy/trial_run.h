// One trial's plan at work: which values are to be in force when, which
// windows count, and when there is a verdict.
#ifndef ROCKTUNE_POLICY_TRIAL_RUN_H_
#define ROCKTUNE_POLICY_TRIAL_RUN_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "policy/catalogue.h"
#include "policy/cost_history.h"
#include "policy/option.h"
#include "policy/trace_facts.h"
#include "policy/trial.h"
#include "policy/verdict.h"
#include "policy/window.h"

namespace rocktune {

struct TrialTiming {
  absl::Duration settle = absl::Seconds(5);       // at least, after a change
  absl::Duration settle_max = absl::Seconds(60);  // at most, of changed files
  absl::Duration warm_max = absl::Minutes(10);    // at most, of caches
  absl::Duration measure_min = absl::Seconds(15);
  absl::Duration measure_max = absl::Minutes(8);
};

// What a trial is begun with; copied into the run.
struct TrialSetup {
  TrialDesign design = TrialDesign::kBeforeAfter;
  ChangeSet change_set;
  ChangeSet inverse;
  OptionClass slowest = OptionClass::kChangesFiles;
  std::vector<Window> baseline;  // just before the trial, oldest first
  CostHistory history;           // of the incumbent
  OpMix mix;                     // of the baseline
  bool saturated = false;
  VerdictConfig verdict;
  TrialTiming timing;
  uint64_t coin_seed = 0;           // of the order within pairs
  std::optional<TraceFacts> trace;  // the latest burst, for predictions
  bool confirms = false;    // proven before under this load: harm ends it,
                            // anything else keeps it
  bool simplifies = false;  // kept when nothing is lost by it
};

// What the machine is to do next.
struct TrialStep {
  enum class Kind {
    kWait,   // for the next window
    kApply,  // set `change_set`, then call Applied()
    kEnd,    // `judgement` has the verdict
  };
  Kind kind = Kind::kWait;
  ChangeSet change_set;
  bool candidate = false;  // kApply: the arm whose values these are
  bool measuring = false;  // windows count now; else the effect settles
  Judgement judgement;
  std::string why;  // what it waits for, for the operator
};

// Not thread-safe.
class TrialRun {
 public:
  virtual ~TrialRun() = default;

  // The first step, once the inverse is durable.
  virtual TrialStep Begin(absl::Time now) = 0;
  // What the last kApply asked for is in force, and since when.
  virtual TrialStep Applied(absl::Time now) = 0;
  // `settled`: nothing that RocksDB put back is left to be set again.
  virtual TrialStep OnWindow(const Window& window, bool settled,
                             absl::Time now) = 0;

  // What the verdict looked at so far, oldest first.
  virtual std::vector<Block> Blocks() const = 0;
  // What was predicted before the trial; empty without a prediction.
  virtual std::string Expected() const { return ""; }
};

std::unique_ptr<TrialRun> MakeTrialRun(TrialSetup setup);

// What a judgement means for a trial that is not about a gain: one that
// confirms is kept unless it does harm, one that simplifies is kept once it is
// sure that less than min_effect is lost. Others: unchanged.
Judgement ByRole(Judgement judgement, const TrialSetup& setup,
                 bool last_chance);

// Windows of one arm of `blocks`, in time order.
std::vector<Window> WindowsOf(absl::Span<const Block> blocks, bool candidate);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_TRIAL_RUN_H_
