// What rocktune's own threads and memory cost this process.
#ifndef ROCKTUNE_BENCH_SCALE_PROCESS_COST_H_
#define ROCKTUNE_BENCH_SCALE_PROCESS_COST_H_

#include <cstdint>

namespace rocktune::bench {

// CPU time since their start of the tuner's threads that live now.
struct TunerCpu {
  double loop_ms = 0;     // "rocktune-loop": decisions, admin socket
  double worker_ms = 0;   // "rocktune-work": samples, history
  double applier_ms = 0;  // "rocktune-apply": option calls

  double Total() const { return loop_ms + worker_ms + applier_ms; }
};
TunerCpu ReadTunerCpu();

// `later` - `earlier`, by `seconds`: milliseconds in a second.
struct CpuSpan {
  TunerCpu earlier;
  TunerCpu later;
  double seconds = 0;
};
TunerCpu PerSecond(const CpuSpan& span);

// Bytes that are allocated from malloc, in all its arenas.
uint64_t HeapBytes();

}  // namespace rocktune::bench

#endif  // ROCKTUNE_BENCH_SCALE_PROCESS_COST_H_
