// What the machines of one process share: the one trial that may be open, and
// the memory the databases commit together.
#ifndef ROCKTUNE_POLICY_PROCESS_STATE_H_
#define ROCKTUNE_POLICY_PROCESS_STATE_H_

#include <cstdint>
#include <deque>
#include <string>

#include "absl/container/btree_map.h"

namespace rocktune {

// Not thread-safe: the loop thread owns it.
class ProcessState {
 public:
  explicit ProcessState(uint64_t memory_budget_bytes)
      : memory_budget_bytes_(memory_budget_bytes) {}

  // At most one trial is open in a process: trials share CPU and disk and
  // would spoil each other. True when `database` holds the slot afterwards.
  bool AcquireTrial(const std::string& database);
  void ReleaseTrial(const std::string& database);
  const std::string& trial_holder() const { return holder_; }

  // Databases may share a cache, a rate limiter or a write buffer manager: a
  // machine says here what it sets such an object to, and whoever finds the
  // value changed asks whether another machine did it.
  void SetLive(const std::string& database, const std::string& option,
               const std::string& value);
  bool SetByAnother(const std::string& database, const std::string& option,
                    const std::string& value) const;

  void SetCommitted(const std::string& database, uint64_t bytes);
  void Remove(const std::string& database);
  uint64_t CommittedByOthers(const std::string& database) const;
  uint64_t memory_budget_bytes() const { return memory_budget_bytes_; }

 private:
  struct LiveSetting {
    std::string database;
    std::string option;
    std::string value;
  };
  // Others read their values within a few windows; a trial sets one at most
  // twice in that time.
  static constexpr size_t kMaxLiveSettings = 32;

  const uint64_t memory_budget_bytes_;
  std::string holder_;  // empty: the slot is free
  absl::btree_map<std::string, uint64_t> committed_bytes_;
  std::deque<LiveSetting> live_settings_;  // newest last
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_PROCESS_STATE_H_
