#include "bench/workload/toml_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_join.h"
#include "policy/edit_distance.h"
#include "policy/number_text.h"
#include "policy/value_parser.h"

namespace rocktune {

TomlTable::TomlTable(const toml::table& table, std::string path,
                     std::string what)
    : table_(table), path_(std::move(path)), what_(std::move(what)) {}

const toml::node* TomlTable::Find(const char* key) {
  known_.emplace_back(key);
  return status_.ok() ? table_.get(key) : nullptr;
}

absl::Status TomlTable::At(const toml::node& node,
                           absl::string_view message) const {
  return absl::InvalidArgumentError(absl::StrCat(
      path_, ":", node.source().begin.line, ": ", what_, ": ", message));
}

void TomlTable::Fail(const char* key, absl::string_view message) {
  if (!status_.ok()) return;
  const toml::node* node = table_.get(key);
  status_ = At(node != nullptr ? *node : table_, message);
}

void TomlTable::Expected(const char* key, absl::string_view what) {
  Fail(key, absl::StrCat(key, " must be ", what));
}

void TomlTable::Text(const char* key, std::string* to) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  if (auto text = node->value_exact<std::string>()) {
    *to = *std::move(text);
  } else {
    Expected(key, "text");
  }
}

void TomlTable::Bool(const char* key, bool* to) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  if (auto truth = node->value_exact<bool>()) {
    *to = *truth;
  } else {
    Expected(key, "true or false");
  }
}

void TomlTable::Whole(const char* key, const WholeRange& range, uint64_t* to) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  const auto whole = node->value_exact<int64_t>();
  if (whole && *whole >= 0 && static_cast<uint64_t>(*whole) >= range.min &&
      static_cast<uint64_t>(*whole) <= range.max) {
    *to = static_cast<uint64_t>(*whole);
  } else {
    Expected(key, absl::StrCat("a whole number from ", range.min, " to ",
                               range.max));
  }
}

void TomlTable::Int(const char* key, const WholeRange& range, int* to) {
  auto whole = static_cast<uint64_t>(*to);
  Whole(key, range, &whole);
  *to = static_cast<int>(whole);
}

void TomlTable::Bytes(const char* key, const WholeRange& range, uint64_t* to) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  if (node->is_integer()) return Whole(key, range, to);
  const auto text = node->value_exact<std::string>();
  const auto bytes = ReadWholeNumber(text.value_or(""), OptionUnit::kBytes);
  if (bytes.ok() && !bytes->negative && bytes->magnitude >= range.min &&
      bytes->magnitude <= range.max) {
    *to = bytes->magnitude;
  } else {
    Expected(key, absl::StrCat("a size from ", range.min, " to ", range.max,
                               " bytes, as in \"64 MiB\""));
  }
}

void TomlTable::Real(const char* key, const RealRange& range, double* to) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  const auto real = node->is_number() ? node->value<double>() : std::nullopt;
  if (real && *real >= range.min && *real <= range.max) {
    *to = *real;
  } else {
    Expected(key, absl::StrCat("a number from ", range.min, " to ", range.max));
  }
}

void TomlTable::Length(const char* key, absl::Duration* to) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  const auto text = node->value_exact<std::string>();
  absl::Duration length;
  if (text == "forever") {
    *to = absl::InfiniteDuration();
  } else if (text && absl::ParseDuration(*text, &length) &&
             length > absl::ZeroDuration() &&
             length != absl::InfiniteDuration()) {
    *to = length;
  } else {
    Expected(key, "a duration as in \"90s\" or \"1h30m\", or \"forever\"");
  }
}

const toml::table* TomlTable::Table(const char* key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) Expected(key, "a table");
  return node->as_table();
}

std::vector<const toml::table*> TomlTable::Tables(const char* key) {
  std::vector<const toml::table*> tables;
  const toml::node* node = Find(key);
  if (node == nullptr) return tables;
  if (const toml::array* list = node->as_array()) {
    for (const toml::node& item : *list) tables.push_back(item.as_table());
  }
  if (tables.empty() ||
      std::find(tables.begin(), tables.end(), nullptr) != tables.end()) {
    Expected(key, absl::StrCat("tables, each under [[", key, "]]"));
    return {};
  }
  return tables;
}

absl::Status TomlTable::Finish() {
  if (!status_.ok()) return status_;
  for (const auto& [name, node] : table_) {
    const std::string key(name.str());
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const std::string near = NearestName(key, known_);
    return At(node, absl::StrCat("unknown key ", Quoted(key),
                                 near.empty() ? "; one of " : "; did you mean ",
                                 near.empty() ? absl::StrJoin(known_, ", ")
                                              : absl::StrCat(near, "?")));
  }
  return absl::OkStatus();
}

}  // namespace rocktune
