#include "llm/prompt_text.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

struct Multiple {
  double bytes;
  const char* word;
};
constexpr Multiple kMultiples[] = {{1024.0 * 1024 * 1024 * 1024, "TiB"},
                                   {1024.0 * 1024 * 1024, "GiB"},
                                   {1024.0 * 1024, "MiB"},
                                   {1024.0, "KiB"}};

bool IsBytes(OptionUnit unit) {
  return unit == OptionUnit::kBytes || unit == OptionUnit::kBytesPerSecond;
}

std::string NumberText(double number, OptionUnit unit) {
  if (IsBytes(unit) && number > 0) {
    for (const Multiple& multiple : kMultiples) {
      if (std::fmod(number, multiple.bytes) != 0) continue;
      return absl::StrCat(FormatDouble(number / multiple.bytes), multiple.word);
    }
  }
  return FormatDouble(number);
}

}  // namespace

std::string Rough(double value) {
  if (!std::isfinite(value)) return "?";
  if (std::fabs(value) >= 1000 && std::fabs(value) < 1e6) {
    return absl::StrFormat("%.0f", value);
  }
  return absl::StrFormat("%.3g", value);
}

std::string RoughBytes(double bytes) {
  if (!std::isfinite(bytes)) return "?";
  for (const Multiple& multiple : kMultiples) {
    if (bytes < multiple.bytes) continue;
    return absl::StrCat(Rough(bytes / multiple.bytes), multiple.word);
  }
  return absl::StrCat(Rough(bytes), "B");
}

std::string RoughShare(double share) {
  return std::isfinite(share) ? absl::StrFormat("%.2f", share) : "?";
}

std::string ValueText(const BriefedValue& value, OptionUnit unit) {
  if (const auto* number = std::get_if<double>(&value)) {
    return NumberText(*number, unit);
  }
  if (const auto* yes = std::get_if<bool>(&value)) {
    return *yes ? "true" : "false";
  }
  return std::get<CatalogueWord>(value).text();
}

std::string ValueText(const std::optional<BriefedValue>& value,
                      OptionUnit unit) {
  return value ? ValueText(*value, unit) : "?";
}

std::string ScopeText(int family) {
  if (family == kEveryFamily) return "all";
  if (family < 0) return "gone";
  return absl::StrCat("cf", family);
}

std::string ScopesText(const std::vector<int>& families) {
  std::string text;
  for (size_t i = 0; i < families.size();) {
    size_t end = i + 1;
    while (end < families.size() && families[i] >= 0 &&
           families[end] == families[end - 1] + 1) {
      ++end;
    }
    absl::StrAppend(&text, text.empty() ? "" : ",", ScopeText(families[i]));
    if (end - i > 1) {
      absl::StrAppend(&text, end - i > 2 ? ".." : ",",
                      ScopeText(families[end - 1]));
    }
    i = end;
  }
  return text;
}

}  // namespace rocktune
