// Whether a database opens with some options, found out in a child process:
// RocksDB asserts on some values, and an assertion ends the process. Safe to
// call from a process with threads, because the child runs another program.
#ifndef ROCKTUNE_BENCH_OPEN_CHECK_OPEN_CHECK_H_
#define ROCKTUNE_BENCH_OPEN_CHECK_OPEN_CHECK_H_

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "hooks/option_set.h"

namespace rocktune {

struct OpenCheck {
  std::string program;  // the path of rocktune-try-options
  // An existing folder on the device the database is for: a file system may
  // have no direct I/O. What the check leaves in it, it removes.
  std::string scratch;
  absl::Duration deadline = absl::Minutes(1);
  const std::atomic<bool>* stop = nullptr;  // may be null
};

// See TryOptions() for what the child does.
// kInvalidArgument: it does not work; the message is RocksDB's, or its
// assertion. kDeadlineExceeded: it hung and was killed; take it as a refusal.
// kCancelled: *stop became true; the child was killed.
// kUnavailable: the child could not be started, or the file system failed.
absl::Status CheckThatItOpens(const OptionSet& options, const OpenCheck& check);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OPEN_CHECK_OPEN_CHECK_H_
