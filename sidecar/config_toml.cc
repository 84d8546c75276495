#include "sidecar/config_toml.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <fstream>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

TomlValue Convert(const toml::node& node, std::string key) {
  TomlValue value;
  value.key = std::move(key);
  value.line = node.source().begin.line;
  if (const toml::table* table = node.as_table()) {
    for (const auto& [name, item] : *table) {
      value.items.push_back(Convert(item, std::string(name.str())));
    }
    // The parser sorts by name; people read from the top.
    std::stable_sort(
        value.items.begin(), value.items.end(),
        [](const TomlValue& a, const TomlValue& b) { return a.line < b.line; });
  } else if (const toml::array* list = node.as_array()) {
    value.kind = TomlKind::kList;
    for (const toml::node& item : *list) {
      value.items.push_back(Convert(item, ""));
    }
  } else if (auto* text = node.as_string()) {
    value.kind = TomlKind::kText;
    value.text = text->get();
  } else if (auto* whole = node.as_integer()) {
    value.kind = TomlKind::kWhole;
    value.whole = whole->get();
  } else if (auto* real = node.as_floating_point()) {
    value.kind = TomlKind::kReal;
    value.real = real->get();
  } else if (auto* truth = node.as_boolean()) {
    value.kind = TomlKind::kBool;
    value.truth = truth->get();
  } else {
    value.kind = TomlKind::kDate;
  }
  return value;
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxConfigBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad() || (file.fail() && !file.eof())) {
    return absl::ErrnoToStatus(errno != 0 ? errno : EIO,
                               absl::StrCat("cannot read ", path));
  }
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kMaxConfigBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ":1: larger than ", kMaxConfigBytes, " bytes, no configuration"));
  }
  return text;
}

}  // namespace

const char* Describe(TomlKind kind) {
  switch (kind) {
    case TomlKind::kBool:
      return "true or false";
    case TomlKind::kWhole:
      return "a whole number";
    case TomlKind::kReal:
      return "a number with a fraction";
    case TomlKind::kText:
      return "text";
    case TomlKind::kList:
      return "a list";
    case TomlKind::kTable:
      return "a table";
    case TomlKind::kDate:
      return "a date or time";
  }
  return "?";
}

std::string TomlQuoted(const std::string& text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      absl::StrAppend(&quoted, "\\u", absl::Hex(c, absl::kZeroPad4));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

absl::StatusOr<TomlValue> ReadToml(const std::string& path) {
  ROCKTUNE_ASSIGN_OR_RETURN(std::string text, ReadText(path));
  try {
    return Convert(toml::parse(std::string_view(text), path), "");
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", error.source().begin.line, ": ",
                     std::string(error.description())));
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ":1: ", error.what()));
  }
}

}  // namespace rocktune
