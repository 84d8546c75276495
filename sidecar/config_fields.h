// The fields of Config as rows: how each is read, printed and bounded. A new
// field is one row there and one line in rocktune.example.toml.
#ifndef ROCKTUNE_SIDECAR_CONFIG_FIELDS_H_
#define ROCKTUNE_SIDECAR_CONFIG_FIELDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "rocktune/config.h"
#include "sidecar/config_toml.h"

namespace rocktune {

struct ConfigField {
  const char* key = "";
  // What is accepted, bounds included: "a duration like \"30s\", from 1s to
  // 1h". Completes the sentence "... expected ".
  std::string expects;
  // False: not of this type. Bounds are not looked at.
  bool (*parse)(const TomlValue& value, Config* config) = nullptr;
  // The value as TOML.
  std::string (*print)(const Config& config) = nullptr;
  // For fields that have bounds: the value as a number, and the bounds.
  double (*number)(const Config& config) = nullptr;
  double min = 0;
  double max = 0;
  // What else must hold, for fields that have it; the message says what is
  // wrong and what is expected.
  absl::Status (*check)(const Config& config) = nullptr;
};

// Every key of the file but "pin", in the order of Config. Those of a table
// are written with it: "llm.model".
const std::vector<ConfigField>& ConfigFields();

// The part of them that is Config::llm.
std::vector<ConfigField> LlmConfigFields();

// False when `field` has bounds and its value is outside.
bool InBounds(const ConfigField& field, const Config& config);

// All fields and pins as TOML.
std::string ConfigText(const Config& config);

// False: `word` is no mode; *mode is then unchanged.
bool ParseMode(const std::string& word, Mode* mode);

// All modes, for messages.
std::string ModeWords();

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_CONFIG_FIELDS_H_
