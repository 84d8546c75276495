// The one Tuner of a process that has rocktune preloaded, and the databases
// that it serves there.
#ifndef ROCKTUNE_SIDECAR_PRELOAD_PROCESS_TUNER_H_
#define ROCKTUNE_SIDECAR_PRELOAD_PROCESS_TUNER_H_

#include <sys/types.h>

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "rocktune/rocktune.h"

namespace rocktune {

// Thread-safe. No method throws, and none tells the host of an error: a
// database that cannot be tuned runs as it would without us.
class ProcessTuner {
 public:
  // Never destroyed: databases end while static objects go.
  static ProcessTuner& Get();

  // Reads the environment. Empty, or why nothing is to be done.
  std::string Configure();
  bool off() const { return config_.mode == Mode::kOff; }

  // Before an Open. False: leave `options` and the database alone, because the
  // host instruments it itself or because of an error; *options may be half
  // changed then.
  bool Instrument(rocksdb::DBOptions* options);

  // After an Open that succeeded. Starts the tuner with the first database.
  // Wrappers (TransactionDB) may be passed.
  void Opened(rocksdb::DB* db,
              const std::vector<rocksdb::ColumnFamilyHandle*>& handles);

  // A column family was created. `db` is no wrapper.
  void Created(rocksdb::DB* db, rocksdb::ColumnFamilyHandle* handle);

  // Before `db`, no wrapper, is closed or destroyed. Returns when nothing of
  // ours is inside it.
  void Ending(rocksdb::DB* db);

 private:
  ProcessTuner() = default;
  // A fork has a copy of us, but no thread of ours.
  bool Forked() const;
  bool StartLocked();
  rocksdb::Status AttachLocked(
      rocksdb::DB* db,
      const std::vector<rocksdb::ColumnFamilyHandle*>& handles);
  void AtExit();

  Config config_;    // constant after Configure()
  pid_t owner_ = 0;  // constant after Configure()

  // Held while a database is attached, never while one is detached.
  std::mutex mutex_;
  std::shared_ptr<Tuner> tuner_;      // made once, gone at exit
  std::set<rocksdb::DB*> databases_;  // no wrappers
  bool exiting_ = false;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_PRELOAD_PROCESS_TUNER_H_
