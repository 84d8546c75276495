// One list of fields for both directions: a struct's Fields() names each of
// its members once, and is visited by a writer or by a reader of JSON.
#ifndef ROCKTUNE_BENCH_CELL_JSON_FIELDS_H_
#define ROCKTUNE_BENCH_CELL_JSON_FIELDS_H_

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "bench/cell/utf8.h"
#include "policy/option.h"

namespace rocktune {

class FieldWriter {
 public:
  boost::json::object Take() { return std::move(json_); }

  template <typename T>
  void operator()(const char* name, const T& field) {
    json_[name] = Write(field);
  }

 private:
  template <typename T>
  static boost::json::value Write(const T& field) {
    if constexpr (std::is_floating_point_v<T>) {
      // JSON has no other numbers.
      return boost::json::value(std::isfinite(field) ? field : T{0});
    } else if constexpr (std::is_arithmetic_v<T>) {
      return boost::json::value(field);
    } else {
      FieldWriter writer;
      Fields(writer, const_cast<T&>(field));  // a writer only looks
      return writer.Take();
    }
  }
  static boost::json::value Write(const std::string& field) {
    return boost::json::string(AsUtf8(field));
  }
  static boost::json::value Write(const OptionValues& values) {
    boost::json::array rows;
    for (const auto& [key, value] : values) {
      rows.push_back(boost::json::object{{"option", key.name.c_str()},
                                         {"family", key.column_family.c_str()},
                                         {"value", value.c_str()}});
    }
    return rows;
  }
  template <typename T>
  static boost::json::value Write(const std::vector<T>& items) {
    boost::json::array array;
    for (const T& item : items) array.push_back(Write(item));
    return array;
  }
  template <typename T, size_t N>
  static boost::json::value Write(const std::array<T, N>& items) {
    boost::json::array array;
    for (const T& item : items) array.push_back(Write(item));
    return array;
  }

  boost::json::object json_;
};

// Absent fields keep their value; a field of the wrong type and a name that is
// no field are errors, of which the first is kept.
class FieldReader {
 public:
  FieldReader(const boost::json::object& json, std::string where)
      : json_(json), where_(std::move(where)) {}

  template <typename T>
  void operator()(const char* name, T& field) {
    known_.insert(name);
    if (const boost::json::value* value = json_.if_contains(name)) {
      Read(*value, absl::StrCat(where_, where_.empty() ? "" : ".", name),
           field);
    }
  }

  // After all fields were visited.
  absl::Status Finish() {
    for (const auto& member : json_) {
      const std::string name(member.key());
      if (known_.count(name) == 0) {
        Fail(absl::StrCat(where_, where_.empty() ? "" : ".", name),
             "is not a known field");
      }
    }
    return status_;
  }

 private:
  void Fail(const std::string& place, absl::string_view what) {
    if (!status_.ok()) return;
    status_ =
        absl::InvalidArgumentError(absl::StrCat("\"", place, "\" ", what));
  }
  template <typename T>
  void Read(const boost::json::value& value, const std::string& place,
            T& field) {
    if constexpr (std::is_same_v<T, bool>) {
      if (!value.is_bool()) return Fail(place, "must be true or false");
      field = value.get_bool();
    } else if constexpr (std::is_arithmetic_v<T>) {
      boost::system::error_code error;
      field = value.to_number<T>(error);
      if (error) Fail(place, "must be a number in its range");
    } else {
      if (!value.is_object()) return Fail(place, "must be an object");
      FieldReader reader(value.get_object(), place);
      Fields(reader, field);
      if (absl::Status status = reader.Finish(); status_.ok()) status_ = status;
    }
  }
  void Read(const boost::json::value& value, const std::string& place,
            std::string& field) {
    if (!value.is_string()) return Fail(place, "must be text");
    field.assign(value.get_string().data(), value.get_string().size());
  }
  void Read(const boost::json::value& value, const std::string& place,
            OptionValues& values);
  template <typename T>
  void Read(const boost::json::value& value, const std::string& place,
            std::vector<T>& items) {
    if (!value.is_array()) return Fail(place, "must be an array");
    items.clear();
    for (const boost::json::value& item : value.get_array()) {
      items.emplace_back();
      Read(item, absl::StrCat(place, "[", items.size() - 1, "]"), items.back());
    }
  }
  template <typename T, size_t N>
  void Read(const boost::json::value& value, const std::string& place,
            std::array<T, N>& items) {
    if (!value.is_array() || value.get_array().size() != N) {
      return Fail(place, absl::StrCat("must be an array of ", N));
    }
    for (size_t i = 0; i < N; ++i) {
      Read(value.get_array()[i], absl::StrCat(place, "[", i, "]"), items[i]);
    }
  }

  const boost::json::object& json_;
  const std::string where_;
  std::set<std::string> known_;
  absl::Status status_;
};

// A whole struct, both ways.
template <typename T>
boost::json::object JsonOf(const T& value) {
  FieldWriter writer;
  Fields(writer, const_cast<T&>(value));  // a writer only looks
  return writer.Take();
}
template <typename T>
absl::StatusOr<T> FromJson(const boost::json::object& json,
                           std::string where = "") {
  T value;
  FieldReader reader(json, std::move(where));
  Fields(reader, value);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return value;
}

// How option values stand in JSON: one object each.
struct OptionValueRow {
  std::string option;
  std::string family;
  std::string value;
};
template <typename Visitor>
void Fields(Visitor& visit, OptionValueRow& row) {
  visit("option", row.option);
  visit("family", row.family);
  visit("value", row.value);
}

inline void FieldReader::Read(const boost::json::value& value,
                              const std::string& place, OptionValues& values) {
  std::vector<OptionValueRow> rows;
  Read(value, place, rows);
  values.clear();
  for (OptionValueRow& row : rows) {
    values[{std::move(row.option), std::move(row.family)}] =
        std::move(row.value);
  }
}

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CELL_JSON_FIELDS_H_
