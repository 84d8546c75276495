// What rocktune-verdict-rates tries, and under which load each of it must
// matter or must not.
#ifndef ROCKTUNE_BENCH_VERDICT_PHASES_H_
#define ROCKTUNE_BENCH_VERDICT_PHASES_H_

#include <string>
#include <vector>

#include "bench/demo/load_generator.h"
#include "rocksdb/options.h"

namespace rocktune {

// `before`: what the phase begins with; needed for planted harm only.
struct Setting {
  const char* option;
  const char* value;
  const char* before = "";
};
// One proposal.
using Candidate = std::vector<Setting>;

// A database of its own, a load, and what is tried on it in turn.
struct VerdictPhase {
  std::string name;
  bool planted = false;  // every candidate does harm; else none can matter
  LoadSpec load;
  LoadMix mix;
  rocksdb::Options options;  // not yet instrumented
  std::vector<Candidate> candidates;
};

// The no-op candidates: nothing here scans, delays writes, has blobs, a
// memtable filter or updates in place.
VerdictPhase NoOpPhase();

// One phase for each planted regression.
std::vector<VerdictPhase> PlantedPhases();

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_VERDICT_PHASES_H_
