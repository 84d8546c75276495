#include "sidecar/host_log.h"

#include <algorithm>

namespace rocktune {

void HostLog::Add(rocksdb::DB* db) {
  std::shared_ptr<rocksdb::Logger> log = db->GetDBOptions().info_log;
  absl::MutexLock lock(&mutex_);
  logs_.emplace_back(db, std::move(log));
}

void HostLog::Remove(rocksdb::DB* db) {
  absl::MutexLock lock(&mutex_);
  logs_.erase(std::remove_if(logs_.begin(), logs_.end(),
                             [db](const auto& log) { return log.first == db; }),
              logs_.end());
}

void HostLog::Write(const std::string& line) {
  absl::MutexLock lock(&mutex_);
  const auto& log =
      configured_ || logs_.empty() ? configured_ : logs_.front().second;
  if (log) rocksdb::Info(log, "[rocktune] %s", line.c_str());
}

}  // namespace rocktune
