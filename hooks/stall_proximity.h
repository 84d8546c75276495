// How near writes are to a stop, by the rules RocksDB itself stops them with.
#ifndef ROCKTUNE_HOOKS_STALL_PROXIMITY_H_
#define ROCKTUNE_HOOKS_STALL_PROXIMITY_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "hooks/family_set.h"
#include "rocksdb/db.h"

namespace rocktune {

// How near writes are to a stop, 0 (far) .. 1 (stopped), and what is nearest.
struct StallProximity {
  double nearness = 0;
  std::string cause;  // "memtables", "l0_files", "pending_bytes"
  bool delayed = false;
  bool stopped = false;
};

// What RocksDB looks at in one column family (GetWriteStallConditionAndCause
// in db/column_family.cc, the same rules from 7.8 on).
struct StallPressure {
  int64_t immutable_memtables = 0;
  int64_t max_write_buffers = 0;
  double active_memtable_fill = 0;  // of write_buffer_size, 0 .. 1
  int64_t l0_files = 0;             // universal: sorted runs
  int64_t l0_stop_trigger = 0;
  uint64_t pending_bytes = 0;
  uint64_t hard_pending_bytes_limit = 0;  // 0: no limit
  // Then L0 files and pending bytes neither delay nor stop writes.
  bool auto_compactions_off = false;
};

// The nearest of one family; delayed and stopped are left alone.
StallProximity NearestStop(const StallPressure& pressure);

// The nearest of all families, and what the write controller says now.
StallProximity ReadProximity(rocksdb::DB* db, const FamilySet& families);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_STALL_PROXIMITY_H_
