#include "policy/process_state.h"

namespace rocktune {

bool ProcessState::AcquireTrial(const std::string& database) {
  if (holder_.empty()) holder_ = database;
  return holder_ == database;
}

void ProcessState::ReleaseTrial(const std::string& database) {
  if (holder_ == database) holder_.clear();
}

void ProcessState::SetCommitted(const std::string& database, uint64_t bytes) {
  committed_bytes_[database] = bytes;
}

void ProcessState::Remove(const std::string& database) {
  ReleaseTrial(database);
  committed_bytes_.erase(database);
}

uint64_t ProcessState::CommittedByOthers(const std::string& database) const {
  uint64_t sum = 0;
  for (const auto& [name, bytes] : committed_bytes_) {
    if (name != database) sum += bytes;
  }
  return sum;
}

}  // namespace rocktune
