// What this process has used so far. All of it, not only the database: the
// limits that bind us bind the process.
#ifndef ROCKTUNE_HOOKS_PROCESS_FACTS_H_
#define ROCKTUNE_HOOKS_PROCESS_FACTS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "policy/window.h"

namespace rocktune {

// Since the process began; resident_bytes is of now.
struct ProcessCounters {
  uint64_t cpu_us = 0;
  uint64_t resident_bytes = 0;
  uint64_t read_bytes = 0;
  uint64_t write_bytes = 0;
};

// Reads /proc/self and getrusage. What cannot be read is 0 (a container may
// hide /proc/self/io).
ProcessCounters ReadProcessCounters();

// What was used between two readings; a counter that fell counts as 0.
ProcessFacts Between(const ProcessCounters& before,
                     const ProcessCounters& after);

// Resident bytes of /proc/self/statm; 0 when the text has no such number.
uint64_t ParseResidentBytes(absl::string_view statm, uint64_t page_bytes);

// Fills read_bytes and write_bytes from /proc/self/io: bytes that went to the
// storage layer, not what a page cache answered.
void ParseProcessIo(absl::string_view io, ProcessCounters* counters);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_PROCESS_FACTS_H_
