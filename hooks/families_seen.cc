#include "hooks/families_seen.h"

#include <algorithm>
#include <cstring>

namespace rocktune {

void FamiliesSeenTable::Note(const void* db, uint32_t id,
                             const std::string& name) {
  const void* first = nullptr;
  if (!first_db_.compare_exchange_strong(first, db) && first != db) {
    second_db_.store(true, std::memory_order_relaxed);
  }
  for (Row& row : rows_) {
    uint8_t state = row.state.load(std::memory_order_acquire);
    if (state == kReady) {
      if (row.db == db && row.id == id) return;
      continue;
    }
    // A row another thread is writing may be the same family: List() tells
    // such twins apart, waiting here would not be worth it.
    if (state != kFree || !row.state.compare_exchange_strong(state, kClaimed)) {
      continue;
    }
    row.db = db;
    row.id = id;
    row.length = static_cast<uint8_t>(std::min(name.size(), kMaxName));
    std::memcpy(row.name, name.data(), row.length);
    row.state.store(kReady, std::memory_order_release);
    return;
  }
}

std::vector<SeenFamily> FamiliesSeenTable::List() const {
  std::vector<SeenFamily> families;
  for (const Row& row : rows_) {
    if (row.state.load(std::memory_order_acquire) != kReady) continue;
    bool twin = std::any_of(families.begin(), families.end(),
                            [&row](const SeenFamily& family) {
                              return family.db == row.db && family.id == row.id;
                            });
    if (!twin) {
      families.push_back({row.db, row.id, std::string(row.name, row.length)});
    }
  }
  return families;
}

int FamiliesSeenTable::databases() const {
  if (first_db_.load(std::memory_order_relaxed) == nullptr) return 0;
  return second_db_.load(std::memory_order_relaxed) ? 2 : 1;
}

}  // namespace rocktune
