// What must be in the options before DB::Open: a Statistics and a listener of
// ours. RocksDB takes neither afterwards.
#ifndef ROCKTUNE_HOOKS_INSTRUMENTATION_H_
#define ROCKTUNE_HOOKS_INSTRUMENTATION_H_

#include <cstdint>
#include <memory>

#include "rocksdb/db.h"
#include "rocksdb/options.h"

namespace rocktune {

class TuningStatistics;  // hooks/tuning_statistics.h
class TuningListener;    // hooks/tuning_listener.h

struct InstrumentOptions {
  uint32_t sample_one_in = 32;    // timed calls: at least one in N per thread
  uint32_t ring_capacity = 4096;  // events between two samples
};

// The pair, shared by RocksDB and us; immutable.
struct Instrumentation {
  std::shared_ptr<TuningStatistics> statistics;
  std::shared_ptr<TuningListener> listener;
};

// Adds our listener to `options` and puts our Statistics in front of the one
// that is there (which keeps receiving everything). Call once per DB::Open.
// Options that are instrumented already are left alone: what is in them is
// returned.
Instrumentation InstrumentOptionsOf(rocksdb::DBOptions* options,
                                    const InstrumentOptions& how);

// The instrumentation `db` was opened with, found through its listeners; both
// pointers are null when there is none.
Instrumentation FindInstrumentation(rocksdb::DB* db);
Instrumentation FindInstrumentation(const rocksdb::DBOptions& options);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_INSTRUMENTATION_H_
