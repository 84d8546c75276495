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
#include "policy/catalogue.h"
#include "policy/facts.h"
#include "policy/option.h"
#include "policy/window.h"
#include "rocksdb/db.h"

namespace rocktune {

// How near writes are to a stop, 0 (far) .. 1 (stopped), and what is nearest.
struct StallProximity {
  double nearness = 0;
  std::string cause;  // "memtables", "l0_files", "pending_bytes"
  bool delayed = false;
  bool stopped = false;
};

// Thread-safe unless said otherwise: calls that use a column family's handle
// hold that handle against the host deleting it (the host's deletion waits for
// one property read, or for one option call). No method may be called from a
// RocksDB callback or from the loop thread.
class AttachedDb {
 public:
  // Probes that `db` is a writable primary with an empty write without WAL
  // and attaches. `handles` are the column families to tune; the default
  // family is added when missing. Neither is owned; both must live until
  // Detach().
  // kFailedPrecondition: read-only or secondary instance.
  // kAlreadyExists: this db, or its instrumentation, is attached already.
  static absl::StatusOr<std::unique_ptr<AttachedDb>> Attach(
      rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles,
      std::string name);
  ~AttachedDb();

  // Ends our hold: afterwards no method touches the database. Waits for a call
  // that is inside RocksDB, at most `limit`; kDeadlineExceeded when it is
  // still there then (the host should not delete the database yet).
  absl::Status Detach(absl::Duration limit);

  absl::Status AddColumnFamily(rocksdb::ColumnFamilyHandle* handle);
  absl::Status RemoveColumnFamily(rocksdb::ColumnFamilyHandle* handle);

  const HostFacts& host() const;  // constant after Attach
  const RocksdbFeatures& features() const;
  const Catalogue& catalogue() const;
  DatabaseFacts facts() const;  // families come and go
  std::string path() const;

  // The values in force of every catalogue row, read from the database.
  absl::StatusOr<OptionValues> ReadValues() const;

  // What happened since the previous call (or Attach). One thread at a time.
  Window Sample(absl::Time now);

  StallProximity Proximity() const;

  // Sets all `values` (canonical text by option name) of one scope in one
  // call. kColumnFamily: `column_family` names the family. Blocks for as long
  // as RocksDB does. For the Applier only.
  absl::Status Set(OptionScope scope, const std::string& column_family,
                   const std::map<std::string, std::string>& values);

  // Flushes and compactions running now, to be asked about later. For the
  // Applier only.
  class Jobs;
  std::shared_ptr<const Jobs> JobsInFlight() const;
  bool AllEnded(const Jobs& jobs) const;

 private:
  struct Impl;
  explicit AttachedDb(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_ATTACHED_DB_H_
