// The memory that option values commit, held within a budget.
#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "policy/calibration_steps.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

constexpr double kGrain = 64.0 * 1024;  // scaled sizes are multiples of it

// Caches give way first: what they lose costs reads some hits; what write
// buffers lose costs stalls. The order of this table is the order of giving.
struct MemoryOption {
  absl::string_view name;
  bool scales;
};
constexpr MemoryOption kMemoryOptions[] = {
    {"block_cache.capacity", true},
    {"row_cache.capacity", true},
    {"write_buffer_manager.buffer_size", true},
    {"write_buffer_size", true},
    {"max_write_buffer_number", false},
};

double NumberAt(const OptionValues& values, absl::string_view name,
                absl::string_view family) {
  auto found = values.find(OptionKey{std::string(name), std::string(family)});
  if (found == values.end()) return 0;
  return std::max(0.0, NumberOf(found->second).value_or(0));
}

double SumOf(const OptionValues& values, absl::string_view name) {
  double sum = 0;
  for (auto it = values.lower_bound(OptionKey{std::string(name), ""});
       it != values.end() && it->first.name == name; ++it) {
    sum += std::max(0.0, NumberOf(it->second).value_or(0));
  }
  return sum;
}

double WriteBuffers(const CalibrationContext& context,
                    const OptionValues& values) {
  double sum = 0;
  for (const ColumnFamilyFacts& family : context.database->column_families) {
    sum += NumberAt(values, "write_buffer_size", family.name) *
           NumberAt(values, "max_write_buffer_number", family.name);
  }
  const double cap = NumberAt(values, "write_buffer_manager.buffer_size", "");
  return cap > 0 ? std::min(sum, cap) : sum;
}

double Committed(const CalibrationContext& context,
                 const OptionValues& values) {
  double sum = SumOf(values, "block_cache.capacity") +
               SumOf(values, "row_cache.capacity") +
               WriteBuffers(context, values);
  for (const ColumnFamilyShape& family : context.window->column_families) {
    sum += static_cast<double>(family.table_reader_bytes);
  }
  return sum;
}

// What may be committed: the budget less what others hold, and never less
// than what is in force, so that a database over its budget can still shrink.
double Allowance(const CalibrationContext& context) {
  const double budget = static_cast<double>(context.memory_budget_bytes) -
                        static_cast<double>(context.memory_of_others_bytes);
  return std::max(budget, Committed(context, *context.values));
}

std::string Explain(const Draft& draft, double committed) {
  const CalibrationContext& context = draft.context();
  return absl::StrCat(
      "the change set would commit ", FormatWhole(committed), " bytes; ",
      context.memory_budget_bytes, " are the budget of all databases and ",
      context.memory_of_others_bytes, " of it are committed elsewhere");
}

// The growing changes of one option, one for each family or cache.
std::vector<DraftChange*> Growing(absl::string_view name, Draft& draft) {
  std::vector<DraftChange*> growing;
  for (DraftChange& change : draft.changes()) {
    if (change.alive && change.key.name == name &&
        NumberOf(change.after).value_or(0) >
            NumberOf(change.before).value_or(0)) {
      growing.push_back(&change);
    }
  }
  return growing;
}

double CommittedWithout(const std::vector<DraftChange*>& changes,
                        Draft& draft) {
  for (DraftChange* change : changes) change->alive = false;
  const double committed = Committed(draft.context(), draft.Merged());
  for (DraftChange* change : changes) change->alive = true;
  return committed;
}

// Takes from the growing changes of one option what is over the allowance,
// from each the same share of its growth.
void GiveWay(absl::string_view name, bool scales, Draft& draft) {
  const double committed = Committed(draft.context(), draft.Merged());
  const double excess = committed - Allowance(draft.context());
  if (excess <= 0) return;
  const std::vector<DraftChange*> growing = Growing(name, draft);
  const double growth = committed - CommittedWithout(growing, draft);
  if (growth <= 0) return;
  const double kept = std::max(0.0, 1 - excess / growth);
  const std::string message = Explain(draft, committed);
  for (DraftChange* change : growing) {
    const double before = NumberOf(change->before).value_or(0);
    const double after = NumberOf(change->after).value_or(0);
    const double scaled =
        std::floor((before + (after - before) * kept) / kGrain) * kGrain;
    if (scales && scaled > before && scaled < after &&
        scaled >= change->row->min) {
      draft.Correct(*change,
                    {CalibrationStep::kBudget, "scaled_to_budget", message},
                    TextOf(scaled, *change->row));
    } else {
      draft.Reject(*change,
                   {CalibrationStep::kBudget, "over_memory_budget", message});
    }
  }
}

}  // namespace

uint64_t CommittedMemoryBytes(const CalibrationContext& context,
                              const OptionValues& values) {
  const double bytes = Committed(context, values);
  // 2^63: far beyond any host, and safe to cast.
  return static_cast<uint64_t>(std::min(bytes, 9223372036854775808.0));
}

void FitMemoryBudget(Draft& draft) {
  if (draft.context().memory_budget_bytes == 0) return;
  // Scaling is linear in one option while the others stand still; where a
  // write buffer manager caps the sum a second round finds what is left.
  for (int round = 0; round < 2; ++round) {
    for (const MemoryOption& option : kMemoryOptions) {
      GiveWay(option.name, option.scales && round == 0, draft);
    }
  }
}

}  // namespace rocktune
