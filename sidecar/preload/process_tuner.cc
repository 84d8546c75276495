#include "sidecar/preload/process_tuner.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <utility>

#include "sidecar/preload/passive_line.h"

namespace rocktune {
namespace {

// How long the end of a database waits for the values before an open trial to
// be back, and for each call of ours that is inside it. A guess.
constexpr std::chrono::seconds kEndWait{3};
// The same when the process ends, where nobody needs the database any more.
constexpr std::chrono::seconds kExitWait{1};

// Databases of one process whose paths end alike.
constexpr int kMaxNamesakes = 64;

// By its name, since a host that was linked with rocktune has another copy of
// the type.
bool InstrumentedByHost(const rocksdb::DBOptions& options) {
  return std::any_of(options.listeners.begin(), options.listeners.end(),
                     [](const auto& listener) {
                       return std::strcmp(listener->Name(),
                                          "rocktune.TuningListener") == 0;
                     });
}

std::string LastPart(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

ProcessTuner& ProcessTuner::Get() {
  static auto* const tuner = new ProcessTuner;
  return *tuner;
}

std::string ProcessTuner::Configure() {
  owner_ = getpid();
  rocksdb::Status status = LoadConfigFromEnvironment(&config_);
  if (status.ok()) status = CheckConfig(config_);
  return status.ok() ? "" : status.ToString();
}

bool ProcessTuner::Instrument(rocksdb::DBOptions* options) {
  try {
    return !InstrumentedByHost(*options) && rocktune::Instrument(options).ok();
  } catch (const std::exception&) {
    return false;
  }
}

bool ProcessTuner::Forked() const { return getpid() != owner_; }

bool ProcessTuner::StartLocked() {
  if (tuner_ != nullptr) return true;
  std::unique_ptr<Tuner> tuner;
  const rocksdb::Status status = Tuner::Open(config_, &tuner);
  if (!status.ok()) {
    SayPassive(status.ToString().c_str());
    return false;
  }
  tuner_ = std::move(tuner);
  // Runs before the static objects that RocksDB and the host made until now
  // go, so no thread of ours meets a dead one.
  std::atexit([] { Get().AtExit(); });
  return true;
}

rocksdb::Status ProcessTuner::AttachLocked(
    rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
  AttachOptions options;
  const std::string name = LastPart(db->GetName());
  rocksdb::Status status;
  for (int namesake = 1; namesake <= kMaxNamesakes; ++namesake) {
    options.name = namesake == 1 ? name : name + "-" + std::to_string(namesake);
    status = tuner_->Attach(db, handles, options);
    if (!status.IsInvalidArgument()) break;  // otherwise the name is in use
  }
  return status;
}

void ProcessTuner::Opened(
    rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
  if (Forked()) return;
  try {
    std::lock_guard<std::mutex> lock(mutex_);
    if (exiting_ || !StartLocked()) return;
    // The root, whose end is what we see: a wrapper is half gone by then.
    rocksdb::DB* const root = db->GetRootDB();
    if (databases_.count(root) > 0) return;
    const rocksdb::Status status = AttachLocked(root, handles);
    if (status.ok()) {
      databases_.insert(root);
    } else {
      SayPassive((db->GetName() + ": " + status.ToString()).c_str());
    }
  } catch (const std::exception& error) {
    SayPassive(error.what());
  }
}

void ProcessTuner::Created(rocksdb::DB* db,
                           rocksdb::ColumnFamilyHandle* handle) {
  if (Forked()) return;
  try {
    std::lock_guard<std::mutex> lock(mutex_);
    if (exiting_ || databases_.count(db) == 0) return;
    // An error means that events will show the family later, or never.
    (void)tuner_->AddColumnFamily(db, handle);
  } catch (const std::exception&) {  // as above
  }
}

void ProcessTuner::Ending(rocksdb::DB* db) {
  if (Forked()) return;
  try {
    std::shared_ptr<Tuner> tuner;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      // At exit the listener alone keeps us out of a database that goes.
      if (databases_.erase(db) == 0 || exiting_) return;
      tuner = tuner_;
    }
    DetachOptions options;
    options.limit = kEndWait;
    // Without a limit of its own: a call of ours that is still inside waits
    // for a write stop, as every writer of the host does, and a database must
    // not be destroyed under it.
    while (tuner->Detach(db, options).IsTimedOut()) {
    }
  } catch (const std::exception&) {  // the listener keeps us out
  }
}

void ProcessTuner::AtExit() {
  if (Forked()) return;
  try {
    std::set<rocksdb::DB*> left;
    std::shared_ptr<Tuner> tuner;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      exiting_ = true;
      left = databases_;
      tuner = std::move(tuner_);
    }
    DetachOptions options;
    options.limit = kExitWait;
    bool all = true;
    for (rocksdb::DB* db : left) {
      all &= !tuner->Detach(db, options).IsTimedOut();
    }
    // A thread that is inside RocksDB cannot be waited for.
    if (!all) new std::shared_ptr<Tuner>(std::move(tuner));
  } catch (const std::exception&) {  // the process ends anyhow
  }
}

}  // namespace rocktune
