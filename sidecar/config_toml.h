// A TOML file as plain values with line numbers, so that only one source of
// ours sees the parser.
#ifndef ROCKTUNE_SIDECAR_CONFIG_TOML_H_
#define ROCKTUNE_SIDECAR_CONFIG_TOML_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rocktune {

enum class TomlKind { kBool, kWhole, kReal, kText, kList, kTable, kDate };

struct TomlValue {
  std::string key;  // in its table; empty in a list
  uint32_t line = 0;
  TomlKind kind = TomlKind::kTable;
  bool truth = false;            // kBool
  int64_t whole = 0;             // kWhole
  double real = 0;               // kReal
  std::string text;              // kText
  std::vector<TomlValue> items;  // kList, and kTable in the file's order
};

// "text", "a list", ...: for messages.
const char* Describe(TomlKind kind);

// A TOML string: only what ends it or cannot stand in it is escaped, so a
// message shows all of it too.
std::string TomlQuoted(const std::string& text);

// A configuration larger than this is a mistake.
inline constexpr size_t kMaxConfigBytes = 1 << 20;

// The file as one table. kInvalidArgument: not TOML; the message starts with
// "file:line: ". kNotFound, kPermissionDenied, ...: cannot be read. Never
// throws.
absl::StatusOr<TomlValue> ReadToml(const std::string& path);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_CONFIG_TOML_H_
