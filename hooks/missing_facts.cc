#include "hooks/missing_facts.h"

#include "hooks/tuning_listener.h"

namespace rocktune {

std::vector<std::string> WhatIsMissing(const Instrumentation& instrumentation,
                                       bool has_host_statistics) {
  std::vector<std::string> missing;
  if (instrumentation.listener != nullptr) {
    if (instrumentation.listener->SharedByDatabases()) {
      missing.push_back(
          "numbers of this database alone: several were opened with one copy "
          "of the instrumented options, and operations and events are their "
          "sum");
    }
    return missing;
  }
  missing.push_back(
      "flush, compaction and error events: the database was opened without "
      "Instrument()");
  missing.push_back(
      "the end of column family handles: call RemoveColumnFamily before "
      "deleting one");
  if (has_host_statistics) {
    missing.push_back(
        "exact percentiles: they come from the host's Statistics, whose "
        "buckets grow by half");
  } else {
    missing.push_back(
        "reads, cache hits and latencies: the database has no Statistics; "
        "only writes are counted");
  }
  return missing;
}

}  // namespace rocktune
