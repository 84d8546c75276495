#include "sidecar/config_fields.h"

#include <chrono>
#include <limits>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "policy/limits.h"
#include "policy/status_macros.h"
#include "sidecar/config_units.h"

namespace rocktune {
namespace {

template <typename Enum>
struct WordRow {
  const char* word;
  Enum value;
};
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

template <auto kMember>
using TypeOf = std::remove_cvref_t<decltype(std::declval<Config>().*kMember)>;

template <auto kMember, const auto& kRows>
ConfigField Words(const char* key) {
  ConfigField field;
  field.key = key;
  field.expects = absl::StrCat(
      "one of ", absl::StrJoin(kRows, ", ", [](std::string* out, auto& row) {
        absl::StrAppend(out, "\"", row.word, "\"");
      }));
  field.parse = [](const TomlValue& value, Config* config) {
    if (value.kind != TomlKind::kText) return false;
    for (const auto& row : kRows) {
      if (value.text != row.word) continue;
      config->*kMember = row.value;
      return true;
    }
    return false;
  };
  field.print = [](const Config& config) {
    for (const auto& row : kRows) {
      if (config.*kMember == row.value) return TomlQuoted(row.word);
    }
    return std::string("\"?\"");
  };
  // A cast from a wild number is outside.
  field.number = [](const Config& config) {
    return static_cast<double>(config.*kMember);
  };
  field.max = static_cast<double>(std::size(kRows) - 1);
  return field;
}

template <auto kMember>
ConfigField Text(const char* key, const char* expects) {
  ConfigField field;
  field.key = key;
  field.expects = expects;
  field.parse = [](const TomlValue& value, Config* config) {
    // A zero byte would cut the path that the system sees.
    if (value.kind != TomlKind::kText ||
        value.text.find('\0') != std::string::npos) {
      return false;
    }
    config->*kMember = value.text;
    return true;
  };
  field.print = [](const Config& config) {
    return TomlQuoted(config.*kMember);
  };
  return field;
}

template <auto kMember>
ConfigField Truth(const char* key) {
  ConfigField field;
  field.key = key;
  field.expects = "true or false";
  field.parse = [](const TomlValue& value, Config* config) {
    if (value.kind != TomlKind::kBool) return false;
    config->*kMember = value.truth;
    return true;
  };
  field.print = [](const Config& config) -> std::string {
    return config.*kMember ? "true" : "false";
  };
  return field;
}

struct Bounds {
  double min;
  double max;
};

template <auto kMember>
ConfigField Whole(const char* key, Bounds bounds) {
  ConfigField field;
  field.key = key;
  field.min = bounds.min;
  field.max = bounds.max;
  field.expects =
      absl::StrCat("a whole number from ", bounds.min, " to ", bounds.max);
  field.parse = [](const TomlValue& value, Config* config) {
    using T = TypeOf<kMember>;
    if (value.kind != TomlKind::kWhole ||
        value.whole < std::numeric_limits<T>::min() ||
        value.whole > std::numeric_limits<T>::max()) {
      return false;
    }
    config->*kMember = static_cast<T>(value.whole);
    return true;
  };
  field.print = [](const Config& c) { return absl::StrCat(c.*kMember); };
  field.number = [](const Config& config) {
    return static_cast<double>(config.*kMember);
  };
  return field;
}

template <auto kMember>
ConfigField Real(const char* key, Bounds bounds) {
  ConfigField field;
  field.key = key;
  field.min = bounds.min;
  field.max = bounds.max;
  field.expects =
      absl::StrCat("a number from ", bounds.min, " to ", bounds.max);
  field.parse = [](const TomlValue& value, Config* config) {
    if (value.kind == TomlKind::kReal) {
      config->*kMember = value.real;
    } else if (value.kind == TomlKind::kWhole) {
      config->*kMember = static_cast<double>(value.whole);
    } else {
      return false;
    }
    return true;
  };
  field.print = [](const Config& config) {
    std::string text = absl::StrCat(config.*kMember);
    // TOML reads a number without a point as a whole one; say what it is.
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  };
  field.number = [](const Config& config) { return config.*kMember; };
  return field;
}

template <auto kMember>
ConfigField Bytes(const char* key, Bounds bounds) {
  ConfigField field;
  field.key = key;
  field.min = bounds.min;
  field.max = bounds.max;
  field.expects =
      absl::StrCat("a size like \"64 MiB\" or a whole number of bytes, up to ",
                   FormatBytes(static_cast<uint64_t>(bounds.max)));
  field.parse = [](const TomlValue& value, Config* config) {
    if (value.kind == TomlKind::kWhole && value.whole >= 0) {
      config->*kMember = static_cast<uint64_t>(value.whole);
      return true;
    }
    if (value.kind != TomlKind::kText) return false;
    auto bytes = ParseBytes(value.text);
    if (bytes) config->*kMember = *bytes;
    return bytes.has_value();
  };
  field.print = [](const Config& config) {
    return TomlQuoted(FormatBytes(config.*kMember));
  };
  field.number = [](const Config& config) {
    return static_cast<double>(config.*kMember);
  };
  return field;
}

// The member is a std::chrono duration; a text that it cannot hold exactly is
// refused. Bounds in its unit.
template <auto kMember>
ConfigField Time(const char* key, Bounds bounds) {
  using T = TypeOf<kMember>;
  auto show = [](double count) {
    return absl::FormatDuration(
        absl::FromChrono(T(static_cast<typename T::rep>(count))));
  };
  ConfigField field;
  field.key = key;
  field.min = bounds.min;
  field.max = bounds.max;
  field.expects = absl::StrCat(
      "a duration like \"30s\" in whole ",
      std::is_same_v<T, std::chrono::seconds> ? "seconds" : "milliseconds",
      ", from ", show(bounds.min), " to ", show(bounds.max));
  field.parse = [](const TomlValue& value, Config* config) {
    if (value.kind != TomlKind::kText) return false;
    auto duration = ParseDurationText(value.text);
    if (!duration) return false;
    absl::Duration unit = absl::FromChrono(T(1));
    if (absl::Trunc(*duration, unit) != *duration) return false;
    config->*kMember = T(*duration / unit);
    return true;
  };
  field.print = [](const Config& config) {
    return TomlQuoted(absl::FormatDuration(absl::FromChrono(config.*kMember)));
  };
  field.number = [](const Config& config) {
    return static_cast<double>((config.*kMember).count());
  };
  return field;
}

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
  ConfigField field;
  field.key = "limits";
  field.expects = "a list of texts like \"get_p99 <= 5ms\"";
  field.parse = [](const TomlValue& value, Config* config) {
    if (value.kind != TomlKind::kList) return false;
    std::vector<std::string> limits;
    for (const TomlValue& item : value.items) {
      if (item.kind != TomlKind::kText) return false;
      limits.push_back(item.text);
    }
    config->limits = limits;
    return true;
  };
  field.print = [](const Config& config) {
    return absl::StrCat(
        "[",
        absl::StrJoin(config.limits, ", ",
                      [](std::string* out, const std::string& limit) {
                        absl::StrAppend(out, TomlQuoted(limit));
                      }),
        "]");
  };
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
  return {
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
