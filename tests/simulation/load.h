// What the host asks of the simulated store.
#ifndef ROCKTUNE_TESTS_SIMULATION_LOAD_H_
#define ROCKTUNE_TESTS_SIMULATION_LOAD_H_

#include "tests/simulation/random.h"

namespace rocktune::simulation {

// One kind of load. Shares add up to 1.
struct Load {
  double get = 0.9;
  double seek = 0;
  double write = 0.1;
  double found = 0.95;       // of the gets
  double scan_entries = 50;  // per seek
  double key_bytes = 20;
  double value_bytes = 400;
  double data_bytes = 4e9;  // all keys and values, uncompressed
  // Zipf exponent of the block popularity, 0 .. 0.98.
  double skew = 0.8;
  // Threads that each wait for their operation (closed loop); 0: open loop
  // at `arrivals_per_s`.
  double threads = 8;
  double arrivals_per_s = 0;
};

// Of the WAL and the memtable.
inline double BytesPerWrite(const Load& load) {
  return load.key_bytes + load.value_bytes + 12;
}

// A load that a small database could have, drawn at random.
Load DrawLoad(Random* random);

// How a load may move at once in the middle of a trial.
enum class Shift { kMix, kRate, kValueBytes, kSkew };
inline constexpr int kShifts = 4;
const char* ToString(Shift shift);
// `load` after a shift: the write or seek share twice or half as large, twice
// or half the rate (open loop), values 2 to 4 times as large or small, a hot
// set that is wider or narrower.
Load Shifted(Load load, Shift shift, Random* random);

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_LOAD_H_
