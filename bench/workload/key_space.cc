#include "bench/workload/key_space.h"

#include <algorithm>
#include <cstring>

namespace rocktune {
namespace {

constexpr size_t kInsert = static_cast<size_t>(Operation::kInsert);

int LanesOf(const Phase& phase) {
  int lanes = 0;
  for (const ClientGroup& group : phase.clients) {
    if (group.mix[kInsert] > 0) lanes += group.threads;
  }
  return lanes;
}

// Big endian, so that bytes sort as numbers do.
void WriteNumber(uint64_t number, char* to) {
  for (int i = 7; i >= 0; --i, number >>= 8) to[i] = static_cast<char>(number);
}

}  // namespace

KeySpace::KeySpace(const Workload& workload)
    : spread_(std::max<uint64_t>(workload.data.keys, 1)),
      key_bytes_(std::max(workload.data.key_bytes, kMinKeyBytes)) {
  for (const Phase& phase : workload.phases) {
    lanes_ = std::max(lanes_, LanesOf(phase));
  }
  initial_ = workload.starts_empty && lanes_ > 0 ? 0 : workload.data.keys;
}

int KeySpace::LaneOf(const Phase& phase, int client) {
  int lane = 0;
  for (const ClientGroup& group : phase.clients) {
    const bool inserts = group.mix[kInsert] > 0;
    if (client < group.threads) return inserts ? lane + client : kNoLane;
    client -= group.threads;
    if (inserts) lane += group.threads;
  }
  return kNoLane;
}

void KeySpace::Write(uint64_t number, char* key) const {
  const bool inserted = number >= initial_;
  WriteNumber(inserted ? MixBits(number + 1) % spread_ : number, key);
  WriteNumber(inserted ? number - initial_ + 1 : 0, key + 8);
  std::memset(key + 16, '0', key_bytes_ - 16);
}

}  // namespace rocktune
