// The demo's figures as a table to read and as JSON to compare.
#ifndef ROCKTUNE_BENCH_DEMO_SUMMARY_H_
#define ROCKTUNE_BENCH_DEMO_SUMMARY_H_

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/demo/record.h"

namespace rocktune {

// Keys: baseline, tuned, restored {throughput_ops_per_s, read_p99_us,
// write_p99_us}; tuned_over_baseline, trials_kept, trials_rolled_back,
// proposals_refused, bad_value_in_force_s, restored_exactly, not_restored.
boost::json::object SummaryJson(const DemoRecord& record);

// Lines without line ends.
std::vector<std::string> SummaryTable(const DemoRecord& record);

// Replaces the file, creating its directory. Unavailable when it cannot.
absl::Status WriteFile(const std::string& path, const std::string& text);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_SUMMARY_H_
