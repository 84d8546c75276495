// Windows as JSON, for advisors that reason about a run of another process.
#ifndef ROCKTUNE_BENCH_CELL_WINDOW_JSON_H_
#define ROCKTUNE_BENCH_CELL_WINDOW_JSON_H_

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "policy/window.h"

namespace rocktune {

boost::json::array ToJson(const std::vector<Window>& windows);
// InvalidArgument names the field; also when another version of rocktune
// wrote it, with other counters.
absl::StatusOr<std::vector<Window>> WindowsFromJson(
    const boost::json::value& json);

// A file that holds them. ResourceExhausted; NotFound, InvalidArgument.
absl::Status WriteWindowsFile(const std::string& path,
                              const std::vector<Window>& windows);
absl::StatusOr<std::vector<Window>> ReadWindowsFile(const std::string& path);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CELL_WINDOW_JSON_H_
