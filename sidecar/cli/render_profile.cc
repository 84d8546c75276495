// What the load is, with bars.
#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sidecar/cli/plot.h"
#include "sidecar/cli/render.h"

namespace rocktune::cli {
namespace {

constexpr int kBarColumns = 40;
constexpr char kUnknown[] = "unknown";

bool Known(const Json& object, absl::string_view key) {
  return At(object, key).is_number();
}

// The member as `show` prints it.
std::string Shown(const Json& object, absl::string_view key,
                  std::string (*show)(double)) {
  return Known(object, key) ? show(Number(object, key)) : kUnknown;
}

std::string Percent(double share) {
  return absl::StrFormat("%.1f %%", share * 100);
}
std::string Plain(double number) { return absl::StrFormat("%.2f", number); }
std::string Entries(double count) {
  return absl::StrCat(HumanCount(count), " entries");
}
std::string Rate(double rate) { return absl::StrCat(HumanCount(rate), " /s"); }

// One row of a bar chart of shares.
void AddShare(const char* name, const Json& object, absl::string_view key,
              const Style& style, Table* table) {
  table->Add({name, Right(Shown(object, key, Percent)),
              Bar(Number(object, key), kBarColumns, style)});
}

std::string Section(const std::string& heading, const std::string& body,
                    const Style& style) {
  if (body.empty()) return "";
  return absl::StrCat("\n", style.Paint(Colour::kBold, heading), "\n",
                      Indented(body));
}

std::string Head(const Json& profile, const Style& style) {
  const auto label = [](const char* text) { return Cell(text, Colour::kDim); };
  Table table({});
  table.Add(
      {label("database"), Cell(Text(profile, "database"), Colour::kBold)});
  const std::string from = Text(profile, "from");
  table.Add({label("seen"),
             from.empty()
                 ? "nothing yet"
                 : absl::StrCat(Text(profile, "windows"), " windows, ",
                                ShortTime(from), " to ",
                                ShortTime(Text(profile, "to")), " (UTC)")});
  table.Add({label("operations"), Shown(profile, "arrival_ops_per_s", Rate)});
  table.Add({label("burstiness"),
             absl::StrCat(Shown(profile, "burstiness", Plain),
                          " (0: steady, 1: as bursty as its own mean)")});
  return table.Text(style);
}

std::string Operations(const Json& profile, const Style& style) {
  Table table({});
  AddShare("get", profile, "get_share", style, &table);
  AddShare("multiget", profile, "multiget_share", style, &table);
  AddShare("write", profile, "write_share", style, &table);
  AddShare("seek", profile, "seek_share", style, &table);
  return table.Text(style);
}

std::string Sources(const Json& profile, const Style& style) {
  Table table({});
  const Json& sources = At(profile, "read_sources");
  AddShare("memtable", sources, "memtable_share", style, &table);
  AddShare("level 0", sources, "l0_share", style, &table);
  AddShare("level 1", sources, "l1_share", style, &table);
  AddShare("level 2 and up", sources, "l2_and_up_share", style, &table);
  return table.Text(style);
}

std::string Sizes(const Json& profile, const Style& style) {
  Table table({});
  table.Add({"key", Right(Shown(profile, "key_bytes", HumanBytes)),
             "value written", Right(Shown(profile, "value_bytes", HumanBytes)),
             "read per key", Right(Shown(profile, "read_bytes", HumanBytes))});
  table.Add({"scan", Right(Shown(profile, "scan_length", Entries)), "deletes",
             Right(Shown(profile, "delete_share", Percent)), "write amp.",
             Right(Shown(profile, "write_amplification", Plain))});
  table.Add({"found", Right(Shown(profile, "found_share", Percent)),
             "cache hits", Right(Shown(profile, "cache_hit_ratio", Percent)),
             "read amp.", Right(Shown(profile, "read_amplification", Plain))});
  return table.Text(style);
}

void AddSkew(const char* name, const Json& skew, Table* table) {
  if (!skew.is_object()) return;
  table->Add({name, Right(Shown(skew, "distinct_keys", HumanCount)),
              Right(Shown(skew, "top_1pct_share", Percent)),
              Right(Shown(skew, "zipf_exponent", Plain)),
              Right(Shown(skew, "working_set_bytes", HumanBytes))});
}

std::string Skew(const Json& trace, const Style& style) {
  Table table(
      {"", "distinct keys", "to hottest 1 %", "Zipf exponent", "touched"});
  AddSkew("reads", At(trace, "read_keys"), &table);
  AddSkew("writes", At(trace, "written_keys"), &table);
  std::string out = table.empty() ? "" : table.Text(style);
  if (Known(trace, "update_share")) {
    absl::StrAppend(&out, "updates: ", Shown(trace, "update_share", Percent),
                    " of the writes, or more\n");
  }
  return out;
}

// Linear in log capacity between the points around it.
std::optional<double> HitRatioAt(const boost::json::array& points,
                                 double capacity_bytes) {
  for (size_t i = 1; i < points.size(); ++i) {
    const double low = Number(points[i - 1], "capacity_bytes");
    const double high = Number(points[i], "capacity_bytes");
    if (!(low > 0 && low <= capacity_bytes && capacity_bytes <= high)) continue;
    const double from = Number(points[i - 1], "hit_ratio");
    const double to = Number(points[i], "hit_ratio");
    if (high == low) return to;
    return from +
           (to - from) * std::log(capacity_bytes / low) / std::log(high / low);
  }
  return std::nullopt;
}

// Sizes around the present one, as far as the burst can tell.
std::string Curve(const Json& cache, const Style& style) {
  const double now = Number(cache, "capacity_bytes");
  Table table({"capacity", "hits", "", ""});
  for (int doublings = -4; doublings <= 4; ++doublings) {
    const double capacity = now * std::exp2(doublings);
    const auto hits = HitRatioAt(Items(cache, "points"), capacity);
    if (!hits.has_value()) continue;
    table.Add({Right(HumanBytes(capacity)), Right(Percent(*hits)),
               Bar(*hits, kBarColumns, style), doublings == 0 ? "<- now" : ""});
  }
  return table.empty() ? "" : table.Text(style);
}

std::string Caches(const Json& trace, const Style& style) {
  std::string out;
  for (const Json& cache : Items(trace, "caches")) {
    const std::string scope = Text(cache, "scope");
    const std::string of = scope.empty() ? "" : absl::StrCat("[", scope, "]");
    absl::StrAppend(
        &out, Section(absl::StrCat("block cache", Cell(of).text, ", ",
                                   HumanBytes(Number(cache, "capacity_bytes")),
                                   ": hits by capacity, foretold (",
                                   Percent(Number(cache, "measured_hit_ratio")),
                                   " measured)"),
                      Curve(cache, style), style));
  }
  return out;
}

std::string Families(const Json& profile, const Style& style) {
  Table table({"", "keys", "size", "space amp.", "of lookups", "of misses"});
  for (const Json& family : Items(profile, "column_families")) {
    table.Add({Text(family, "name"), Right(Shown(family, "keys", HumanCount)),
               Right(Shown(family, "bytes", HumanBytes)),
               Right(Shown(family, "space_amplification", Plain)),
               Right(Shown(family, "read_share", Percent)),
               Right(Shown(family, "miss_share", Percent))});
  }
  return table.empty() ? "" : table.Text(style);
}

std::string FamilyName(const Json& profile, const std::string& id) {
  for (const Json& family : Items(profile, "column_families")) {
    if (Text(family, "id") == id) return Text(family, "name");
  }
  return absl::StrCat("family ", id);
}

double NumberOf(const boost::json::array& numbers, size_t i) {
  return i < numbers.size() && numbers[i].is_number()
             ? numbers[i].to_number<double>()
             : 0;
}

// Which level of which family the misses come from.
std::string Misses(const Json& profile, const Style& style) {
  const auto& families = Items(At(profile, "trace"), "column_families");
  double all = 0;
  for (const Json& family : families) {
    const auto& misses = Items(family, "misses_by_level");
    for (size_t i = 0; i < misses.size(); ++i) all += NumberOf(misses, i);
  }
  if (all == 0) return "";
  Table table({"", "level", "of misses", ""});
  for (const Json& family : families) {
    const auto& misses = Items(family, "misses_by_level");
    for (size_t i = 0; i < misses.size(); ++i) {
      const double share = NumberOf(misses, i) / all;
      if (share == 0) continue;
      table.Add({FamilyName(profile, Text(family, "id")),
                 Right(absl::StrCat(i)), Right(Percent(share)),
                 Bar(share, kBarColumns, style)});
    }
  }
  return table.Text(style);
}

std::string Unknown(const Json& profile, const Style& style) {
  Table table({});
  for (const Json& line : Items(profile, "unknown")) {
    if (!line.is_string()) continue;
    table.Add({Cell(
        absl::string_view(line.get_string().data(), line.get_string().size()),
        Colour::kYellow)});
  }
  return table.empty() ? "" : table.Text(style);
}

}  // namespace

std::string RenderProfile(const Json& profile, const Arguments& /*arguments*/,
                          const Style& style) {
  const std::string unknown =
      Section("not known", Unknown(profile, style), style);
  if (Number(profile, "windows") == 0) return Head(profile, style) + unknown;
  const Json& trace = At(profile, "trace");
  return absl::StrCat(
      Head(profile, style),
      Section("operations", Operations(profile, style), style),
      Section("where point reads find their key", Sources(profile, style),
              style),
      Section("sizes and shares", Sizes(profile, style), style),
      Section("keys, in the last burst of tracing", Skew(trace, style), style),
      Caches(trace, style),
      Section("cache misses, in the last burst", Misses(profile, style), style),
      Section("column families", Families(profile, style), style), unknown);
}

}  // namespace rocktune::cli
