#include "sidecar/json_writer.h"

#include <charconv>
#include <cmath>
#include <utility>

#include "sidecar/json_text.h"

namespace rocktune {

JsonWriter& JsonWriter::BeginObject() {
  Separate();
  text_ += '{';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  text_ += '}';
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  Separate();
  text_ += '[';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  text_ += ']';
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Key(absl::string_view key) {
  Separate();
  AppendJsonString(key, &text_);
  text_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::Value(absl::string_view text) {
  Separate();
  AppendJsonString(text, &text_);
  return *this;
}

JsonWriter& JsonWriter::Value(double number) {
  if (!std::isfinite(number)) return Null();
  char digits[32];
  const std::to_chars_result end =
      std::to_chars(digits, digits + sizeof(digits), number);
  return Raw(absl::string_view(digits, static_cast<size_t>(end.ptr - digits)));
}

JsonWriter& JsonWriter::Value(absl::Time time) {
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) {
    return Null();
  }
  return Value(
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone()));
}

JsonWriter& JsonWriter::SecondsField(absl::string_view key,
                                     absl::Duration duration) {
  return Field(key, absl::ToDoubleSeconds(duration));
}

std::string JsonWriter::Take() {
  needs_comma_ = false;
  return std::exchange(text_, std::string());
}

JsonWriter& JsonWriter::Raw(absl::string_view text) {
  Separate();
  text_.append(text.data(), text.size());
  return *this;
}

void JsonWriter::Separate() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

}  // namespace rocktune
