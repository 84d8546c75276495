#include "policy/process_state.h"

#include "absl/algorithm/container.h"

namespace rocktune {

bool ProcessState::AcquireTrial(const std::string& database) {
  if (holder_.empty()) holder_ = database;
  return holder_ == database;
}

void ProcessState::ReleaseTrial(const std::string& database) {
  if (holder_ == database) holder_.clear();
}

void ProcessState::SetLive(const std::string& database,
                           const std::string& option,
                           const std::string& value) {
  live_settings_.push_back({database, option, value});
  if (live_settings_.size() > kMaxLiveSettings) live_settings_.pop_front();
}

bool ProcessState::SetByAnother(const std::string& database,
                                const std::string& option,
                                const std::string& value) const {
  return absl::c_any_of(live_settings_, [&](const LiveSetting& setting) {
    return setting.database != database && setting.option == option &&
           setting.value == value;
  });
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
