// The operations of one client in one phase, in order.
#ifndef ROCKTUNE_BENCH_WORKLOAD_OPERATION_STREAM_H_
#define ROCKTUNE_BENCH_WORKLOAD_OPERATION_STREAM_H_

#include <cstdint>
#include <random>
#include <string_view>

#include "bench/workload/key_choice.h"
#include "bench/workload/key_space.h"
#include "bench/workload/value_source.h"
#include "bench/workload/workload.h"

namespace rocktune {

struct PlannedOperation {
  Operation operation = Operation::kRead;
  uint64_t key = 0;        // its number
  int scan_length = 0;     // scans
  std::string_view value;  // what writes
};

// Decides and does nothing. Not thread-safe.
class OperationStream {
 public:
  struct Spec {
    const ClientGroup* group = nullptr;
    int thread = 0;  // of the group
    uint64_t seed = 0;
    LiveKeys live;  // at the beginning
  };
  // All must outlive it.
  OperationStream(const Spec& spec, const KeySpace& space,
                  const KeyDistributions& distributions,
                  const ValueSource& values);

  PlannedOperation Next();
  // Inserts planned by this client's lane so far.
  uint64_t inserted() const { return live_.inserted; }

 private:
  Operation Draw();

  const ClientGroup& group_;
  const KeySpace& space_;
  const ValueSource& values_;
  KeyChooser chooser_;
  LiveKeys live_;
  std::mt19937_64 random_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_OPERATION_STREAM_H_
