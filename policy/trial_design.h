// How a change set is to be tried.
#ifndef ROCKTUNE_POLICY_TRIAL_DESIGN_H_
#define ROCKTUNE_POLICY_TRIAL_DESIGN_H_

#include <string>

#include "absl/types/span.h"
#include "policy/catalogue.h"
#include "policy/facts.h"
#include "policy/proposal.h"
#include "policy/trial.h"
#include "policy/window.h"

namespace rocktune {

struct DesignInput {
  const ChangeSet* change_set = nullptr;
  const Catalogue* catalogue = nullptr;
  const RocksdbFeatures* features = nullptr;
  absl::Span<const Window> baseline;
  int writes_left = 0;     // of the budget of option calls
  int switches_most = 60;  // a switchback may take
};

struct DesignChoice {
  TrialDesign design = TrialDesign::kBeforeAfter;
  std::string why;  // one sentence
};

// The class of the slowest change decides: what changes files is tried
// before/after, what warms up is tried one way until it has levelled off, what
// acts and is undone at once is switched back and forth. A switchback becomes
// before/after where the budget of option calls is too small for it, where
// compaction is busy and the change acts through its debt, or where RocksDB's
// jobs would keep putting old values back.
DesignChoice ChooseDesign(const DesignInput& input);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_TRIAL_DESIGN_H_
