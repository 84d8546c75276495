#include "bench/scale/process_cost.h"

#include <malloc.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace rocktune::bench {
namespace {

// The first number of schedstat: nanoseconds on a CPU.
double OnCpuMs(const std::filesystem::path& task) {
  uint64_t on_cpu_ns = 0;
  std::ifstream(task / "schedstat") >> on_cpu_ns;
  return static_cast<double>(on_cpu_ns) / 1e6;
}

}  // namespace

TunerCpu ReadTunerCpu() {
  constexpr struct {
    const char* thread;
    double TunerCpu::*ms;
  } kRows[] = {{"rocktune-loop", &TunerCpu::loop_ms},
               {"rocktune-work", &TunerCpu::worker_ms},
               {"rocktune-apply", &TunerCpu::applier_ms}};
  TunerCpu cpu;
  std::error_code error;  // a thread that ends meanwhile
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/self/task", error)) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    for (const auto& row : kRows) {
      if (name == row.thread) cpu.*row.ms += OnCpuMs(task.path());
    }
  }
  return cpu;
}

TunerCpu PerSecond(const CpuSpan& span) {
  return {(span.later.loop_ms - span.earlier.loop_ms) / span.seconds,
          (span.later.worker_ms - span.earlier.worker_ms) / span.seconds,
          (span.later.applier_ms - span.earlier.applier_ms) / span.seconds};
}

uint64_t HeapBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace rocktune::bench
