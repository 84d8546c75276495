#include "llm/reply_changes.h"

#include <string>

#include "absl/strings/ascii.h"

namespace rocktune {
namespace {

struct Name {
  absl::string_view name;
  ChangeField field;
};

constexpr Name kNames[] = {
    {"option", ChangeField::kOption},
    {"option_name", ChangeField::kOption},
    {"name", ChangeField::kOption},
    {"parameter", ChangeField::kOption},
    {"param", ChangeField::kOption},
    {"setting", ChangeField::kOption},
    {"key", ChangeField::kOption},
    {"scope", ChangeField::kScope},
    {"column_family", ChangeField::kScope},
    {"family", ChangeField::kScope},
    {"cf", ChangeField::kScope},
    {"value", ChangeField::kValue},
    {"new_value", ChangeField::kValue},
    {"new", ChangeField::kValue},
    {"proposed", ChangeField::kValue},
    {"proposed_value", ChangeField::kValue},
    {"recommended", ChangeField::kValue},
    {"recommended_value", ChangeField::kValue},
    {"suggested", ChangeField::kValue},
    {"suggested_value", ChangeField::kValue},
    {"to", ChangeField::kValue},
    {"reason", ChangeField::kReason},
    {"rationale", ChangeField::kReason},
    {"why", ChangeField::kReason},
    {"explanation", ChangeField::kReason},
    {"justification", ChangeField::kReason},
    {"expected_effect", ChangeField::kEffect},
    {"effect", ChangeField::kEffect},
    {"impact", ChangeField::kEffect},
    {"expected_impact", ChangeField::kEffect},
};

}  // namespace

ChangeField FieldOf(absl::string_view name) {
  std::string plain;
  for (char c : absl::StripAsciiWhitespace(name)) {
    plain += c == ' ' || c == '-' ? '_' : absl::ascii_tolower(c);
  }
  for (const Name& row : kNames) {
    if (row.name == plain) return row.field;
  }
  return ChangeField::kNone;
}

}  // namespace rocktune
