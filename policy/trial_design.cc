#include "policy/trial_design.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_format.h"
#include "policy/objective.h"
#include "policy/settling.h"
#include "policy/write_budget.h"

namespace rocktune {
namespace {

// Above this part of the windows with a job running, blocks would mostly wait
// for jobs that began under the other arm's values. A guess.
constexpr double kBusyShare = 0.5;
// Where jobs run more than this, debt comes and goes.
constexpr double kDebtBusyShare = 0.2;
// Writers that are stalled for more than this are ruled by compaction debt.
constexpr double kStalledShare = 0.02;

bool TouchesFamilies(const DesignInput& input) {
  return absl::c_any_of(input.change_set->changes, [&](const Change& change) {
    const CatalogueRow* row = input.catalogue->Find(change.key.name);
    return row == nullptr || row->scope == OptionScope::kColumnFamily;
  });
}

double BusyShare(absl::Span<const Window> windows) {
  if (windows.empty()) return 0;
  const auto busy = absl::c_count_if(windows, [](const Window& window) {
    return window.running_flushes + window.running_compactions > 0;
  });
  return static_cast<double>(busy) / static_cast<double>(windows.size());
}

}  // namespace

DesignChoice ChooseDesign(const DesignInput& input) {
  switch (SlowestClass(*input.change_set, *input.catalogue)) {
    case OptionClass::kWarming:
      return {TrialDesign::kWarming,
              "its effect grows over minutes and an early undo would destroy "
              "it, so it goes one way until it has levelled off"};
    case OptionClass::kInstant:
      break;
    default:
      return {TrialDesign::kBeforeAfter,
              "it shapes new files, which switching back would not undo"};
  }
  const int calls = CallsOf(*input.change_set, *input.catalogue);
  if (calls * input.switches_most > input.writes_left) {
    return {TrialDesign::kBeforeAfter,
            absl::StrFormat("a switchback may need %d option calls and %d are "
                            "left in this hour's budget",
                            calls * input.switches_most, input.writes_left)};
  }
  const double busy = BusyShare(input.baseline);
  const double stalled = StallShare(Pool(input.baseline));
  if ((busy > kDebtBusyShare || stalled > kStalledShare) &&
      ActsOnDebt(*input.change_set)) {
    return {
        TrialDesign::kBeforeAfter,
        absl::StrFormat("it acts through flushes and compactions, which run "
                        "in %.0f %% of the windows (stalls: %.0f %% of the "
                        "time): their debt outlives a block",
                        100 * busy, 100 * stalled)};
  }
  if (input.features->running_jobs_revert_options && TouchesFamilies(input) &&
      busy > kBusyShare) {
    return {TrialDesign::kBeforeAfter,
            absl::StrFormat("jobs run in %.0f %% of the windows, and on this "
                            "RocksDB each puts back the values it began with",
                            100 * busy)};
  }
  return {TrialDesign::kSwitchback,
          "it acts at once and is undone at once, so incumbent and candidate "
          "take turns and drift hits both alike"};
}

}  // namespace rocktune
