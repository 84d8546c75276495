#include "tests/simulation/load.h"

#include <algorithm>

namespace rocktune::simulation {

Load DrawLoad(Random* random) {
  Load load;
  load.write = random->Uniform(0.05, 0.4);
  load.seek = random->Chance(0.3) ? random->Uniform(0.05, 0.2) : 0;
  load.get = 1 - load.write - load.seek;
  load.found = random->Uniform(0.5, 1);
  load.scan_entries = random->LogUniform(10, 200);
  load.value_bytes = random->LogUniform(100, 1000);
  load.data_bytes = random->LogUniform(1e9, 8e9);
  load.skew = random->Uniform(0.5, 0.95);
  load.threads = static_cast<double>(2 + random->Below(11));
  return load;
}

const char* ToString(Shift shift) {
  switch (shift) {
    case Shift::kMix:
      return "mix";
    case Shift::kRate:
      return "rate";
    case Shift::kValueBytes:
      return "value_bytes";
    case Shift::kSkew:
      return "skew";
  }
  return "?";
}

Load Shifted(Load load, Shift shift, Random* random) {
  const bool up = random->Chance(0.5);
  switch (shift) {
    case Shift::kMix: {
      // Small shares can only double visibly; large ones also halve.
      const double write = up || load.write < 0.1
                               ? std::min(0.9, 2 * load.write + 0.05)
                               : load.write / 2;
      const double rest = (1 - write) / std::max(1e-9, 1 - load.write);
      load.write = write;
      load.get *= rest;
      load.seek *= rest;
      break;
    }
    case Shift::kRate:
      load.arrivals_per_s *= up ? 2 : 0.5;
      load.threads *= up ? 2 : 0.5;
      break;
    case Shift::kValueBytes:
      load.value_bytes *=
          up ? random->Uniform(2, 4) : random->Uniform(0.25, 0.5);
      break;
    case Shift::kSkew:
      load.skew = up ? std::min(0.97, load.skew + random->Uniform(0.1, 0.3))
                     : std::max(0.2, load.skew - random->Uniform(0.1, 0.3));
      break;
  }
  return load;
}

}  // namespace rocktune::simulation
