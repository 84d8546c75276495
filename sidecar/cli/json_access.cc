#include "sidecar/cli/json_access.h"

#include "sidecar/json_writer.h"

namespace rocktune::cli {

const Json& At(const Json& object, absl::string_view key) {
  static const Json* const null = new Json();
  if (!object.is_object()) return *null;
  const Json* member = object.get_object().if_contains(
      boost::json::string_view(key.data(), key.size()));
  return member == nullptr ? *null : *member;
}

std::string Text(const Json& object, absl::string_view key) {
  const Json& member = At(object, key);
  JsonWriter json;
  if (member.is_string()) {
    return std::string(member.get_string().data(), member.get_string().size());
  }
  if (member.is_int64()) return json.Value(member.get_int64()).Take();
  if (member.is_uint64()) return json.Value(member.get_uint64()).Take();
  if (member.is_double()) return json.Value(member.get_double()).Take();
  if (member.is_bool()) return json.Value(member.get_bool()).Take();
  return "";
}

double Number(const Json& object, absl::string_view key) {
  const Json& member = At(object, key);
  if (member.is_int64()) return static_cast<double>(member.get_int64());
  if (member.is_uint64()) return static_cast<double>(member.get_uint64());
  return member.is_double() ? member.get_double() : 0;
}

bool Truth(const Json& object, absl::string_view key) {
  const Json& member = At(object, key);
  return member.is_bool() && member.get_bool();
}

const boost::json::array& Items(const Json& object, absl::string_view key) {
  static const auto* const empty = new boost::json::array();
  const Json& member = At(object, key);
  return member.is_array() ? member.get_array() : *empty;
}

}  // namespace rocktune::cli
