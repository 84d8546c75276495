// rocktune/config.h: file, environment and bounds.
#include "rocktune/config.h"

#include <cstdlib>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/status_macros.h"
#include "sidecar/admin_nearest.h"
#include "sidecar/config_fields.h"
#include "sidecar/config_toml.h"
#include "sidecar/model_desk.h"

namespace rocktune {
namespace {

// A file is a public edge: "cannot be read" is IOError there, whatever why.
rocksdb::Status ToPublic(const absl::Status& status) {
  if (status.ok()) return rocksdb::Status::OK();
  std::string message(status.message());
  if (status.code() == absl::StatusCode::kInvalidArgument) {
    return rocksdb::Status::InvalidArgument(message);
  }
  return rocksdb::Status::IOError(message);
}

absl::Status UnknownKey(const std::string& where, const std::string& key,
                        const std::vector<std::string>& known) {
  return absl::InvalidArgumentError(absl::StrCat(
      where, "unknown key ", TomlQuoted(key), DidYouMean(key, known),
      "; known are ", absl::StrJoin(known, ", ")));
}

absl::Status WrongType(const std::string& where, const TomlValue& value,
                       absl::string_view expects) {
  std::string found =
      value.kind == TomlKind::kText
          ? absl::StrCat("the text ", TomlQuoted(value.text.substr(0, 80)))
          : Describe(value.kind);
  return absl::InvalidArgumentError(
      absl::StrCat(where, value.key, " is ", found, ", expected ", expects));
}

absl::Status OutOfBounds(const std::string& where, const ConfigField& field,
                         const Config& config) {
  return absl::InvalidArgumentError(absl::StrCat(where, field.key, " is ",
                                                 field.print(config),
                                                 ", expected ", field.expects));
}

absl::Status CheckField(const std::string& where, const ConfigField& field,
                        const Config& config) {
  if (!InBounds(field, config)) return OutOfBounds(where, field, config);
  if (field.check == nullptr) return absl::OkStatus();
  const absl::Status status = field.check(config);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrCat(where, field.key, ": ", status.message()));
}

absl::Status CheckPin(const std::string& where, const PinConfig& pin) {
  auto wrong = [&](absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat(where, "pin of \"", pin.option, "\": ", what));
  };
  if (pin.option.empty()) return wrong("expected the name of an option");
  bool bounded = !pin.min.empty() || !pin.max.empty();
  if (pin.denied && bounded) {
    return wrong("expected either denied = true, or min and max");
  }
  if (!pin.denied && !bounded) {
    return wrong("expected min, max (equal: a fixed value) or denied = true");
  }
  return absl::OkStatus();
}

struct PinTextField {
  const char* key;
  std::string PinConfig::*member;
};
constexpr PinTextField kPinTexts[] = {
    {"option", &PinConfig::option},
    {"column_family", &PinConfig::column_family},
    {"min", &PinConfig::min},
    {"max", &PinConfig::max},
};

absl::Status ReadPinKey(const std::string& where, const TomlValue& value,
                        PinConfig* pin) {
  if (value.key == "denied") {
    if (value.kind != TomlKind::kBool) {
      return WrongType(where, value, "true or false");
    }
    pin->denied = value.truth;
    return absl::OkStatus();
  }
  std::vector<std::string> known = {"denied"};
  for (const PinTextField& field : kPinTexts) {
    known.push_back(field.key);
    if (value.key != field.key) continue;
    if (value.kind == TomlKind::kText) {
      pin->*field.member = value.text;
    } else if (value.kind == TomlKind::kWhole) {
      pin->*field.member = absl::StrCat(value.whole);
    } else if (value.kind == TomlKind::kReal) {
      pin->*field.member = absl::StrCat(value.real);
    } else if (value.kind == TomlKind::kBool) {
      pin->*field.member = value.truth ? "true" : "false";
    } else {
      return WrongType(where, value, "text or a number");
    }
    return absl::OkStatus();
  }
  return UnknownKey(where, value.key, known);
}

absl::Status ReadPins(const std::string& path, const TomlValue& list,
                      Config* config) {
  auto where = [&](uint32_t line) {
    return absl::StrCat(path, ":", line, ": ");
  };
  std::vector<PinConfig> pins;
  for (const TomlValue& item : list.items) {
    if (list.kind != TomlKind::kList || item.kind != TomlKind::kTable) {
      return WrongType(where(list.line), list, "[[pin]] tables");
    }
    PinConfig pin;
    for (const TomlValue& value : item.items) {
      ROCKTUNE_RETURN_IF_ERROR(ReadPinKey(where(value.line), value, &pin));
    }
    ROCKTUNE_RETURN_IF_ERROR(CheckPin(where(item.line), pin));
    pins.push_back(std::move(pin));
  }
  if (list.kind != TomlKind::kList) {
    return WrongType(where(list.line), list, "[[pin]] tables");
  }
  config->pins = std::move(pins);
  return absl::OkStatus();
}

absl::Status ReadKey(const std::string& path, const TomlValue& value,
                     Config* config) {
  if (value.key == "pin") return ReadPins(path, value, config);
  std::string where = absl::StrCat(path, ":", value.line, ": ");
  std::vector<std::string> known;
  for (const ConfigField& field : ConfigFields()) {
    known.push_back(field.key);
    if (value.key != field.key) continue;
    if (!field.parse(value, config)) {
      return WrongType(where, value, field.expects);
    }
    return CheckField(where, field, *config);
  }
  known.push_back("pin");
  return UnknownKey(where, value.key, known);
}

absl::Status CheckLlm(const std::string& where, const LlmConfig& llm) {
  if (llm.provider.empty()) return absl::OkStatus();
  absl::Status status = absl::OkStatus();
  if (const auto model = ModelConfigOf(llm); !model.ok()) {
    status = model.status();
  } else {
    status = ResolveProvider(model->provider).status();
  }
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrCat(where, "llm: ", std::string(status.message())));
}

// What no single field can tell.
absl::Status CheckTogether(const std::string& where, const Config& config) {
  if (config.measure_max < config.measure_min) {
    return absl::InvalidArgumentError(
        absl::StrCat(where, "measure_max is ", config.measure_max.count(),
                     "s, expected at least measure_min, which is ",
                     config.measure_min.count(), "s"));
  }
  if (config.trace_every < 20 * config.trace_length) {
    return absl::InvalidArgumentError(
        absl::StrCat(where, "trace_every is ", config.trace_every.count(),
                     "s, expected at least 20 times trace_length, which is ",
                     config.trace_length.count(), "s"));
  }
  for (const PinConfig& pin : config.pins) {
    ROCKTUNE_RETURN_IF_ERROR(CheckPin(where, pin));
  }
  return CheckLlm(where, config.llm);
}

// The keys of a table are those of its fields with its name in front.
absl::Status ReadItem(const std::string& path, const TomlValue& value,
                      Config* config) {
  const std::string prefix = value.key + ".";
  const bool known =
      absl::c_any_of(ConfigFields(), [&](const ConfigField& field) {
        return absl::StartsWith(field.key, prefix);
      });
  if (value.kind != TomlKind::kTable || !known) {
    return ReadKey(path, value, config);
  }
  for (TomlValue item : value.items) {
    item.key = absl::StrCat(value.key, ".", item.key);
    ROCKTUNE_RETURN_IF_ERROR(ReadKey(path, item, config));
  }
  return absl::OkStatus();
}

absl::Status Load(const std::string& path, Config* config) {
  ROCKTUNE_ASSIGN_OR_RETURN(TomlValue root, ReadToml(path));
  Config loaded = *config;
  for (const TomlValue& value : root.items) {
    ROCKTUNE_RETURN_IF_ERROR(ReadItem(path, value, &loaded));
  }
  ROCKTUNE_RETURN_IF_ERROR(CheckTogether(absl::StrCat(path, ": "), loaded));
  *config = std::move(loaded);
  return absl::OkStatus();
}

absl::Status Check(const Config& config) {
  for (const ConfigField& field : ConfigFields()) {
    ROCKTUNE_RETURN_IF_ERROR(CheckField("", field, config));
  }
  return CheckTogether("", config);
}

// Unset and empty are the same.
std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

rocksdb::Status LoadConfig(const std::string& path, Config* config) {
  return ToPublic(Load(path, config));
}

rocksdb::Status LoadConfigFromEnvironment(Config* config) {
  Config loaded = *config;
  if (std::string path = Environment("ROCKTUNE_CONFIG"); !path.empty()) {
    rocksdb::Status status = LoadConfig(path, &loaded);
    if (!status.ok()) return status;
  }
  std::string mode = Environment("ROCKTUNE_MODE");
  if (!mode.empty() && !ParseMode(mode, &loaded.mode)) {
    return rocksdb::Status::InvalidArgument(absl::StrCat(
        "ROCKTUNE_MODE is \"", mode, "\", expected one of ", ModeWords()));
  }
  *config = std::move(loaded);
  return rocksdb::Status::OK();
}

rocksdb::Status CheckConfig(const Config& config) {
  return ToPublic(Check(config));
}

}  // namespace rocktune
