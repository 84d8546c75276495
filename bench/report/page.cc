#include "bench/report/page.h"

#include <boost/json/serialize.hpp>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "bench/demo/report_html.h"

namespace rocktune {
namespace {

// Allows what the page brings along, and no request of any kind.
constexpr char kPolicy[] =
    "default-src 'none'; style-src 'unsafe-inline'; script-src "
    "'unsafe-inline'; img-src data:";

// What would end a <script> or open a comment in it. In the strings and
// expressions of a script the backslash changes nothing.
std::string ScriptText(absl::string_view script) {
  std::string out;
  for (size_t i = 0; i < script.size(); ++i) {
    out += script[i];
    const absl::string_view rest = script.substr(i);
    if (absl::StartsWithIgnoreCase(rest, "</script") ||
        absl::StartsWith(rest, "<!--")) {
      out += '\\';
    }
  }
  return out;
}

// The colour a verdict has; grey without a row.
std::string VerdictClass(const std::string& verdict) {
  constexpr struct {
    const char* verdict;
    const char* name;
  } kRows[] = {
      {"kept", "kept"},           {"better", "kept"},
      {"regressed", "regressed"}, {"worse", "regressed"},
      {"no_gain", "no_gain"},     {"inconclusive", "inconclusive"},
      {"aborted", "aborted"},     {"failed", "regressed"},
  };
  for (const auto& row : kRows) {
    if (verdict == row.verdict) return row.name;
  }
  return "no_gain";
}

}  // namespace

std::string ScriptJson(const boost::json::value& value) {
  return absl::StrReplaceAll(boost::json::serialize(value),
                             {{"<", "\\u003c"},
                              {">", "\\u003e"},
                              {"&", "\\u0026"},
                              {"\xe2\x80\xa8", "\\u2028"},
                              {"\xe2\x80\xa9", "\\u2029"}});
}

std::string VerdictBadge(const std::string& verdict) {
  return absl::StrCat("<span class=\"badge ", VerdictClass(verdict), "\">",
                      EscapeHtml(verdict), "</span>");
}

std::string EffectText(double effect) {
  if (!std::isfinite(effect)) return "-";
  return absl::StrFormat("%+.1f %%", 100 * effect);
}

std::string PageHtml(const Page& page) {
  const std::string title = EscapeHtml(page.title);
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"",
      kPolicy,
      "\">\n<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>",
      title, "</title>\n<style>\n", PageCss(), "</style>\n</head>\n<body>\n",
      "<h1>", title, "</h1>\n", page.body,
      "<script type=\"application/json\" id=\"data\">", ScriptJson(page.data),
      "</script>\n<script>\n", ScriptText(ChartJs()), "\n</script>\n<script>\n",
      ScriptText(ChartsJs()), "</script>\n</body>\n</html>\n");
}

}  // namespace rocktune
