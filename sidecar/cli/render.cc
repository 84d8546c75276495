#include "sidecar/cli/render.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sidecar/cli/trial_words.h"

namespace rocktune::cli {
namespace {

// Shown when it was given as a pattern, or there was none.
bool Wanted(const std::string& name, const Arguments& arguments) {
  return arguments.word.empty() || absl::StrContains(name, arguments.word);
}

std::string NothingOr(const Table& table, const Style& style,
                      const char* nothing) {
  return table.empty() ? absl::StrCat(nothing, "\n") : table.Text(style);
}

}  // namespace

Colour ColourOfVerdict(const std::string& verdict) {
  if (verdict == "kept") return Colour::kGreen;
  return verdict == "regressed" || verdict == "aborted" ? Colour::kRed
                                                        : Colour::kYellow;
}

std::string OptionName(const Json& object) {
  const std::string scope = Text(object, "scope");
  return scope.empty() ? Text(object, "option")
                       : absl::StrCat(Text(object, "option"), "[", scope, "]");
}

std::string RenderChanges(const boost::json::array& changes,
                          const Style& style) {
  Table table({});
  for (const Json& change : changes) {
    table.Add({OptionName(change), Right(Text(change, "before")), "->",
               Cell(Text(change, "after"), Colour::kBold),
               Cell(Text(change, "reason"), Colour::kDim)});
  }
  return table.empty() ? "" : table.Text(style);
}

std::string RenderNotes(const boost::json::array& notes, const Style& style) {
  Table table({});
  for (const Json& note : notes) {
    const bool rejected = Truth(note, "rejected");
    table.Add({Cell(rejected ? "rejected" : "corrected",
                    rejected ? Colour::kRed : Colour::kYellow),
               OptionName(note), Text(note, "code"), Text(note, "message")});
  }
  return table.empty() ? "" : table.Text(style);
}

std::string RenderHistory(const Json& answer, const Arguments& /*arguments*/,
                          const Style& style) {
  Table table({"time (UTC)", "database", "kind", "trial", "by", "what"});
  for (const Json& entry : Items(answer, "history")) {
    const std::string trial = Text(entry, "trial");
    const std::string uid = Text(entry, "uid");
    table.Add({Cell(ShortTime(Text(entry, "at")), Colour::kDim),
               Text(entry, "database"), Text(entry, "kind"),
               Right(trial == "0" ? "" : trial),
               uid.empty() ? uid : absl::StrCat("uid ", uid),
               Text(entry, "line")});
  }
  return NothingOr(table, style, "nothing has happened yet");
}

std::string RenderWhy(const Json& answer, const Arguments& arguments,
                      const Style& style) {
  Table table(
      {"trial", "time (UTC)", "before", "after", "verdict", "effect", "why"});
  for (const Json& trial : Items(answer, "trials")) {
    const std::string verdict = Text(trial, "verdict");
    for (const Json& change : Items(trial, "change_set")) {
      if (Text(change, "option") != arguments.word) continue;
      table.Add({Right(Text(trial, "id")),
                 Cell(ShortTime(Text(trial, "opened")), Colour::kDim),
                 Right(Text(change, "before")), Right(Text(change, "after")),
                 Cell(verdict, ColourOfVerdict(verdict)),
                 EffectText(At(trial, "effect")), Text(trial, "why")});
    }
  }
  return NothingOr(table, style,
                   "no trial has changed it: it has the value found at attach");
}

std::string RenderOptions(const Json& answer, const Arguments& arguments,
                          const Style& style) {
  Table table(
      {"option", "class", "now", "proven", "at attach", "default", "pinned"});
  for (const Json& option : Items(answer, "options")) {
    const std::string now = Text(option, "now");
    const bool changed = now != Text(option, "at_attach");
    if (!Wanted(OptionName(option), arguments)) continue;
    if (arguments.changed && !changed && Text(option, "pinned").empty()) {
      continue;
    }
    const std::string unit = Text(option, "unit");
    const auto value = [&option, &unit](const char* key) {
      return Right(HumanValue(Text(option, key), unit));
    };
    table.Add(
        {OptionName(option), Cell(Text(option, "class"), Colour::kDim),
         Right(HumanValue(now, unit), changed ? Colour::kGreen : Colour::kNone),
         value("proven"), value("at_attach"), value("default"),
         Text(option, "pinned")});
  }
  return NothingOr(table, style, "no such option");
}

std::string RenderCatalogue(const Json& answer, const Arguments& arguments,
                            const Style& style) {
  Table table(
      {"option", "class", "type", "min", "max", "step", "default", "meaning"});
  for (const Json& row : Items(answer, "catalogue")) {
    if (!Wanted(Text(row, "option"), arguments)) continue;
    const std::string unit = Text(row, "unit");
    const std::string type = Text(row, "type");
    const bool number = type == "int" || type == "uint" || type == "double";
    const auto bound = [&row, &unit, number](const char* key) {
      return Right(
          number ? HumanValue(absl::StrFormat("%.10g", Number(row, key)), unit)
                 : "");
    };
    const double step = Number(row, "max_step_factor");
    const std::string meaning = Text(row, "meaning");
    table.Add({Text(row, "option"), Text(row, "class"), type, bound("min"),
               bound("max"),
               Right(step > 0 ? absl::StrFormat("x%g", step) : ""),
               Right(HumanValue(Text(row, "default"), unit)),
               Cell(meaning.empty() ? Text(row, "why_class") : meaning,
                    Colour::kDim)});
  }
  return NothingOr(table, style, "no such option");
}

std::string RenderReply(const Json& answer, const Arguments& /*arguments*/,
                        const Style& style) {
  std::string out;
  const std::string message = Text(answer, "message");
  if (!message.empty()) absl::StrAppend(&out, Cell(message).text, "\n");
  absl::StrAppend(&out, RenderNotes(Items(answer, "notes"), style),
                  RenderChanges(Items(answer, "change_set"), style));
  for (const Json& key : Items(answer, "not_restored")) {
    absl::StrAppend(&out, style.Paint(Colour::kYellow, "not restored exactly"),
                    "  ", Cell(OptionName(key)).text, "\n");
  }
  return out.empty() ? "done\n" : out;
}

}  // namespace rocktune::cli
