// A result as JSON, Markdown, C++ and a proposal.
#include <boost/json/value_from.hpp>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "bench/demo/record.h"
#include "bench/offline/tune_results.h"

namespace rocktune {
namespace {

std::string Percent(const Effect& effect) {
  return absl::StrFormat("%+.1f %% [%+.1f, %+.1f]", 100 * effect.mean,
                         100 * effect.low, 100 * effect.high);
}

boost::json::object Json(const Effect& effect) {
  return {{"mean", effect.mean},
          {"low", effect.low},
          {"high", effect.high},
          {"confidence", effect.confidence}};
}

std::string Total(const TuneState& state) {
  if (!state.total_known) return "not measured as a whole";
  return Percent(state.total);
}

std::string Cell(const std::string& text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}, {"\n", " "}});
}

}  // namespace

std::string MeasuredText(const FinalChange& change) {
  std::string text = Percent(change.effect);
  if (!change.together_with.empty()) {
    absl::StrAppend(&text, " together with ",
                    absl::StrJoin(change.together_with, ", "));
  }
  if (change.measured_alone) {
    absl::StrAppend(&text, "; without it ", Percent(change.without_it));
  }
  return text;
}

boost::json::object ResultJson(const TuneResult& result) {
  boost::json::array changes;
  for (const FinalChange& change : result.changes) {
    boost::json::array others;
    for (const std::string& name : change.together_with) {
      others.emplace_back(name.c_str());
    }
    boost::json::object row{{"option", change.key.name.c_str()},
                            {"family", change.key.column_family.c_str()},
                            {"before", change.before.c_str()},
                            {"after", change.after.c_str()},
                            {"reason", change.reason.c_str()},
                            {"steps", boost::json::value_from(change.steps)},
                            {"effect", Json(change.effect)},
                            {"together_with", std::move(others)},
                            {"online", change.online}};
    if (change.measured_alone) row["without_it"] = Json(change.without_it);
    changes.push_back(std::move(row));
  }
  boost::json::object json = ToJson(result.state);
  json.erase("start");  // it is in OPTIONS and in the changes
  json["machine"] = {
      {"cores", result.host.cores},
      {"memory_bytes", result.host.UsableMemoryBytes()},
      {"filesystem", result.host.filesystem.c_str()},
      {"rocksdb", result.host.rocksdb_version.c_str()},
  };
  json["changes"] = std::move(changes);
  json["spent_s"] = SpentSeconds(result.state);
  return json;
}

std::string DiffMarkdown(const TuneResult& result) {
  const TuneState& state = result.state;
  std::string text = "# What rocktune tune changed\n\n";
  absl::StrAppend(&text, "In all: ", Total(state),
                  ". Start: ", WithCommas(state.first.throughput_ops_per_s),
                  " ops/s in its first run. It ended because ", state.ended,
                  ".\n\n");
  if (result.changes.empty()) {
    absl::StrAppend(&text, "Nothing was proven to be better.\n");
  } else {
    absl::StrAppend(&text,
                    "| option | before | after | measured | online | reason |\n"
                    "|---|---|---|---|---|---|\n");
  }
  for (const FinalChange& change : result.changes) {
    absl::StrAppend(
        &text, "| ", Cell(ToString(change.key)), " | ",
        Cell(ShortValue(change.before)), " | ", Cell(ShortValue(change.after)),
        " | ", Cell(MeasuredText(change)), " | ", change.online ? "yes" : "no",
        " | ", Cell(change.reason), " |\n");
  }
  absl::StrAppend(
      &text,
      "\n## What was tried\n\n"
      "| # | by | changes | verdict | why |\n|---|---|---|---|---|\n");
  for (const TuneStep& step : state.steps) {
    std::vector<ChangeLine> lines;
    for (const Change& change : step.changes) {
      lines.push_back({change.key.name, change.before, change.after});
    }
    absl::StrAppend(&text, "| ", step.number, " | ", step.source, " | ",
                    Cell(ShortChanges(lines)), " | ", step.verdict, " | ",
                    Cell(step.why), " |\n");
  }
  return text;
}

std::string SetOptionsText(const TuneResult& result) {
  // By call: what comes before the values, then the values.
  std::map<std::string, std::vector<std::string>> calls;
  std::string live;
  for (const FinalChange& change : result.changes) {
    if (!change.online) continue;
    if (change.scope == OptionScope::kLive) {
      absl::StrAppend(&live, "// ", ToString(change.key), " = ", change.after,
                      "  (of the object itself, as cache->SetCapacity())\n");
      continue;
    }
    const std::string call =
        change.scope == OptionScope::kDb
            ? "db->SetDBOptions({"
            : absl::StrCat("db->SetOptions(/* ",
                           absl::CEscape(change.key.column_family),
                           " */ handle, {");
    calls[call].push_back(absl::StrCat("{\"", absl::CEscape(change.key.name),
                                       "\", \"", absl::CEscape(change.after),
                                       "\"}"));
  }
  std::string text =
      "// What a running database can take; the rest of OPTIONS "
      "needs a restart.\n";
  for (const auto& [call, values] : calls) {
    absl::StrAppend(&text, call, absl::StrJoin(values, ", "), "});\n");
  }
  return text + live;
}

boost::json::object OnlineJson(const TuneResult& result) {
  boost::json::array changes;
  for (const FinalChange& change : result.changes) {
    if (!change.online) continue;
    changes.push_back(
        {{"option", change.key.name.c_str()},
         {"scope", change.key.column_family.c_str()},
         {"value", change.after.c_str()},
         {"reason", absl::StrCat("offline: ", MeasuredText(change)).c_str()}});
  }
  return {{"reason", absl::StrCat("rocktune tune measured ",
                                  Total(result.state), " in all")
                         .c_str()},
          {"changes", std::move(changes)}};
}

}  // namespace rocktune
