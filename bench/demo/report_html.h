// The demo's story as one HTML file that needs nothing else.
#ifndef ROCKTUNE_BENCH_DEMO_REPORT_HTML_H_
#define ROCKTUNE_BENCH_DEMO_REPORT_HTML_H_

#include <string>

#include "bench/demo/record.h"

namespace rocktune {

// Well-formed XML too; every text of the record is escaped. No scripts.
std::string ReportHtml(const DemoRecord& record);

// &, <, >, " as entities; control characters as spaces.
std::string EscapeHtml(const std::string& text);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_REPORT_HTML_H_
