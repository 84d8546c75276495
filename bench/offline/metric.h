// A number in what a benchmark prints.
#ifndef ROCKTUNE_BENCH_OFFLINE_METRIC_H_
#define ROCKTUNE_BENCH_OFFLINE_METRIC_H_

#include <memory>
#include <regex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rocktune {

// Immutable.
class Metric {
 public:
  // "/a/b": a JSON pointer into the last line of the output that is a JSON
  // object, or into the output when it is one as a whole. Anything else is a
  // regular expression (ECMAScript) with one group that holds the number; of
  // several places the last one counts. InvalidArgument: neither.
  static absl::StatusOr<Metric> Parse(const std::string& text);

  // NotFound: the output has no such number. Only finite numbers > 0 count.
  absl::StatusOr<double> Find(const std::string& output) const;

 private:
  Metric() = default;
  std::string text_;
  std::shared_ptr<const std::regex> form_;  // null: a JSON pointer
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_METRIC_H_
