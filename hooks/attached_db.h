// Our hold on one open database: what it is, what it does, what its options
// are. Every RocksDB call of ours goes through here or through the Applier.
#ifndef ROCKTUNE_HOOKS_ATTACHED_DB_H_
#define ROCKTUNE_HOOKS_ATTACHED_DB_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hooks/instrumentation.h"
#include "hooks/stall_proximity.h"
#include "policy/catalogue.h"
#include "policy/facts.h"
#include "policy/option.h"
#include "policy/trace_facts.h"
#include "policy/window.h"
#include "rocksdb/db.h"

namespace rocktune {

class PendingJobs;  // hooks/pending_jobs.h

// Thread-safe unless said otherwise: calls that use a column family's handle
// hold that handle against the host deleting it (the host's deletion waits for
// one property read, or for one option call). No method may be called from a
// RocksDB callback or from the loop thread.
class AttachedDb {
 public:
  // Checks, without touching anything, that `db` is a writable primary and
  // attaches. `handles` are the column families to tune; the default
  // family is added when missing. Neither is owned; both must live until
  // Detach(). Of a wrapped database (TransactionDB) pass the wrapper.
  // kInvalidArgument: a null pointer.
  // kFailedPrecondition: read-only or secondary instance.
  // kAlreadyExists: this db, or its instrumentation, is attached already.
  static absl::StatusOr<std::unique_ptr<AttachedDb>> Attach(
      rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles,
      std::string name);
  ~AttachedDb();

  // Ends our hold: afterwards no method touches the database; those that
  // return a status return kFailedPrecondition, the others nothing new. Waits
  // for a call that is inside RocksDB, at most `limit`; kDeadlineExceeded when
  // it is still there then (the host should not delete the database yet, and
  // may ask again). Calling it twice is fine. A host with instrumentation that
  // deletes the database without Detach() is held up until our calls are out.
  absl::Status Detach(absl::Duration limit);

  // Adding: kAlreadyExists when the family is tuned through another handle.
  // Removing: call it before deleting a handle of a database that was opened
  // without Instrument(); with it the deletion is noticed. kNotFound: not
  // ours. The default family is always tuned, and neither changes that.
  absl::Status AddColumnFamily(rocksdb::ColumnFamilyHandle* handle);
  absl::Status RemoveColumnFamily(rocksdb::ColumnFamilyHandle* handle);

  const HostFacts& host() const;  // constant after Attach
  const RocksdbFeatures& features() const;
  const Catalogue& catalogue() const;
  DatabaseFacts facts() const;  // families come and go
  std::string path() const;

  // The values in force of every catalogue row, read from the database:
  // measured, 0.1 ms a family.
  absl::StatusOr<OptionValues> ReadValues() const;

  // What happened since the previous call (or Attach). One thread at a time.
  // The first window has length 0 (Attach reads no clock): its counts are
  // whole, its rates mean nothing. Families that were created or dropped are
  // noticed here, after at most 8 windows.
  Window Sample(absl::Time now);

  // Reads each family's options and four properties: measured, 2 us a
  // family.
  StallProximity Proximity() const;

  // Begins a burst of tracing that shall last `length`; FinishTrace() ends it
  // and says what it saw (milliseconds). Detach() ends a running burst. With
  // `writes` the burst takes the place of a query trace of the host's, without
  // a word: only for hosts that opted in.
  // kUnavailable: the host has a trace of its own, which is left alone.
  // kAborted (the end): the host ended ours. kFailedPrecondition: detached,
  // or one is running already (begin) or none (end).
  absl::Status StartTrace(absl::Time now, absl::Duration length,
                          bool writes = false);
  absl::StatusOr<TraceFacts> FinishTrace(absl::Time now);

  // Sets all `values` (canonical text by option name) of one scope in one
  // call. kColumnFamily: `column_family` names the family. Blocks for as long
  // as RocksDB does. For the Applier only.
  absl::Status Set(OptionScope scope, const std::string& column_family,
                   const std::map<std::string, std::string>& values);

  // Flushes and compactions running now, to be asked about later. Take it
  // after Set() has returned: a job that began during the call is in it too.
  // After Detach() all jobs have ended. For the Applier only.
  using Jobs = PendingJobs;
  std::shared_ptr<const Jobs> JobsInFlight() const;
  bool AllEnded(const Jobs& jobs) const;

 private:
  struct Impl;
  explicit AttachedDb(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_ATTACHED_DB_H_
