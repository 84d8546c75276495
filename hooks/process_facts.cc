#include "hooks/process_facts.h"

#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "hooks/system_file.h"

namespace rocktune {
namespace {

uint64_t Micros(const timeval& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1000000 +
         static_cast<uint64_t>(time.tv_usec);
}

uint64_t Grown(uint64_t before, uint64_t after) {
  return after > before ? after - before : 0;
}

}  // namespace

ProcessCounters ReadProcessCounters() {
  ProcessCounters counters;
  // Microseconds here; /proc/self/stat has ticks of 10 ms.
  rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    counters.cpu_us = Micros(usage.ru_utime) + Micros(usage.ru_stime);
  }
  const long page = sysconf(_SC_PAGESIZE);
  counters.resident_bytes =
      ParseResidentBytes(ReadSystemFile("/proc/self/statm").value_or(""),
                         page > 0 ? static_cast<uint64_t>(page) : 4096);
  ParseProcessIo(ReadSystemFile("/proc/self/io").value_or(""), &counters);
  return counters;
}

ProcessFacts Between(const ProcessCounters& before,
                     const ProcessCounters& after) {
  ProcessFacts facts;
  facts.cpu_us = Grown(before.cpu_us, after.cpu_us);
  facts.resident_bytes = after.resident_bytes;
  facts.read_bytes = Grown(before.read_bytes, after.read_bytes);
  facts.write_bytes = Grown(before.write_bytes, after.write_bytes);
  return facts;
}

uint64_t ParseResidentBytes(absl::string_view statm, uint64_t page_bytes) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(statm, ' ', absl::SkipEmpty());
  uint64_t pages = 0;
  if (words.size() < 2 || !absl::SimpleAtoi(words[1], &pages)) return 0;
  return pages * page_bytes;
}

void ParseProcessIo(absl::string_view io, ProcessCounters* counters) {
  for (absl::string_view line : absl::StrSplit(io, '\n')) {
    const std::vector<absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    uint64_t bytes = 0;
    if (parts.size() != 2 ||
        !absl::SimpleAtoi(absl::StripAsciiWhitespace(parts[1]), &bytes)) {
      continue;
    }
    if (parts[0] == "read_bytes") counters->read_bytes = bytes;
    if (parts[0] == "write_bytes") counters->write_bytes = bytes;
  }
}

}  // namespace rocktune
