// Short bursts of RocksDB's block cache trace on an open database, one at a
// time, and of its query trace where the host opted in. Nothing is added to the
// host's path while none runs.
#ifndef ROCKTUNE_HOOKS_TRACE_BURSTS_H_
#define ROCKTUNE_HOOKS_TRACE_BURSTS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hooks/block_trace.h"
#include "hooks/family_set.h"
#include "hooks/query_trace.h"
#include "hooks/trace_fold.h"
#include "policy/trace_facts.h"
#include "rocksdb/db.h"
#include "rocksdb/statistics.h"

namespace rocktune {

struct BurstPlan {
  absl::Time begin;
  // How long it will be, about: the sample is chosen by it.
  absl::Duration length = absl::Seconds(2);
  // Block lookups of the database, per second, hits and misses; 0 = not
  // known: then as many as in the burst before.
  double lookups_per_s = 0;
  // Trace the writes too, which ends a query trace of the host's: only where
  // the host said so.
  bool writes = false;
  // Keys written per second, and bytes; 0 = not known, as above.
  double writes_per_s = 0;
  double written_bytes_per_s = 0;
};

// One block in N is traced, so that a burst gives about 60 000 records: more
// cost the host more and make the curve little better. One write batch in N
// likewise, where a KiB counts as a record: RocksDB copies it.
uint64_t OneIn(double records_per_s, absl::Duration length);

// Thread-safe. No call may come from a RocksDB callback but DatabaseGone(),
// none from the loop thread. The pointers must outlive *this, the database
// only until Close() or DatabaseGone().
class TraceBursts {
 public:
  TraceBursts(rocksdb::DB* db, const FamilySet* families);
  ~TraceBursts();

  // kUnavailable: the host has a block cache trace of its own, which is left
  // alone; try again later. kUnimplemented: this RocksDB or DB wrapper has
  // none. kFailedPrecondition: a burst is running, or *this is closed. Waits
  // for RocksDB's trace mutex, which is held for single records. Where the
  // trace of blocks cannot begin, that of writes does not either; where only
  // that of writes cannot, the burst goes on without it.
  absl::Status Start(const BurstPlan& plan);

  // Ends the burst and folds it: milliseconds. kFailedPrecondition: none is
  // running. kAborted: the host ended the trace of blocks before us. Where it
  // ended that of writes, the facts say nothing of writes.
  absl::StatusOr<TraceFacts> Finish(absl::Time now);

  // Ends a running burst; there will be no other.
  void Close();
  // The same, but RocksDB ends the trace itself, by deleting it.
  void DatabaseGone();

 private:
  struct Burst;
  void StartWrites(const BurstPlan& plan, Burst* burst);
  // Ends each trace if it is still ours. A host that ends our trace and starts
  // its own just between the two steps here would have its own ended: RocksDB
  // does not say whose trace it ends.
  void EndTraces(const Burst& burst);

  rocksdb::DB* const db_;
  const FamilySet* const families_;

  std::mutex mutex_;  // around Start and the end: both are short
  bool closed_ = false;
  double lookups_per_s_ = 0;  // of the last burst
  double writes_per_s_ = 0;   // of the last burst that traced them
  std::unique_ptr<Burst> burst_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_TRACE_BURSTS_H_
