// rocktune tunes a live RocksDB: it watches the traffic, tries changes as
// measured trials and keeps only what is proven to help.
//
//   rocksdb::Options options;
//   rocktune::Instrument(&options);                  // before DB::Open
//   rocksdb::DB::Open(options, path, &db);
//   std::unique_ptr<rocktune::Tuner> tuner;
//   rocktune::Tuner::Open(rocktune::Config(), &tuner);
//   tuner->Attach(db, {db->DefaultColumnFamily()});
//   ...
//   tuner->Detach(db);                               // before deleting db
//
// Nothing here prints, aborts, throws or installs a signal handler.
#ifndef ROCKTUNE_ROCKTUNE_H_
#define ROCKTUNE_ROCKTUNE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/status.h"
#include "rocktune/config.h"

namespace rocktune {

// Prepares `options` for DB::Open: adds a listener and puts a Statistics in
// front of the one that is there, which keeps receiving everything exactly.
// One call in `sample_one_in` of each thread is timed, and more, up to all, of
// a load of fewer than 2000 x `sample_one_in` calls a second. Call once for
// each DB::Open, after all other changes of `options`; a second call on the
// same options changes nothing. A database opened without it can be attached
// too, with less to see. InvalidArgument: null options, or sample_one_in of 0.
ROCKTUNE_EXPORT rocksdb::Status Instrument(rocksdb::DBOptions* options,
                                           uint32_t sample_one_in = 32);

struct AttachOptions {
  // What operators call the database; empty: the last part of its path.
  std::string name;
};

struct DetachOptions {
  // Restore the values found at Attach. Otherwise the proven values stay in
  // force (an open trial is rolled back in any case).
  bool restore = false;
  // Longest wait for a call of ours that is inside RocksDB.
  std::chrono::milliseconds limit{10000};
};

// One per process; serves any number of databases. Thread-safe. At most three
// threads of its own.
class ROCKTUNE_EXPORT Tuner {
 public:
  // Starts the tuner. Config is checked (InvalidArgument). With Mode::kOff the
  // tuner does nothing and costs nothing. Trouble with history or admin socket
  // is not an error here: tuning freezes and Health() says why.
  static rocksdb::Status Open(const Config& config,
                              std::unique_ptr<Tuner>* tuner);

  // Detaches every database (without restoring) and stops.
  virtual ~Tuner() = default;

  // Begins to serve an open database. `handles`: the column families to tune.
  // Neither is owned; both must live until Detach, except that a handle of an
  // instrumented database may be destroyed at any time.
  // NotSupported: read-only or secondary instance. InvalidArgument: attached
  // already, or name in use.
  virtual rocksdb::Status Attach(
      rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles,
      const AttachOptions& options = {}) = 0;

  // A column family created after Attach.
  virtual rocksdb::Status AddColumnFamily(
      rocksdb::DB* db, rocksdb::ColumnFamilyHandle* handle) = 0;

  // Before the host destroys a handle of a database that was opened without
  // Instrument().
  virtual rocksdb::Status RemoveColumnFamily(
      rocksdb::DB* db, rocksdb::ColumnFamilyHandle* handle) = 0;

  // Ends our hold; call before deleting `db`. Rolls back an open trial.
  // TimedOut: a call of ours is still inside RocksDB after `limit`; do not
  // delete `db` yet, call again. NotFound: not attached.
  virtual rocksdb::Status Detach(rocksdb::DB* db,
                                 const DetachOptions& options = {}) = 0;

  // The admin socket's path; empty when there is none.
  virtual std::string AdminSocket() const = 0;

  // One line: "ok", or what is wrong and what to do about it.
  virtual std::string Health() const = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_ROCKTUNE_H_
