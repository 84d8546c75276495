// What the model is asked, what it answered, and what that cost.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sidecar/cli/render.h"

namespace rocktune::cli {
namespace {

std::string OfLimit(const Json& spent, const Json& limit,
                    absl::string_view key) {
  const std::string now = HumanCount(Number(spent, key));
  const double most = Number(limit, key);
  return most > 0 ? absl::StrCat(now, " of ", HumanCount(most)) : now;
}

std::string Dollars(const Json& spent, const Json& limit) {
  const std::string now = absl::StrFormat("$%.4f", Number(spent, "dollars"));
  const double most = Number(limit, "dollars");
  return most > 0 ? absl::StrFormat("%s of $%.2f", now, most) : now;
}

void AddSpend(const char* name, const Json& spent, const Json& limit,
              Table* table) {
  table->Add({name, Right(OfLimit(spent, limit, "calls")),
              Right(OfLimit(spent, limit, "input_tokens")),
              Right(OfLimit(spent, limit, "output_tokens")),
              Right(Dollars(spent, limit))});
}

std::string Proposed(const Json& answer, const Style& style) {
  std::string out;
  const std::string summary = Text(answer, "summary");
  if (!summary.empty()) {
    absl::StrAppend(&out, "it says    ", Cell(summary).text, "\n");
  }
  for (const Json& issue : Items(answer, "issues")) {
    absl::StrAppend(&out, style.Paint(Colour::kYellow, "not read"), "   ",
                    Cell(Text(issue, "message")).text, "\n");
  }
  absl::StrAppend(&out, RenderNotes(Items(answer, "notes"), style));
  const boost::json::array& changes = Items(answer, "change_set");
  if (!changes.empty()) {
    absl::StrAppend(&out, "would be tried:\n", RenderChanges(changes, style));
  } else if (Truth(answer, "nothing_to_change")) {
    absl::StrAppend(&out, "nothing to change\n");
  } else {
    absl::StrAppend(&out, "nothing of it would be tried\n");
  }
  return out;
}

}  // namespace

std::string RenderModel(const Json& status, const Arguments& /*arguments*/,
                        const Style& style) {
  const auto label = [](const char* text) { return Cell(text, Colour::kDim); };
  Table head({});
  head.Add({label("model"), Cell(Text(status, "model"), Colour::kBold)});
  head.Add({label("provider"), absl::StrCat(Text(status, "provider"), " at ",
                                            Text(status, "endpoint"))});
  head.Add({label("reply form"), Text(status, "form")});
  const std::string breaker = Text(status, "breaker");
  const std::string reason = Text(status, "breaker_reason");
  head.Add({label("breaker"),
            reason.empty()
                ? Cell(breaker)
                : Cell(absl::StrCat(breaker, ": ", reason), Colour::kYellow)});
  head.Add({label("asked"),
            absl::StrCat(Text(status, "calls"), " times, ",
                         Text(status, "answers"), " usable answers",
                         Truth(status, "busy") ? ", a call runs" : "")});
  const std::string error = Text(status, "last_error");
  head.Add({label("last error"),
            error.empty()
                ? "none"
                : absl::StrCat(ShortTime(Text(status, "last_error_at")), "  ",
                               error)});
  Table spend({"spent", "calls", "tokens in", "tokens out", "money"});
  AddSpend("last hour", At(status, "last_hour"), At(status, "hourly_limit"),
           &spend);
  AddSpend("last day", At(status, "last_day"), At(status, "daily_limit"),
           &spend);
  return absl::StrCat(head.Text(style), "\n", spend.Text(style));
}

std::string RenderPayload(const Json& answer, const Arguments& /*arguments*/,
                          const Style& /*style*/) {
  return absl::StrCat(Text(answer, "payload"), "\n");
}

std::string RenderAsked(const Json& answer, const Arguments& /*arguments*/,
                        const Style& style) {
  std::string out =
      absl::StrFormat("%s after %.1f s, %s attempts, %s tokens in, %s out\n",
                      Text(answer, "outcome"), Number(answer, "took_s"),
                      Text(answer, "attempts"), Text(answer, "input_tokens"),
                      Text(answer, "output_tokens"));
  const std::string error = Text(answer, "error");
  if (!error.empty()) {
    return absl::StrCat(out, style.Paint(Colour::kRed, "no answer"), "  ",
                        Cell(error).text, "\n");
  }
  return absl::StrCat(out, Proposed(answer, style));
}

std::string RenderVetted(const Json& answer, const Arguments& /*arguments*/,
                         const Style& style) {
  return Proposed(answer, style);
}

}  // namespace rocktune::cli
