// Runs a program to its end, within limits.
#ifndef ROCKTUNE_BENCH_CELL_CHILD_PROCESS_H_
#define ROCKTUNE_BENCH_CELL_CHILD_PROCESS_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rocktune {

struct ChildPlan {
  std::vector<std::string> command;  // a path or a name, then arguments
  std::string work_dir;              // where it runs; empty: here
  std::string output;  // file for its stdout and stderr; empty: discarded
  absl::Duration limit = absl::InfiniteDuration();
  const std::atomic<bool>* stop = nullptr;  // may be null
  // Called a few times a second; false ends the child (then `stopped_early`).
  std::function<bool()> tick;
};

struct ChildEnd {
  int exit_code = 0;  // 128 + signal when a signal ended it
  std::string how;    // "exit 3", "signal 6 (Aborted)"
  bool stopped_early = false;
  double user_s = 0, system_s = 0;  // CPU time
};

// The child leads a process group of its own, which is ended as a whole, and
// it does not outlive this process. Unavailable when it cannot be started
// (also 127), Cancelled once *stop is true, DeadlineExceeded at the limit; the
// group has ended in each case.
absl::StatusOr<ChildEnd> RunToEnd(const ChildPlan& plan);

// The last `bytes` of a file, for messages; empty without one.
std::string TailOf(const std::string& path, size_t bytes);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CELL_CHILD_PROCESS_H_
