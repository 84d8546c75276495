// Opens a new database with some options and lives a short life in it. What
// RocksDB asserts on ends the process: run it in a child (open_check.h).
#ifndef ROCKTUNE_BENCH_OPEN_CHECK_TRY_OPTIONS_H_
#define ROCKTUNE_BENCH_OPEN_CHECK_TRY_OPTIONS_H_

#include <string>

#include "absl/status/status.h"
#include "hooks/option_set.h"

namespace rocktune {

// In `folder`, which must not be there yet: opens, writes each family, flushes,
// overwrites, compacts, opens again and reads every key. Objects that are
// missing (OptionSet) have RocksDB's default in their place.
// kInvalidArgument: RocksDB refuses the options. Anything else: it opened and
// failed later; the message says in what.
absl::Status TryOptions(const OptionSet& options, const std::string& folder);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OPEN_CHECK_TRY_OPTIONS_H_
