// Column families named in events: how families that were created after
// attach are noticed.
#ifndef ROCKTUNE_HOOKS_FAMILIES_SEEN_H_
#define ROCKTUNE_HOOKS_FAMILIES_SEEN_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace rocktune {

struct SeenFamily {
  const void* db = nullptr;  // the rocksdb::DB* of the event
  uint32_t id = 0;
  std::string name;  // cut after kMaxName bytes
};

// Lock-free and without allocation but for List(); any number of threads. When
// the table is full further families are not noticed.
class FamiliesSeenTable {
 public:
  static constexpr int kCapacity = 128;
  static constexpr size_t kMaxName = 63;

  void Note(const void* db, uint32_t id, const std::string& name);
  std::vector<SeenFamily> List() const;
  int databases() const;  // distinct `db`, at most 2 are told apart

 private:
  enum State : uint8_t { kFree, kClaimed, kReady };
  struct Row {
    std::atomic<uint8_t> state{kFree};
    const void* db = nullptr;
    uint32_t id = 0;
    uint8_t length = 0;
    char name[kMaxName + 1] = {};
  };
  std::array<Row, kCapacity> rows_;
  std::atomic<const void*> first_db_{nullptr};
  std::atomic<bool> second_db_{false};
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_FAMILIES_SEEN_H_
