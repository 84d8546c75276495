#include "llm/reply_json.h"

#include <simdjson.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "llm/reply_line.h"
#include "llm/reply_text.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

constexpr absl::string_view kListKeys[] = {
    "changes",  "change",    "recommendations",  "recommended_changes",
    "proposal", "proposals", "proposed_changes", "suggestions",
    "options",  "settings",  "updates"};
constexpr absl::string_view kWrapperKeys[] = {
    "arguments", "parameters", "input",  "result",
    "response",  "output",     "answer", "config"};
constexpr absl::string_view kSummaryKeys[] = {
    "analysis",    "reasoning", "summary", "thoughts",
    "explanation", "rationale", "comment"};
constexpr absl::string_view kSections[] = {"dboptions",
                                           "cfoptions",
                                           "tableoptions",
                                           "db_options",
                                           "column_family_options",
                                           "cf_options",
                                           "table_options",
                                           "column_families"};

absl::string_view View(std::string_view text) {
  return {text.data(), text.size()};
}

// The value, which is known to be of this type.
template <typename T>
T As(element value) {
  T typed{};
  if (value.get<T>().get(typed) != simdjson::SUCCESS) return T{};
  return typed;
}

template <size_t N>
bool Holds(const absl::string_view (&names)[N], absl::string_view name) {
  for (absl::string_view each : names) {
    if (absl::EqualsIgnoreCase(each, name)) return true;
  }
  return false;
}

// A scalar as text; nullopt for null, lists and objects.
std::optional<std::string> ScalarText(element value, size_t max_bytes) {
  switch (value.type()) {
    case element_type::STRING:
      return PrintableText(View(As<std::string_view>(value)), max_bytes);
    case element_type::INT64:
      return absl::StrCat(As<int64_t>(value));
    case element_type::UINT64:
      return absl::StrCat(As<uint64_t>(value));
    case element_type::DOUBLE:
      return FormatDouble(As<double>(value));
    case element_type::BOOL:
      return As<bool>(value) ? "true" : "false";
    default:
      return std::nullopt;
  }
}

bool IsScalar(element value) {
  return value.type() != element_type::ARRAY &&
         value.type() != element_type::OBJECT;
}

bool HasDuplicateKey(element value) {
  if (value.type() == element_type::ARRAY) {
    for (element each : As<array>(value)) {
      if (HasDuplicateKey(each)) return true;
    }
  }
  if (value.type() != element_type::OBJECT) return false;
  std::set<std::string_view> keys;
  for (const auto& field : As<object>(value)) {
    if (!keys.insert(field.key).second || HasDuplicateKey(field.value)) {
      return true;
    }
  }
  return false;
}

// "cf0", or "cf0, cf1" of a list.
std::string ScopeOf(element value) {
  if (value.type() != element_type::ARRAY) {
    return ScalarText(value, kLongestToken).value_or("");
  }
  std::string scopes;
  for (element each : As<array>(value)) {
    if (scopes.size() > kLongestToken) break;
    absl::StrAppend(&scopes, scopes.empty() ? "" : ", ",
                    ScalarText(each, kLongestToken).value_or("?"));
  }
  return scopes;
}

// Fills what the fields of the object say; false: it has neither an option
// nor a value.
bool ReadChange(object fields, ReplyChange& change) {
  bool found = false;
  for (const auto& [key, value] : fields) {
    switch (FieldOf(View(key))) {
      case ChangeField::kOption:
        change.option = ScalarText(value, kLongestToken).value_or("");
        found = true;
        break;
      case ChangeField::kScope:
        change.scope = ScopeOf(value);
        break;
      case ChangeField::kValue:
        change.value = ScalarText(value, kLongestToken);
        change.wrong_type = !IsScalar(value);
        found = true;
        break;
      case ChangeField::kReason:
        change.reason = ScalarText(value, kLongestFreeText).value_or("");
        break;
      case ChangeField::kEffect:
        change.expected_effect =
            ScalarText(value, kLongestFreeText).value_or("");
        break;
      case ChangeField::kNone:
        break;
    }
  }
  return found;
}

// {"write_buffer_size": "64MB", "cf1": {...}, "DBOptions": {...}}. Recursion
// is bounded by the depth of the document.
void ReadMap(object map, const std::string& scope, bool is_root,
             ReplyContent& content) {
  for (const auto& [key, value] : map) {
    const absl::string_view name = View(key);
    if (Holds(kSummaryKeys, name)) continue;
    ReplyChange change{.option = PrintableText(name, kLongestToken),
                       .scope = scope};
    // A "confidence" beside the options is none.
    change.may_be_prose = is_root && name.find_first_of("_.") == name.npos;
    if (value.type() != element_type::OBJECT) {
      change.value = ScalarText(value, kLongestToken);
      change.wrong_type = !IsScalar(value);
      content.Add(std::move(change));
      continue;
    }
    const object inner = As<object>(value);
    ReplyChange fields;
    if (ReadChange(inner, fields) && fields.option.empty()) {
      fields.option = std::move(change.option);
      if (fields.scope.empty()) fields.scope = scope;
      content.Add(std::move(fields));
    } else if (Holds(kSections, name)) {
      ReadMap(inner, scope, false, content);
    } else if (IsScopeWord(name)) {
      ReadMap(inner, change.option, false, content);
    }
  }
}

void ReadList(array list, ReplyContent& content) {
  for (element each : list) {
    ReplyChange change;
    if (each.type() == element_type::OBJECT) {
      const object fields = As<object>(each);
      if (ReadChange(fields, change)) {
        content.Add(std::move(change));
      } else {
        ReadMap(fields, "", false, content);
      }
      continue;
    }
    // "write_buffer_size=64MB", the way of OPTIONS files.
    change.option = ScalarText(each, kLongestToken).value_or("");
    if (absl::StrContains(change.option, "=")) change.value = "";
    content.Add(std::move(change));
  }
}

// The value of "changes": a list, a map, or one change.
bool ReadChanges(element value, ReplyContent& content) {
  if (value.type() == element_type::ARRAY) {
    const array list = As<array>(value);
    content.says_nothing = list.size() == 0;
    ReadList(list, content);
    return true;
  }
  if (value.type() != element_type::OBJECT) {
    content.says_nothing = value.is_null();
    return content.says_nothing;
  }
  const object fields = As<object>(value);
  content.says_nothing = fields.size() == 0;
  ReplyChange change;
  if (ReadChange(fields, change) && !change.option.empty()) {
    content.Add(std::move(change));
  } else {
    ReadMap(fields, "", false, content);
  }
  return true;
}

bool ReadRoot(element root, ReplyContent& content);

bool ReadObject(object fields, ReplyContent& content) {
  for (const auto& [key, value] : fields) {
    if (Holds(kSummaryKeys, View(key)) && content.summary.empty()) {
      content.summary = ScalarText(value, kLongestFreeText).value_or("");
    }
  }
  for (const auto& [key, value] : fields) {
    if (Holds(kListKeys, View(key))) return ReadChanges(value, content);
  }
  for (const auto& [key, value] : fields) {
    if (Holds(kWrapperKeys, View(key)) && !IsScalar(value)) {
      return ReadRoot(value, content);
    }
  }
  ReplyChange change;
  if (ReadChange(fields, change) && !change.option.empty()) {
    content.Add(std::move(change));
    return true;
  }
  ReadMap(fields, "", true, content);
  return !content.changes.empty();
}

bool ReadRoot(element root, ReplyContent& content) {
  if (root.type() == element_type::ARRAY) return ReadChanges(root, content);
  if (root.type() != element_type::OBJECT) return false;
  return ReadObject(As<object>(root), content);
}

}  // namespace

JsonOutcome ReadJsonReply(absl::string_view text, ReplyContent& content) {
  simdjson::dom::parser parser;
  if (parser.allocate(text.size(), kMaxReplyDepth) != simdjson::SUCCESS) {
    return JsonOutcome::kNotJson;
  }
  element root;
  const simdjson::error_code error =
      parser.parse(text.data(), text.size()).get(root);
  if (error == simdjson::DEPTH_ERROR) return JsonOutcome::kTooDeep;
  if (error != simdjson::SUCCESS) return JsonOutcome::kNotJson;
  if (HasDuplicateKey(root)) return JsonOutcome::kDuplicateKey;
  ReplyContent read;
  if (!ReadRoot(root, read)) return JsonOutcome::kNoChanges;
  content = std::move(read);
  return JsonOutcome::kRead;
}

}  // namespace rocktune
