// The frame of every report: one page that needs no network.
#ifndef ROCKTUNE_BENCH_REPORT_PAGE_H_
#define ROCKTUNE_BENCH_REPORT_PAGE_H_

#include <boost/json/value.hpp>
#include <string>

#include "absl/strings/string_view.h"

namespace rocktune {

// What is embedded at build time: Chart.js, and page.css and charts.js beside
// this file.
absl::string_view ChartJs();
absl::string_view PageCss();
absl::string_view ChartsJs();

struct Page {
  std::string title;        // text
  std::string body;         // HTML; whoever writes it escapes
  boost::json::value data;  // what charts.js draws
};

std::string PageHtml(const Page& page);

// JSON that can stand in a <script>: no text of it can end the element or
// begin a comment.
std::string ScriptJson(const boost::json::value& value);

// "kept", "better", ... as a coloured word. Any text is safe.
std::string VerdictBadge(const std::string& verdict);

// "+12.3 %"; "-" when not measured (NaN).
std::string EffectText(double effect);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_REPORT_PAGE_H_
