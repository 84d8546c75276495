// Where our lines go: the configured log, or that of an attached database.
#ifndef ROCKTUNE_SIDECAR_HOST_LOG_H_
#define ROCKTUNE_SIDECAR_HOST_LOG_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"

namespace rocktune {

// Thread-safe. A database closes its log when it goes, and a line that comes
// later crashes in RocksDB: so each is written to a database that is attached.
class HostLog {
 public:
  // Null: the logs of the databases.
  explicit HostLog(std::shared_ptr<rocksdb::Logger> configured)
      : configured_(std::move(configured)) {}

  void Add(rocksdb::DB* db);
  // Returns when no line is on its way to the log of `db`. Again is fine.
  void Remove(rocksdb::DB* db);

  // To the database that was added first; nowhere when there is none. May
  // block as a write to a file does.
  void Write(const std::string& line);

 private:
  const std::shared_ptr<rocksdb::Logger> configured_;
  absl::Mutex mutex_;  // held while a line is written
  std::vector<std::pair<rocksdb::DB*, std::shared_ptr<rocksdb::Logger>>> logs_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_HOST_LOG_H_
