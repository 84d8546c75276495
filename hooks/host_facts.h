// The machine we run on, as far as a database can feel it.
#ifndef ROCKTUNE_HOOKS_HOST_FACTS_H_
#define ROCKTUNE_HOOKS_HOST_FACTS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "policy/facts.h"

namespace rocktune {

// Reads /proc, /sys and the loaded library. Never fails: a fact that cannot be
// read stays empty. `db_path` need not exist (an in-memory Env).
HostFacts ReadHostFacts(const std::string& db_path);

// MemTotal of /proc/meminfo in bytes; 0 when it is not there.
uint64_t ParseMemTotal(absl::string_view meminfo);

// The word in brackets of a queue/scheduler file, "mq-deadline [none]"; the
// only word when there is one without brackets; else empty.
std::string ParseScheduler(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_HOST_FACTS_H_
