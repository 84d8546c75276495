// How a field of Config of each type is read, printed and bounded: the kinds
// that the rows of config_fields.cc and config_llm_fields.cc are made of.
#ifndef ROCKTUNE_SIDECAR_CONFIG_FIELD_KINDS_H_
#define ROCKTUNE_SIDECAR_CONFIG_FIELD_KINDS_H_

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "rocktune/config.h"
#include "sidecar/config_fields.h"
#include "sidecar/config_units.h"

namespace rocktune {

// The member of a configuration or of a part of it.
template <typename T>
T& At(Config& config, T Config::*member) {
  return config.*member;
}
template <typename T>
T& At(Config& config, T LlmConfig::*member) {
  return config.llm.*member;
}
template <typename T, typename C>
const T& At(const Config& config, T C::*member) {
  return At(const_cast<Config&>(config), member);
}

template <auto kMember>
using TypeOf =
    std::remove_cvref_t<decltype(At(std::declval<Config&>(), kMember))>;

template <typename Enum>
struct WordRow {
  const char* word;
  Enum value;
};
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
      At(*config, kMember) = row.value;
      return true;
    }
    return false;
  };
  field.print = [](const Config& config) {
    for (const auto& row : kRows) {
      if (At(config, kMember) == row.value) return TomlQuoted(row.word);
    }
    return std::string("\"?\"");
  };
  // A cast from a wild number is outside.
  field.number = [](const Config& config) {
    return static_cast<double>(At(config, kMember));
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
    At(*config, kMember) = value.text;
    return true;
  };
  field.print = [](const Config& config) {
    return TomlQuoted(At(config, kMember));
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
    At(*config, kMember) = value.truth;
    return true;
  };
  field.print = [](const Config& config) -> std::string {
    return At(config, kMember) ? "true" : "false";
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
    if (value.kind != TomlKind::kWhole || !std::in_range<T>(value.whole)) {
      return false;
    }
    At(*config, kMember) = static_cast<T>(value.whole);
    return true;
  };
  field.print = [](const Config& c) { return absl::StrCat(At(c, kMember)); };
  field.number = [](const Config& config) {
    return static_cast<double>(At(config, kMember));
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
      At(*config, kMember) = value.real;
    } else if (value.kind == TomlKind::kWhole) {
      At(*config, kMember) = static_cast<double>(value.whole);
    } else {
      return false;
    }
    return true;
  };
  field.print = [](const Config& config) {
    std::string text = absl::StrCat(At(config, kMember));
    // TOML reads a number without a point as a whole one; say what it is.
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  };
  field.number = [](const Config& config) { return At(config, kMember); };
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
      At(*config, kMember) = static_cast<uint64_t>(value.whole);
      return true;
    }
    if (value.kind != TomlKind::kText) return false;
    auto bytes = ParseBytes(value.text);
    if (bytes) At(*config, kMember) = *bytes;
    return bytes.has_value();
  };
  field.print = [](const Config& config) {
    return TomlQuoted(FormatBytes(At(config, kMember)));
  };
  field.number = [](const Config& config) {
    return static_cast<double>(At(config, kMember));
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
    At(*config, kMember) = T(*duration / unit);
    return true;
  };
  field.print = [](const Config& config) {
    return TomlQuoted(
        absl::FormatDuration(absl::FromChrono(At(config, kMember))));
  };
  field.number = [](const Config& config) {
    return static_cast<double>(At(config, kMember).count());
  };
  return field;
}

template <auto kMember>
ConfigField Texts(const char* key, const char* expects) {
  ConfigField field;
  field.key = key;
  field.expects = expects;
  field.parse = [](const TomlValue& value, Config* config) {
    if (value.kind != TomlKind::kList) return false;
    std::vector<std::string> texts;
    for (const TomlValue& item : value.items) {
      if (item.kind != TomlKind::kText) return false;
      texts.push_back(item.text);
    }
    At(*config, kMember) = texts;
    return true;
  };
  field.print = [](const Config& config) {
    return absl::StrCat(
        "[",
        absl::StrJoin(At(config, kMember), ", ",
                      [](std::string* out, const std::string& text) {
                        absl::StrAppend(out, TomlQuoted(text));
                      }),
        "]");
  };
  return field;
}

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_CONFIG_FIELD_KINDS_H_
