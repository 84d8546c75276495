#include "bench/offline/metric.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rocktune {
namespace {

// libstdc++'s matcher recurses once a letter: a longer line could end the
// process.
constexpr size_t kLongestLine = 4096;

std::optional<boost::json::value> Json(absl::string_view text) {
  boost::system::error_code error;
  boost::json::value value =
      boost::json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) return std::nullopt;
  return value;
}

std::optional<boost::json::value> LastJson(const std::string& output) {
  if (auto whole = Json(output)) return whole;
  const std::vector<absl::string_view> lines = absl::StrSplit(output, '\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (auto json = Json(*line)) return json;
  }
  return std::nullopt;
}

// A matcher may find that an expression is too much for it.
std::optional<double> InLine(const std::regex& form, absl::string_view line) {
  std::cmatch match;
  double number = 0;
  try {
    if (std::regex_search(line.data(), line.data() + line.size(), match,
                          form) &&
        absl::SimpleAtod(match[1].str(), &number)) {
      return number;
    }
  } catch (const std::regex_error&) {
  }
  return std::nullopt;
}

std::optional<double> Number(const boost::json::value& value) {
  if (value.is_string()) {
    double number = 0;
    const auto& text = value.get_string();
    if (absl::SimpleAtod({text.data(), text.size()}, &number)) return number;
    return std::nullopt;
  }
  boost::system::error_code error;
  const double number = value.to_number<double>(error);
  if (error) return std::nullopt;
  return number;
}

}  // namespace

absl::StatusOr<Metric> Metric::Parse(const std::string& text) {
  Metric metric;
  metric.text_ = text;
  if (text.empty()) return absl::InvalidArgumentError("a metric is empty");
  if (text[0] == '/') return metric;
  try {
    metric.form_ = std::make_shared<const std::regex>(text);
  } catch (const std::regex_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("metric \"", text, "\": ", error.what()));
  }
  if (metric.form_->mark_count() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("metric \"", text, "\" has ", metric.form_->mark_count(),
                     " groups in parentheses; it needs one, around the number, "
                     "as in \"([0-9.]+) ops/sec\""));
  }
  return metric;
}

absl::StatusOr<double> Metric::Find(const std::string& output) const {
  std::optional<double> found;
  if (form_ == nullptr) {
    if (const auto json = LastJson(output)) {
      boost::system::error_code error;
      const boost::json::value* at = json->find_pointer(text_, error);
      if (at != nullptr) found = Number(*at);
    }
  } else {
    for (absl::string_view line : absl::StrSplit(output, '\n')) {
      if (line.size() > kLongestLine) continue;
      if (const auto number = InLine(*form_, line)) found = number;
    }
  }
  if (found && std::isfinite(*found) && *found > 0) return *found;
  return absl::NotFoundError(
      absl::StrCat("no number above 0 at \"", text_, "\""));
}

}  // namespace rocktune
