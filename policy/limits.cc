#include "policy/limits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "policy/edit_distance.h"
#include "policy/objective.h"

namespace rocktune {
namespace {

// A limit that the incumbent breaks already: this much more is the
// candidate's doing. A guess.
constexpr double kWorse = 1.05;
constexpr size_t kLongestText = 200;

enum class Unit { kUs, kBytes, kRatio, kPerSecond };

struct Suffix {
  const char* text;
  Unit unit;
  double factor;
};

constexpr Suffix kSuffixes[] = {
    {"us", Unit::kUs, 1},
    {"ms", Unit::kUs, 1e3},
    {"s", Unit::kUs, 1e6},
    {"b", Unit::kBytes, 1},
    {"kib", Unit::kBytes, 1024.0},
    {"mib", Unit::kBytes, 1024.0 * 1024},
    {"gib", Unit::kBytes, 1024.0 * 1024 * 1024},
    {"tib", Unit::kBytes, 1024.0 * 1024 * 1024 * 1024},
    {"kb", Unit::kBytes, 1e3},
    {"mb", Unit::kBytes, 1e6},
    {"gb", Unit::kBytes, 1e9},
    {"tb", Unit::kBytes, 1e12},
    {"%", Unit::kRatio, 0.01},
    {"ops/s", Unit::kPerSecond, 1},
    {"kops/s", Unit::kPerSecond, 1e3},
};

std::optional<double> Known(double value) {
  if (value <= 0) return std::nullopt;
  return value;
}

template <OpKind kKind>
std::optional<double> P99(const Window& pooled) {
  const OpStats& stats = pooled.op(kKind);
  if (stats.samples < kMinSamplesPerKind) return std::nullopt;
  return stats.latency_us_p99;
}

template <OpKind kKind>
std::optional<double> Mean(const Window& pooled) {
  const OpStats& stats = pooled.op(kKind);
  if (stats.samples < kMinSamplesPerKind) return std::nullopt;
  return stats.latency_us_mean;
}

template <Cost kCost>
std::optional<double> Of(const Window& pooled) {
  return Known(CostOf(kCost, pooled, MixOf(absl::MakeConstSpan(&pooled, 1))));
}

std::optional<double> Throughput(const Window& pooled) {
  return Known(pooled.OperationsPerSecond());
}

std::optional<double> Stalls(const Window& pooled) {
  if (pooled.length <= absl::ZeroDuration()) return std::nullopt;
  return StallShare(pooled);
}

struct Quantity {
  const char* name;
  Unit unit;
  std::optional<double> (*measure)(const Window& pooled);
};

constexpr Quantity kQuantities[] = {
    {"get_p99", Unit::kUs, P99<OpKind::kGet>},
    {"multiget_p99", Unit::kUs, P99<OpKind::kMultiGet>},
    {"write_p99", Unit::kUs, P99<OpKind::kWrite>},
    {"seek_p99", Unit::kUs, P99<OpKind::kSeek>},
    {"get_mean", Unit::kUs, Mean<OpKind::kGet>},
    {"multiget_mean", Unit::kUs, Mean<OpKind::kMultiGet>},
    {"write_mean", Unit::kUs, Mean<OpKind::kWrite>},
    {"seek_mean", Unit::kUs, Mean<OpKind::kSeek>},
    {"throughput", Unit::kPerSecond, Throughput},
    {"stall_share", Unit::kRatio, Stalls},
    {"write_amplification", Unit::kRatio, Of<Cost::kWriteBytesPerUserByte>},
    {"read_bytes_per_op", Unit::kBytes, Of<Cost::kReadBytesPerOperation>},
    {"cpu_us_per_op", Unit::kUs, Of<Cost::kCpuUsPerOperation>},
    {"memory", Unit::kBytes, Of<Cost::kMemoryBytes>},
    {"space", Unit::kBytes, Of<Cost::kSpaceBytes>},
};

// In the quantity's own unit, by Unit.
constexpr const char* kUnitWords[] = {"us, ms or s", "B, KiB, MiB, GiB or TiB",
                                      "a ratio or %", "ops/s"};
constexpr const char* kUnitNames[] = {" us", " bytes", "", " ops/s"};

const Quantity* Find(absl::string_view name) {
  for (const Quantity& quantity : kQuantities) {
    if (name == quantity.name) return &quantity;
  }
  return nullptr;
}

absl::Status Expected(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("limit \"", text.substr(0, kLongestText), "\": ", what));
}

absl::StatusOr<double> ReadBound(absl::string_view text,
                                 const Quantity& quantity) {
  const size_t end =
      std::min(text.find_first_not_of("0123456789.eE+-_"), text.size());
  // "1e" of "1e6" belongs to the number, "5 s" does not; no unit starts so.
  double number = 0;
  const size_t unit = static_cast<size_t>(quantity.unit);
  const std::string expected =
      absl::StrCat("\"", text.substr(0, kLongestText),
                   "\" is not a number with ", kUnitWords[unit]);
  if (!absl::SimpleAtod(text.substr(0, end), &number) ||
      !std::isfinite(number) || number < 0) {
    return absl::InvalidArgumentError(expected);
  }
  const std::string suffix =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(text.substr(end)));
  if (suffix.empty()) return number;
  for (const Suffix& row : kSuffixes) {
    if (suffix == row.text && row.unit == quantity.unit) {
      return number * row.factor;
    }
  }
  return absl::InvalidArgumentError(expected);
}

bool Breaks(const Limit& limit, double value) {
  return limit.at_most ? value > limit.bound : value < limit.bound;
}

}  // namespace

absl::StatusOr<Limit> ParseLimit(absl::string_view text) {
  const size_t sign = text.find_first_of("<>");
  if (sign == absl::string_view::npos || sign + 1 >= text.size() ||
      text[sign + 1] != '=') {
    return Expected(text, "expected QUANTITY <= VALUE or QUANTITY >= VALUE");
  }
  const absl::string_view name =
      absl::StripAsciiWhitespace(text.substr(0, sign));
  const Quantity* quantity = Find(name);
  if (quantity == nullptr) {
    const std::string nearest = NearestName(name, LimitQuantities());
    return Expected(
        text, nearest.empty()
                  ? absl::StrCat("unknown quantity; known are ",
                                 absl::StrJoin(LimitQuantities(), ", "))
                  : absl::StrCat("unknown quantity; the nearest is \"", nearest,
                                 "\""));
  }
  const auto bound =
      ReadBound(absl::StripAsciiWhitespace(text.substr(sign + 2)), *quantity);
  if (!bound.ok()) {
    return Expected(text, std::string(bound.status().message()));
  }
  return Limit{.quantity = quantity->name,
               .at_most = text[sign] == '<',
               .bound = *bound,
               .text = std::string(text)};
}

std::vector<std::string> LimitQuantities() {
  std::vector<std::string> names;
  for (const Quantity& quantity : kQuantities) names.push_back(quantity.name);
  return names;
}

std::optional<double> Measure(const Limit& limit, const Window& pooled) {
  const Quantity* quantity = Find(limit.quantity);
  if (quantity == nullptr) return std::nullopt;
  return quantity->measure(pooled);
}

std::optional<std::string> BrokenLimit(const std::vector<Limit>& limits,
                                       const Window& baseline,
                                       const Window& candidate) {
  for (const Limit& limit : limits) {
    const std::optional<double> after = Measure(limit, candidate);
    if (!after || !Breaks(limit, *after)) continue;
    const std::optional<double> before = Measure(limit, baseline);
    const bool was_broken = before && Breaks(limit, *before);
    const bool worse = before && (limit.at_most ? *after > *before * kWorse
                                                : *after * kWorse < *before);
    if (was_broken && !worse) continue;
    const char* unit =
        kUnitNames[static_cast<size_t>(Find(limit.quantity)->unit)];
    return absl::StrFormat(
        "%s is %.4g%s, before %s, and the operator's limit is \"%s\"",
        limit.quantity, *after, unit,
        before ? absl::StrFormat("%.4g%s", *before, unit) : "unknown",
        limit.text);
  }
  return std::nullopt;
}

}  // namespace rocktune
