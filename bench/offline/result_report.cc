// A result as the page for people.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/demo/json_read.h"
#include "bench/demo/record.h"
#include "bench/offline/tune_results.h"

namespace rocktune {
namespace {

// What was run: the workload on its device, or the command.
std::string LoadOf(const boost::json::object& plan) {
  for (const char* kind : {"command", "db-bench"}) {
    if (std::string text = TextOf(plan, kind); !text.empty()) return text;
  }
  return absl::StrFormat("%s on %s", TextOf(plan, "workload"),
                         TextOf(plan, "device"));
}

TuneChange ChangeOf(const Change& change) {
  return {change.key.name, change.key.column_family, change.before,
          change.after, change.reason};
}

TuneIteration IterationOf(const TuneStep& step) {
  TuneIteration row;
  row.number = step.number;
  row.verdict = step.verdict;
  row.ops_per_s = step.candidate.throughput_ops_per_s;
  if (step.effect.confidence > 0) {
    row.effect = step.effect.mean;
    row.effect_low = step.effect.low;
    row.effect_high = step.effect.high;
  }
  for (const Change& change : step.changes) {
    row.changes.push_back(ChangeOf(change));
  }
  row.reason = step.why;
  return row;
}

}  // namespace

TuneReport ReportOf(const TuneResult& result) {
  const TuneState& state = result.state;
  TuneReport report;
  report.title = "rocktune tune: " + LoadOf(state.plan);
  report.sentence = absl::StrFormat(
      "%d cores, %.1f GiB of memory, %s, RocksDB %s; %s of runs. It ended "
      "because %s. Throughput at the end is that of the start's first run "
      "times what all changes together were measured to bring.",
      result.host.cores,
      static_cast<double>(result.host.UsableMemoryBytes()) / (1ull << 30),
      result.host.filesystem, result.host.rocksdb_version,
      ShortSeconds(SpentSeconds(state)), state.ended);
  report.start_ops_per_s = state.first.throughput_ops_per_s;
  report.final_ops_per_s =
      state.total_known ? report.start_ops_per_s * (1 + state.total.mean) : 0;
  for (const TuneStep& step : state.steps) {
    report.iterations.push_back(IterationOf(step));
  }
  for (const FinalChange& change : result.changes) {
    report.differences.push_back(
        {change.key.name, change.key.column_family, change.before, change.after,
         absl::StrCat("measured ", MeasuredText(change), "; ", change.reason)});
  }
  report.set_options = SetOptionsText(result);
  return report;
}

}  // namespace rocktune
