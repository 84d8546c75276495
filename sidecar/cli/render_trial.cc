// One trial: what was tried, how it was compared, and what came of it.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sidecar/cli/render.h"
#include "sidecar/cli/trial_plot.h"
#include "sidecar/cli/trial_words.h"

namespace rocktune::cli {
namespace {

constexpr size_t kColumns = 80;

// One row of the comparison of the arms.
void AddArm(const char* name, const Json& baseline, const Json& candidate,
            const char* key, Table* table) {
  const double before = Number(baseline, key);
  const double after = Number(candidate, key);
  if (before == 0 && after == 0) return;  // not measured
  table->Add({name, Right(HumanCount(before)), Right(HumanCount(after)),
              Right(HumanChange(before, after))});
}

std::string RenderArms(const Json& trial, const Style& style) {
  const Json& before = At(trial, "baseline");
  const Json& after = At(trial, "candidate");
  Table table({"", "baseline", "candidate", "change"});
  AddArm("windows", before, after, "windows", &table);
  AddArm("throughput ops/s", before, after, "throughput_ops_per_s", &table);
  AddArm("service us/op", before, after, "service_time_us", &table);
  for (const char* kind : {"get", "multiget", "write", "seek"}) {
    const Json& one = At(At(before, "latency"), kind);
    const Json& other = At(At(after, "latency"), kind);
    AddArm(absl::StrCat(kind, " p99 us").c_str(), one, other, "latency_us_p99",
           &table);
  }
  AddArm("cpu us/op", before, after, "cpu_us_per_op", &table);
  AddArm("bytes written/user byte", before, after, "write_bytes_per_user_byte",
         &table);
  return table.Text(style);
}

// Costs beside the one the trial was judged by.
std::string RenderCosts(const Json& trial, const Style& style) {
  Table table({"other costs", "before", "after", "better by"});
  for (const Json& cost : Items(trial, "costs")) {
    table.Add({Text(cost, "name"), Right(HumanCount(Number(cost, "before"))),
               Right(HumanCount(Number(cost, "after"))),
               Right(EffectText(At(cost, "effect")))});
  }
  return table.empty() ? "" : table.Text(style);
}

void AddUnlessEmpty(const char* label, const std::string& text, Table* table) {
  if (!text.empty()) table->Add({Cell(label, Colour::kDim), text});
}

std::string Design(const Json& trial) {
  const std::string why = Text(trial, "design_why");
  return absl::StrCat(Text(trial, "design"), why.empty() ? "" : ": ", why);
}

// Lines of at most kColumns, broken between words.
std::string Wrapped(const std::string& text) {
  std::string out;
  size_t column = 0;
  for (absl::string_view word : absl::StrSplit(text, ' ')) {
    if (column > 0) {
      const bool fits = column + 1 + word.size() <= kColumns;
      out += fits ? ' ' : '\n';
      column = fits ? column + 1 : 0;
    }
    absl::StrAppend(&out, word);
    column += word.size();
  }
  return out + "\n";
}

std::string Paragraph(const std::string& text) {
  return text.empty() ? "" : absl::StrCat("\n", text);
}

}  // namespace

std::string RenderTrial(const Json& trial, const Arguments& /*arguments*/,
                        const Style& style) {
  const std::string verdict = Text(trial, "verdict");
  const auto label = [](const char* text) { return Cell(text, Colour::kDim); };
  Table head({});
  head.Add({label("trial"),
            absl::StrCat(Text(trial, "id"), " on ", Text(trial, "database"))});
  head.Add({label("proposal"),
            absl::StrCat(Text(trial, "source"), ": ", Text(trial, "summary"))});
  AddUnlessEmpty("load", Text(trial, "load"), &head);
  head.Add({label("design"), Design(trial)});
  AddUnlessEmpty("expected", Text(trial, "expected"), &head);
  head.Add({label("verdict"), Cell(verdict, ColourOfVerdict(verdict))});
  AddUnlessEmpty("why", Text(trial, "why"), &head);
  const std::string effect = EffectText(At(trial, "effect"));
  if (!effect.empty()) head.Add({label("effect"), effect});
  head.Add({label("opened"), ShortTime(Text(trial, "opened"))});
  head.Add({label("closed"), ShortTime(Text(trial, "closed"))});
  head.Add({label("in force"), HumanSeconds(Number(trial, "in_force_s"))});
  return absl::StrCat(
      head.Text(style), "\n", RenderChanges(Items(trial, "change_set"), style),
      RenderNotes(Items(trial, "notes"), style), "\n",
      Wrapped(TwoSentences(trial)), Paragraph(BlocksPlot(trial, style)),
      Paragraph(EffectPlot(trial, style)), Paragraph(RenderArms(trial, style)),
      Paragraph(RenderCosts(trial, style)));
}

}  // namespace rocktune::cli
