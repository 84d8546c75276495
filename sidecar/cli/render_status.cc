// Views of the tuner and of a database.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sidecar/cli/render.h"
#include "sidecar/cli/trial_words.h"

namespace rocktune::cli {
namespace {

Colour ColourOfState(const std::string& state) {
  if (state == "converged" || state == "probation") return Colour::kGreen;
  if (state == "frozen" || state == "rolling_back") return Colour::kRed;
  return Colour::kCyan;
}

std::string Load(const Json& database, const char* now_key,
                 const char* baseline_key, const char* unit) {
  const double now = Number(database, now_key);
  const double baseline = Number(database, baseline_key);
  std::string text = absl::StrCat(HumanCount(now), " ", unit, " now");
  if (baseline > 0) {
    absl::StrAppend(&text, ", ", HumanCount(baseline), " at baseline (",
                    HumanChange(baseline, now), ")");
  }
  return text;
}

std::string WithWhy(const std::string& what, const std::string& why) {
  return why.empty() ? what : absl::StrCat(what, ": ", why);
}

// ": switchback, 5 blocks so far, +3.1 % (-1.0 to +7.0)"
std::string Progress(const Json& trial) {
  const std::string effect = EffectText(At(trial, "effect"));
  std::string out = absl::StrCat(": ", Text(trial, "design"));
  const size_t blocks = Items(trial, "blocks").size();
  if (blocks > 0) absl::StrAppend(&out, ", ", blocks, " blocks so far");
  return effect.empty() ? out : absl::StrCat(out, ", ", effect);
}

std::string OpenParts(const Json& database, const Style& style) {
  std::string out;
  const Json& trial = At(database, "open_trial");
  if (trial.is_object()) {
    absl::StrAppend(&out, style.Paint(Colour::kBold, "on trial"),
                    Progress(trial), "\n",
                    Indented(RenderChanges(Items(trial, "change_set"), style)));
  }
  const Json& pending = At(database, "pending");
  if (pending.is_object()) {
    absl::StrAppend(
        &out, style.Paint(Colour::kBold, "waits for approval"),
        " (rocktune approve, or rocktune reject)\n",
        Indented(RenderChanges(Items(pending, "change_set"), style)),
        Indented(RenderNotes(Items(pending, "notes"), style)));
  }
  return out;
}

}  // namespace

std::string RenderTuner(const Json& tuner, const Style& style) {
  Table table({});
  const std::string health = Text(tuner, "health");
  table.Add({Cell("tuner", Colour::kDim),
             Cell(health, health == "ok" ? Colour::kGreen : Colour::kRed)});
  std::string mode = Text(tuner, "mode");
  if (Truth(tuner, "frozen")) {
    mode = WithWhy(absl::StrCat(mode, ", frozen"), Text(tuner, "frozen_why"));
  }
  table.Add(
      {Cell("mode", Colour::kDim),
       Cell(mode, Truth(tuner, "frozen") ? Colour::kRed : Colour::kNone)});
  table.Add({Cell("up", Colour::kDim),
             Cell(absl::StrCat(HumanSeconds(Number(tuner, "uptime_s")),
                               ", session ", Text(tuner, "session"),
                               ", rocktune ", Text(tuner, "version"),
                               ", RocksDB ", Text(tuner, "rocksdb_version")))});
  table.Add(
      {Cell("memory", Colour::kDim),
       Cell(absl::StrCat(HumanBytes(Number(tuner, "memory_committed_bytes")),
                         " committed of ",
                         HumanBytes(Number(tuner, "memory_budget_bytes"))))});
  table.Add({Cell("history", Colour::kDim), Cell(Text(tuner, "history_path"))});
  return table.Text(style);
}

std::string RenderDatabase(const Json& database, const Style& style) {
  const auto label = [](const char* text) { return Cell(text, Colour::kDim); };
  Table table({});
  table.Add({label("database"), Cell(Text(database, "name"), Colour::kBold)});
  table.Add({label("path"), Cell(Text(database, "path"))});
  const std::string state = Text(database, "state");
  table.Add(
      {label("state"),
       Cell(WithWhy(absl::StrCat(state, " for ",
                                 HumanSeconds(Number(database, "in_state_s"))),
                    Text(database, "state_why")),
            ColourOfState(state))});
  table.Add(
      {label("load"), Cell(Load(database, "throughput_ops_per_s_now",
                                "throughput_ops_per_s_at_baseline", "ops/s"))});
  table.Add(
      {label("service"), Cell(Load(database, "service_time_us_now",
                                   "service_time_us_at_baseline", "us/op"))});
  table.Add({label("trials"),
             Cell(absl::StrCat(
                 Text(database, "trials_kept"), " kept, ",
                 Text(database, "trials_rolled_back"), " rolled back, ",
                 Text(database, "proposals_refused"), " proposals refused"))});
  const std::string advice = Text(database, "advisor_why");
  if (!advice.empty()) table.Add({label("advisor"), Cell(advice)});
  for (const Json& line : Items(database, "missing")) {
    if (!line.is_string()) continue;
    table.Add({label("not seen"),
               Cell(std::string(line.get_string().c_str()), Colour::kYellow)});
  }
  return absl::StrCat(table.Text(style), OpenParts(database, style));
}

}  // namespace rocktune::cli
