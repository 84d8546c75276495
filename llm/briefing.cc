#include "llm/briefing.h"

#include <algorithm>

#include "llm/briefing_parts.h"

namespace rocktune {
namespace {

// Values in force by family position: the order of the keys is that of the
// families' names, which must not show.
std::vector<std::pair<int, BriefedValue>> ValuesOf(
    const CatalogueRow& row, const CalibrationContext& context) {
  std::vector<std::pair<int, BriefedValue>> values;
  for (auto it = context.values->lower_bound(OptionKey{row.name, ""});
       it != context.values->end() && it->first.name == row.name; ++it) {
    const int family =
        FamilyPosition(*context.database, it->first.column_family);
    std::optional<BriefedValue> value = ReadBriefedValue(it->second, row);
    if (family == kGoneFamily || family >= kMostBriefedFamilies || !value) {
      continue;
    }
    values.emplace_back(family, *std::move(value));
  }
  std::sort(values.begin(), values.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return values;
}

void BriefOptions(const CalibrationContext& context, ModelBriefing& briefing) {
  for (const CatalogueRow& row : context.catalogue->rows()) {
    if (!IsOpenToModels(row)) continue;
    std::optional<CatalogueWord> name = CatalogueWord::Name(row);
    if (!name || briefing.options.size() >= size_t{kMostBriefedOptions}) {
      ++briefing.options_left_out;
      continue;
    }
    BriefedOption option{.name = *std::move(name)};
    option.scope = row.scope;
    option.type = row.type;
    option.option_class = row.option_class;
    option.unit = row.unit;
    option.min = row.min;
    option.max = row.max;
    option.allows_minus_one = row.allows_minus_one;
    option.allows_zero = row.allows_zero;
    option.max_step_factor = row.max_step_factor;
    option.default_value = ReadBriefedValue(row.default_value, row);
    for (const std::string& word : row.enum_values) {
      if (auto known = CatalogueWord::EnumValue(row, word)) {
        option.words.push_back(*std::move(known));
      }
    }
    option.meaning = CatalogueWord::Meaning(row);
    option.values = ValuesOf(row, context);
    briefing.options.push_back(std::move(option));
  }
}

void BriefHost(const CalibrationContext& context, ModelBriefing& briefing) {
  const HostFacts& facts = *context.host;
  BriefedHost& host = briefing.host;
  host.cores = facts.cores;
  host.cgroup_cpus = facts.cgroup_cpus;
  host.usable_memory_bytes = facts.UsableMemoryBytes();
  host.memory_budget_bytes = context.memory_budget_bytes;
  host.memory_of_others_bytes = context.memory_of_others_bytes;
  host.committed_bytes = CommittedMemoryBytes(context, *context.values);
  host.rotational = facts.rotational;
  host.filesystem = FileSystemWord(facts.filesystem);
  host.scheduler = SchedulerWord(facts.device_queue);
  host.device = facts.device;
  host.rocksdb_version = {context.features->major, context.features->minor,
                          context.features->patch};
}

void BriefPins(const CalibrationContext& context, ModelBriefing& briefing) {
  for (const Pin& pin : *context.pins) {
    const CatalogueRow* row = context.catalogue->Find(pin.option);
    if (row == nullptr || !IsOpenToModels(*row)) continue;
    std::optional<CatalogueWord> name = CatalogueWord::Name(*row);
    const int family = FamilyPosition(*context.database, pin.column_family);
    if (!name || family == kGoneFamily || family >= kMostBriefedFamilies) {
      continue;
    }
    BriefedPin briefed{.option = *std::move(name)};
    briefed.unit = row->unit;
    briefed.family = family;
    briefed.min = ReadBriefedValue(pin.min, *row);
    briefed.max = ReadBriefedValue(pin.max, *row);
    // A bound that cannot be told holds all the same.
    briefed.denied = pin.denied || (!briefed.min && !briefed.max);
    briefing.pins.push_back(std::move(briefed));
  }
}

void BriefLimits(absl::Span<const Limit> limits, ModelBriefing& briefing) {
  // The words must outlive every briefing.
  static const auto& quantities =
      *new std::vector<std::string>(LimitQuantities());
  for (const Limit& limit : limits) {
    const auto known =
        std::find(quantities.begin(), quantities.end(), limit.quantity);
    if (known == quantities.end()) continue;
    briefing.limits.push_back({*known, limit.at_most, limit.bound});
  }
}

}  // namespace

ModelBriefing BriefModel(const BriefingInput& input) {
  const CalibrationContext& context = input.advisor.context;
  ModelBriefing briefing;
  briefing.setting = context.setting;
  BriefOptions(context, briefing);
  BriefHost(context, briefing);
  BriefPins(context, briefing);
  BriefLimits(input.limits, briefing);
  briefing.objective = input.objective;
  briefing.min_effect = input.min_effect;
  briefing.max_changes = context.max_changes;
  BriefLoad(input, briefing);
  BriefTrials(input, briefing);
  BriefNotes(input, briefing);
  return briefing;
}

}  // namespace rocktune
