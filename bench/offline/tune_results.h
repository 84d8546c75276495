// What a finished run leaves for people and for a running service.
#ifndef ROCKTUNE_BENCH_OFFLINE_TUNE_RESULTS_H_
#define ROCKTUNE_BENCH_OFFLINE_TUNE_RESULTS_H_

#include <boost/json/object.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/offline/offline_options.h"
#include "bench/offline/tune_state.h"
#include "bench/report/tune_report.h"

namespace rocktune {

// One option that differs between the start and the end.
struct FinalChange {
  OptionKey key;
  OptionScope scope = OptionScope::kColumnFamily;
  std::string before;
  std::string after;
  std::string reason;
  std::vector<int> steps;  // that brought it there; their effects joined
  Effect effect;
  std::vector<std::string> together_with;  // what else these changed
  // What its taking back measured: negative is what it carries.
  bool measured_alone = false;
  Effect without_it;
  bool online = false;  // a running database can take it
};

struct TuneResult {
  const TuneState& state;
  const HostFacts& host;
  std::vector<FinalChange> changes;
};

// `online`: names of options that can change in an open database.
TuneResult ResultOf(const TuneState& state, const OfflineOptions& options,
                    const std::set<std::string>& online);

// What a running service may take of it, found out by opening an empty
// database in `scratch_dir`, which must not be there and is removed.
absl::StatusOr<std::set<std::string>> OnlineOptions(
    const std::string& scratch_dir);

boost::json::object ResultJson(const TuneResult& result);
// What was measured of it, in a few words.
std::string MeasuredText(const FinalChange& change);
std::string DiffMarkdown(const TuneResult& result);
// Lines of C++, one call for each scope.
std::string SetOptionsText(const TuneResult& result);
// The body of POST /v1/propose, for `rocktune apply`.
boost::json::object OnlineJson(const TuneResult& result);

// The page for people.
TuneReport ReportOf(const TuneResult& result);

// All files of a finished run; OPTIONS is loaded again before it is in place.
// ResourceExhausted: the disk is full.
absl::Status WriteResults(const TuneState& state, const OfflineOptions& options,
                          const std::string& dir);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_TUNE_RESULTS_H_
