#include "hooks/event_ring.h"

#include <algorithm>
#include <bit>

namespace rocktune {
namespace {

// A guess at what nobody needs more of: 100 MB of events would be absurd.
constexpr uint32_t kMaxCapacity = 1u << 16;

}  // namespace

// Every cell carries a turn. A cell at index i is free for the producer at
// position p (p % size == i) when its turn is p, and full for the consumer at
// p when its turn is p + 1; the consumer hands it to the next lap.
EventRing::EventRing(uint32_t capacity)
    : mask_(std::bit_ceil(std::clamp(capacity, 2u, kMaxCapacity)) - 1),
      cells_(std::make_unique<Cell[]>(size_t{mask_} + 1)) {
  for (uint32_t i = 0; i <= mask_; ++i) {
    cells_[i].turn.store(i, std::memory_order_relaxed);
  }
}

bool EventRing::Push(const Event& event) {
  uint64_t position = head_.load(std::memory_order_relaxed);
  for (;;) {
    Cell& cell = cells_[position & mask_];
    uint64_t turn = cell.turn.load(std::memory_order_acquire);
    if (turn == position) {
      if (head_.compare_exchange_weak(position, position + 1,
                                      std::memory_order_relaxed)) {
        cell.event = event;
        cell.turn.store(position + 1, std::memory_order_release);
        return true;
      }
    } else if (turn < position) {
      // Still holds what was pushed one lap ago.
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return false;
    } else {
      position = head_.load(std::memory_order_relaxed);
    }
  }
}

bool EventRing::Pop(Event* event) {
  Cell& cell = cells_[tail_ & mask_];
  if (cell.turn.load(std::memory_order_acquire) != tail_ + 1) return false;
  *event = cell.event;
  cell.turn.store(tail_ + mask_ + 1, std::memory_order_release);
  ++tail_;
  return true;
}

uint64_t EventRing::TakeDropped() {
  return dropped_.exchange(0, std::memory_order_relaxed);
}

}  // namespace rocktune
