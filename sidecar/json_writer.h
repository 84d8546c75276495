// Writes one JSON document, front to back.
#ifndef ROCKTUNE_SIDECAR_JSON_WRITER_H_
#define ROCKTUNE_SIDECAR_JSON_WRITER_H_

#include <concepts>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rocktune {

// Always well-formed UTF-8 JSON, whatever the strings hold: control characters
// are escaped, bytes that are not UTF-8 become U+FFFD, numbers that are not
// finite become null. Calls must nest properly; keys stand only in objects.
// Not thread-safe.
class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(absl::string_view key);

  JsonWriter& Value(absl::string_view text);
  JsonWriter& Value(const char* text) { return Value(absl::string_view(text)); }
  JsonWriter& Value(const std::string& text) {
    return Value(absl::string_view(text));
  }
  // The shortest text that reads back as the same number.
  JsonWriter& Value(double number);
  // UTC with milliseconds, "2026-01-31T12:00:00.000Z"; null when infinite.
  JsonWriter& Value(absl::Time time);
  template <std::same_as<bool> Bool>
  JsonWriter& Value(Bool truth) {
    return Raw(truth ? "true" : "false");
  }
  template <std::signed_integral Int>
  JsonWriter& Value(Int number) {
    return Raw(std::to_string(static_cast<int64_t>(number)));
  }
  template <std::unsigned_integral Uint>
  requires(!std::same_as<Uint, bool>) JsonWriter& Value(Uint number) {
    return Raw(std::to_string(static_cast<uint64_t>(number)));
  }
  JsonWriter& Null() { return Raw("null"); }

  template <typename T>
  JsonWriter& Field(absl::string_view key, const T& value) {
    Key(key);
    return Value(value);
  }
  // A duration as a number of seconds; name the key "..._s".
  JsonWriter& SecondsField(absl::string_view key, absl::Duration duration);

  // The document. The writer is empty afterwards.
  std::string Take();

 private:
  JsonWriter& Raw(absl::string_view text);
  void Separate();

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_JSON_WRITER_H_
