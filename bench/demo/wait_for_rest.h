// The end of what loading leaves behind.
#ifndef ROCKTUNE_BENCH_DEMO_WAIT_FOR_REST_H_
#define ROCKTUNE_BENCH_DEMO_WAIT_FOR_REST_H_

#include <atomic>

#include "rocksdb/db.h"

namespace rocktune {

// Returns when no flush and no compaction runs or is due, so that every run
// starts from the same resting tree. Aborted once *stop is true (`stop` may be
// null), TimedOut after half an hour, IOError when a job failed.
rocksdb::Status WaitForRest(rocksdb::DB* db, const std::atomic<bool>* stop);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_WAIT_FOR_REST_H_
