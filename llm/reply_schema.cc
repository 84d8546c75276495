#include "llm/reply_schema.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/str_cat.h"
#include "llm/prompt_text.h"

namespace rocktune {
namespace {

namespace json = boost::json;

json::object Text(const char* description) {
  return {{"type", "string"}, {"description", description}};
}

json::object OneOf(json::array words) {
  return {{"type", "string"}, {"enum", std::move(words)}};
}

// All properties required, in the order given: models write in that order.
json::object Object(json::object properties) {
  json::array required;
  for (const auto& property : properties) required.push_back(property.key());
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

}  // namespace

std::string WriteReplySchema(const ModelBriefing& briefing) {
  json::array options;
  for (const BriefedOption& option : briefing.options) {
    options.emplace_back(option.name.text());
  }
  json::array scopes{"all"};
  for (size_t i = 0; i < briefing.families.size(); ++i) {
    scopes.emplace_back(ScopeText(static_cast<int>(i)));
  }
  json::object change = Object(
      {{"option", OneOf(std::move(options))},
       {"scope", OneOf(std::move(scopes))},
       {"value", Text("a number with or without unit, true, false or a word "
                      "that the catalogue lists")},
       {"reason", Text("one sentence")},
       {"expected_effect", Text("one sentence")}});
  json::object changes = {{"type", "array"},
                          {"description", "empty: nothing to change"},
                          {"items", std::move(change)}};
  return json::serialize(Object(
      {{"analysis", Text("two sentences")}, {"changes", std::move(changes)}}));
}

}  // namespace rocktune
