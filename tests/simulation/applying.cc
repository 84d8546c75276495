// The applier of the simulated store, and what goes wrong in it.
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/simulation/simulation.h"

namespace rocktune::simulation {

// A planted option acts through its factor alone: the surface does not see it.
void Simulation::SetStore() {
  if (!plant_) {
    store_.Set(ParseOptions(values_));
    return;
  }
  const OptionKey key = KeyOf(plant_->plant().option);
  double value = 0;
  if (absl::SimpleAtod(values_[key], &value)) plant_->Set(value);
  OptionValues seen = values_;
  seen[key] = absl::StrCat(static_cast<int64_t>(plant_->plant().before));
  store_.Set(ParseOptions(seen));
}

ApplyReport Simulation::Apply(const action::ApplyValues& action,
                              double* delay_s) {
  const Faults& faults = config_.faults;
  ApplyReport report;
  const double u = faults_.Uniform();
  double sum = 0;
  auto falls_on = [u, &sum](double probability) {
    const bool here = u >= sum && u < sum + probability;
    sum += probability;
    return here;
  };
  // A rollback asks for values that were in force: it is never refused.
  if (falls_on(faults.refused) && !action.is_rollback) {
    report.status = absl::InvalidArgumentError("refused on purpose");
  } else if (falls_on(faults.unavailable)) {
    report.status = absl::UnavailableError("not now");
  } else if (falls_on(faults.partly_undone) && !action.is_rollback) {
    report.outcome = ApplyOutcome::kPartialUndone;
    report.status = absl::InvalidArgumentError("one value was refused");
  }
  if (!report.status.ok()) {
    Log("fault", report.status.ToString());
    return report;
  }
  const std::vector<Change>& changes = action.change_set.changes;
  size_t taken = changes.size();
  if (falls_on(faults.partly) && !action.is_rollback && taken > 1) {
    taken = 1;
    report.outcome = ApplyOutcome::kPartial;
    report.status = absl::InternalError("only the first value took");
    Log("fault", report.status.ToString());
  } else {
    report.outcome = ApplyOutcome::kApplied;
  }
  if (falls_on(faults.late)) {
    *delay_s = faults_.Uniform(5, 60);
    Log("fault", absl::StrCat("the call takes ", *delay_s, " s"));
  }
  for (size_t i = 0; i < changes.size(); ++i) {
    const std::string before = values_[changes[i].key];
    if (i < taken) values_[changes[i].key] = changes[i].after;
    report.values.push_back(
        {changes[i].key, before, changes[i].after, values_[changes[i].key]});
  }
  SetStore();
  return report;
}

void Simulation::Do(const action::ApplyValues& action) {
  if (log_ != nullptr) {
    std::string line = action.is_rollback ? "roll back:" : "apply:";
    for (const Change& change : action.change_set.changes) {
      absl::StrAppend(&line, " ", change.key.name, "=", change.after);
    }
    Log("action", line);
  }
  double delay_s = 0;
  event::ApplyFinished finished{action.epoch, Apply(action, &delay_s)};
  if (delay_s > 0) {
    due_.push_back({second_ + delay_s, std::move(finished)});
  } else {
    Deliver(std::move(finished));
  }
}

}  // namespace rocktune::simulation
