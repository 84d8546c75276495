#include "bench/demo/json_read.h"

namespace rocktune {

std::string TextOf(const boost::json::object& object, const char* key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return "";
  const boost::json::string& text = value->get_string();
  return std::string(text.data(), text.size());
}

double NumberOf(const boost::json::object& object, const char* key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_int64()) return static_cast<double>(value->get_int64());
  if (value->is_uint64()) return static_cast<double>(value->get_uint64());
  return value->is_double() ? value->get_double() : 0;
}

const boost::json::object& ObjectOf(const boost::json::object& object,
                                    const char* key) {
  static const auto* const kNone = new boost::json::object();
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : *kNone;
}

const boost::json::array& ArrayOf(const boost::json::object& object,
                                  const char* key) {
  static const auto* const kNone = new boost::json::array();
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : *kNone;
}

}  // namespace rocktune
