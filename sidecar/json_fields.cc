#include "sidecar/json_fields.h"

#include <charconv>

#include "absl/strings/str_cat.h"
#include "boost/json/parse_options.hpp"
#include "boost/json/parser.hpp"
#include "boost/system/error_code.hpp"
#include "sidecar/admin_nearest.h"

namespace rocktune {
namespace {

std::string DoubleText(double number) {
  char digits[32];
  const std::to_chars_result end =
      std::to_chars(digits, digits + sizeof(digits), number);
  return std::string(digits, end.ptr);
}

const boost::json::value* Member(const boost::json::object& object,
                                 absl::string_view key) {
  return object.if_contains(boost::json::string_view(key.data(), key.size()));
}

}  // namespace

absl::StatusOr<boost::json::value> ParseJson(absl::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kJsonMaxDepth;
  boost::json::parser parser({}, options);
  boost::system::error_code error;
  // Allocation failure is the only thing that throws here.
  const size_t read = parser.write(text.data(), text.size(), error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("not JSON: ", error.message(), " at byte ", read + 1));
  }
  return parser.release();
}

absl::StatusOr<boost::json::object> ParseJsonObject(absl::string_view text) {
  if (text.empty()) return boost::json::object();
  absl::StatusOr<boost::json::value> value = ParseJson(text);
  if (!value.ok()) return value.status();
  if (!value->is_object()) {
    return absl::InvalidArgumentError("the body must be a JSON object");
  }
  return std::move(value->get_object());
}

absl::Status CheckKeys(const boost::json::object& object,
                       const std::vector<std::string>& known) {
  for (const auto& member : object) {
    const std::string key(member.key().data(), member.key().size());
    bool found = false;
    for (const std::string& name : known) found = found || name == key;
    if (!found) {
      return absl::InvalidArgumentError(
          absl::StrCat("unknown key \"", key, "\"", DidYouMean(key, known)));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> TextMember(const boost::json::object& object,
                                       absl::string_view key,
                                       bool scalars_too) {
  const boost::json::value* value = Member(object, key);
  if (value == nullptr || value->is_null()) return std::string();
  if (value->is_string()) {
    return std::string(value->get_string().data(), value->get_string().size());
  }
  if (scalars_too) {
    if (value->is_int64()) return absl::StrCat(value->get_int64());
    if (value->is_uint64()) return absl::StrCat(value->get_uint64());
    if (value->is_double()) return DoubleText(value->get_double());
    if (value->is_bool()) return value->get_bool() ? "true" : "false";
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", key, "\" must be a string", scalars_too ? " or a number" : ""));
}

absl::StatusOr<bool> BoolMember(const boost::json::object& object,
                                absl::string_view key) {
  const boost::json::value* value = Member(object, key);
  if (value == nullptr) return false;
  if (value->is_bool()) return value->get_bool();
  return absl::InvalidArgumentError(
      absl::StrCat("\"", key, "\" must be true or false"));
}

}  // namespace rocktune
