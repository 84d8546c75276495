// What a model that hangs costs the host: the same operations on two tuned
// databases, one of which waits for a model all the time.
#ifndef ROCKTUNE_BENCH_OVERHEAD_MODEL_H_
#define ROCKTUNE_BENCH_OVERHEAD_MODEL_H_

#include "absl/status/statusor.h"
#include "bench/hanging_provider.h"
#include "bench/overhead_pairs.h"

namespace rocktune::bench {

// What became of asking, over the admin socket and again and again.
struct AskCounts {
  int ended = 0;      // calls that were begun and failed
  int exchanges = 0;  // of these calls, retries included
  int refused = 0;    // by the circuit breaker
};

struct ModelPairsResult {
  Hang hang = Hang::kConnect;
  PairsResult pairs;  // with the model / without
  AskCounts asked;
  // Every pair begins with a call in flight. Of so many, the warming one
  // included, one was in flight at the end too, the same or the next.
  int in_flight_after = 0;
  // Of both tuners, because the breaker had opened and nothing was in flight.
  int restarts = 0;
};

// Both databases are observed by a tuner of their own with the same
// configuration, but for Config::llm. Unavailable: no call came to be in
// flight, or no admin socket.
absl::StatusOr<ModelPairsResult> RunModelPairs(const PairsPlan& plan,
                                               Hang hang);

}  // namespace rocktune::bench

#endif  // ROCKTUNE_BENCH_OVERHEAD_MODEL_H_
