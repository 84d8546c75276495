#include "llm/json_fields.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

using simdjson::dom::element_type;

const char* KindOf(JsonText::Element element) {
  switch (element.type()) {
    case element_type::ARRAY:
      return "an array";
    case element_type::OBJECT:
      return "an object";
    case element_type::STRING:
      return "text";
    case element_type::BOOL:
      return "true or false";
    case element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

}  // namespace

absl::StatusOr<JsonText::Element> JsonText::Parse(absl::string_view text,
                                                  size_t max_bytes) {
  if (text.size() > max_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("larger than ", max_bytes / 1024, " KiB"));
  }
  // Room for the largest text at once: growing would forget the depth.
  if (parser_.allocate(max_bytes, kMaxReplyDepth) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("too large for the memory there is");
  }
  Element root;
  const auto error = parser_.parse(text.data(), text.size()).get(root);
  switch (error) {
    case simdjson::SUCCESS:
      return root;
    case simdjson::DEPTH_ERROR:
      return absl::InvalidArgumentError("nested too deep");
    case simdjson::UTF8_ERROR:
      return absl::InvalidArgumentError("not UTF-8");
    case simdjson::EMPTY:
      return absl::InvalidArgumentError("empty");
    default:
      return absl::InvalidArgumentError("not JSON");
  }
}

void JsonFields::Note(std::string_view name, Element found,
                      const char* expected) {
  if (!problem_.empty()) return;
  problem_ = absl::StrCat("\"", absl::string_view(name.data(), name.size()),
                          "\" is ", KindOf(found), ", not ", expected);
}

std::optional<JsonFields::Element> JsonFields::Any(Element parent,
                                                   std::string_view name) {
  Element found;
  if (parent.at_key(name).get(found) != simdjson::SUCCESS || found.is_null()) {
    return std::nullopt;
  }
  return found;
}

std::optional<JsonFields::Element> JsonFields::Object(Element parent,
                                                      std::string_view name) {
  std::optional<Element> found = Any(parent, name);
  if (!found || found->is_object()) return found;
  Note(name, *found, "an object");
  return std::nullopt;
}

std::vector<JsonFields::Element> JsonFields::Array(Element parent,
                                                   std::string_view name) {
  std::vector<Element> items;
  const std::optional<Element> found = Any(parent, name);
  if (!found) return items;
  simdjson::dom::array array;
  if (found->get(array) != simdjson::SUCCESS) {
    Note(name, *found, "an array");
    return items;
  }
  for (const Element item : array) items.push_back(item);
  return items;
}

std::string JsonFields::Text(Element parent, std::string_view name) {
  const std::optional<Element> found = Any(parent, name);
  if (!found) return "";
  std::string_view text;
  if (found->get(text) != simdjson::SUCCESS) {
    Note(name, *found, "text");
    return "";
  }
  return std::string(text);
}

uint64_t JsonFields::Tokens(Element parent, std::string_view name) {
  const std::optional<Element> found = Any(parent, name);
  uint64_t count = 0;
  if (!found || found->get(count) != simdjson::SUCCESS) return 0;
  return std::min(count, kMostTokens);
}

}  // namespace rocktune
