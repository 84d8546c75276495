// The demo's time line as inline SVG.
#ifndef ROCKTUNE_BENCH_DEMO_REPORT_CHART_H_
#define ROCKTUNE_BENCH_DEMO_REPORT_CHART_H_

#include <string>
#include <vector>

#include "bench/demo/record.h"

namespace rocktune {

// Two plots over one time axis, throughput and read p99, with a lane of
// trials coloured by verdict and the phases above. Colours are classes that
// the page's style sheet gives.
std::string TimeLineSvg(const DemoRecord& record);

// Round steps from 0 that cover `top`, at most `most` of them above 0.
std::vector<double> AxisTicks(double top, int most);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_REPORT_CHART_H_
