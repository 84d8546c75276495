#include "sidecar/config_fields.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/limits.h"
#include "policy/status_macros.h"
#include "sidecar/config_field_kinds.h"

namespace rocktune {
namespace {

constexpr WordRow<Mode> kModes[] = {{"off", Mode::kOff},
                                    {"observe", Mode::kObserve},
                                    {"suggest", Mode::kSuggest},
                                    {"approve", Mode::kApprove},
                                    {"auto", Mode::kAuto}};
constexpr WordRow<RestartPolicy> kRestarts[] = {
    {"reverify", RestartPolicy::kReverify},
    {"keep", RestartPolicy::kKeep},
    {"drop", RestartPolicy::kDrop}};

constexpr WordRow<Objective> kObjectives[] = {
    {"balanced", Objective::kBalanced},
    {"throughput", Objective::kThroughput},
    {"p99", Objective::kP99},
    {"efficiency", Objective::kEfficiency}};

ConfigField ViewerUids() {
  ConfigField field;
  field.key = "viewer_uids";
  field.expects = "a list of user ids, whole numbers from 0 to 4294967295";
  field.parse = [](const TomlValue& value, Config* config) {
    if (value.kind != TomlKind::kList) return false;
    std::vector<uint32_t> uids;
    for (const TomlValue& item : value.items) {
      if (item.kind != TomlKind::kWhole || item.whole < 0 ||
          item.whole > std::numeric_limits<uint32_t>::max()) {
        return false;
      }
      uids.push_back(static_cast<uint32_t>(item.whole));
    }
    config->viewer_uids = uids;
    return true;
  };
  field.print = [](const Config& config) {
    return absl::StrCat("[", absl::StrJoin(config.viewer_uids, ", "), "]");
  };
  return field;
}

ConfigField Limits() {
  ConfigField field = Texts<&Config::limits>(
      "limits", "a list of texts like \"get_p99 <= 5ms\"");
  field.check = [](const Config& config) {
    for (const std::string& limit : config.limits) {
      ROCKTUNE_RETURN_IF_ERROR(ParseLimit(limit).status());
    }
    return absl::OkStatus();
  };
  return field;
}

constexpr double kHour = 3600;
constexpr double kMostMemory = 1125899906842624.0;  // 1 PiB

// Bounds keep out what cannot be meant; inside them the operator knows best.
std::vector<ConfigField> MakeFields() {
  using C = Config;
  std::vector<ConfigField> fields = {
      Words<&C::mode, kModes>("mode"),
      Text<&C::state_dir>("state_dir", "a path as text"),
      Text<&C::admin_socket>("admin_socket", "a path as text, or \"none\""),
      ViewerUids(),
      Words<&C::restart, kRestarts>("restart"),
      Bytes<&C::memory_budget_bytes>("memory_budget_bytes", {0, kMostMemory}),
      Real<&C::memory_fraction>("memory_fraction", {0.01, 0.95}),
      Whole<&C::max_changes_per_trial>("max_changes_per_trial", {1, 16}),
      Time<&C::window>("window", {100, 60'000}),
      Time<&C::baseline>("baseline", {1, kHour}),
      Time<&C::one_way_baseline>("one_way_baseline", {1, kHour}),
      Time<&C::settle>("settle", {0, kHour}),
      Time<&C::measure_min>("measure_min", {1, kHour}),
      Time<&C::measure_max>("measure_max", {1, 24 * kHour}),
      Time<&C::probation>("probation", {0, 24 * kHour}),
      Time<&C::cool_down>("cool_down", {0, 24 * kHour}),
      Words<&C::objective, kObjectives>("objective"),
      Limits(),
      Real<&C::min_effect>("min_effect", {0, 1}),
      Real<&C::guard_p99_ratio>("guard_p99_ratio", {1, 1000}),
      Real<&C::guard_throughput_ratio>("guard_throughput_ratio", {0, 1}),
      Real<&C::guard_stall_share>("guard_stall_share", {0, 1}),
      Whole<&C::guard_windows>("guard_windows", {1, 1000}),
      Whole<&C::option_writes_per_hour>("option_writes_per_hour", {1, 10'000}),
      Truth<&C::trace_bursts>("trace_bursts"),
      Truth<&C::query_trace>("query_trace"),
      Time<&C::trace_every>("trace_every", {20, 24 * kHour}),
      Time<&C::trace_length>("trace_length", {1, 60}),
      Whole<&C::history_trials>("history_trials", {10, 1'000'000}),
  };
  for (ConfigField& field : LlmConfigFields()) {
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace

const std::vector<ConfigField>& ConfigFields() {
  // Never destroyed: hosts may still read while their statics are.
  static const auto& fields = *new std::vector<ConfigField>(MakeFields());
  return fields;
}

bool InBounds(const ConfigField& field, const Config& config) {
  if (field.number == nullptr) return true;
  double value = field.number(config);
  return value >= field.min && value <= field.max;  // not a number: outside
}

std::string ConfigText(const Config& config) {
  std::string text;
  for (const ConfigField& field : ConfigFields()) {
    absl::StrAppend(&text, field.key, " = ", field.print(config), "\n");
  }
  for (const PinConfig& pin : config.pins) {
    absl::StrAppend(&text, "\n[[pin]]\noption = ", TomlQuoted(pin.option),
                    "\ncolumn_family = ", TomlQuoted(pin.column_family),
                    "\nmin = ", TomlQuoted(pin.min),
                    "\nmax = ", TomlQuoted(pin.max),
                    "\ndenied = ", pin.denied ? "true" : "false", "\n");
  }
  return text;
}

bool ParseMode(const std::string& word, Mode* mode) {
  for (const auto& row : kModes) {
    if (word != row.word) continue;
    *mode = row.value;
    return true;
  }
  return false;
}

std::string ModeWords() {
  return absl::StrJoin(kModes, ", ", [](std::string* out, const auto& row) {
    absl::StrAppend(out, row.word);
  });
}

}  // namespace rocktune
