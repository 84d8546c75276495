#include "llm/reply_schema.h"

#include <boost/json.hpp>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "tests/llm/model_world.h"

namespace rocktune {
namespace {

namespace json = boost::json;

// What every provider takes; see llm/reply_schema.h.
const std::set<std::string>& Keywords() {
  static const auto& words = *new std::set<std::string>{
      "type",     "properties",           "items",      "enum",
      "required", "additionalProperties", "description"};
  return words;
}

void ExpectCommonSubset(const json::value& value, int depth) {
  ASSERT_LE(depth, 5);
  const json::object& schema = value.as_object();
  for (const auto& field : schema) {
    EXPECT_TRUE(Keywords().count(std::string(field.key()))) << field.key();
  }
  if (const json::value* items = schema.if_contains("items")) {
    ExpectCommonSubset(*items, depth + 1);
  }
  const json::value* properties = schema.if_contains("properties");
  if (properties == nullptr) return;
  EXPECT_FALSE(schema.at("additionalProperties").as_bool());
  std::set<std::string> required;
  for (const json::value& name : schema.at("required").as_array()) {
    required.emplace(name.as_string().c_str());
  }
  EXPECT_EQ(required.size(), properties->as_object().size());
  for (const auto& property : properties->as_object()) {
    EXPECT_TRUE(required.count(std::string(property.key())));
    ExpectCommonSubset(property.value(), depth + 1);
  }
}

TEST(ReplySchema, StaysInWhatEveryProviderTakes) {
  ExpectCommonSubset(json::parse(WriteReplySchema(ModelWorld().Brief())), 1);
}

TEST(ReplySchema, AsksForTheReasoningFirst) {
  const std::string schema = WriteReplySchema(ModelWorld().Brief());
  EXPECT_LT(schema.find("\"analysis\""), schema.find("\"changes\""));
  EXPECT_LT(schema.find("\"option\""), schema.find("\"value\""));
}

TEST(ReplySchema, NamesEachColumnFamilyByItsPosition) {
  const json::value schema =
      json::parse(WriteReplySchema(ModelWorld({}, 3, 0).Brief()));
  const json::array& scopes =
      schema.at_pointer("/properties/changes/items/properties/scope/enum")
          .as_array();
  EXPECT_EQ(json::serialize(scopes), R"(["all","cf0","cf1","cf2"])");
}

}  // namespace
}  // namespace rocktune
