// What the listener saw, waiting to be drained: a bounded queue with many
// producers (RocksDB's threads) and one consumer.
#ifndef ROCKTUNE_HOOKS_EVENT_RING_H_
#define ROCKTUNE_HOOKS_EVENT_RING_H_

#include <atomic>
#include <cstdint>
#include <memory>

namespace rocktune {

enum class EventKind : uint8_t {
  kFlush,
  kCompaction,
  kTableFile,
  kStall,
  kBackgroundError,
};

enum class StallNow : uint8_t { kNone, kDelayed, kStopped };

// A fixed-size fact. Fields that a kind does not name are 0.
struct Event {
  EventKind kind = EventKind::kFlush;
  int8_t input_level = 0;   // compaction: the smallest
  int8_t output_level = 0;  // compaction
  StallNow stall = StallNow::kNone;
  uint32_t column_family_id = 0;  // flush, compaction
  uint64_t read_bytes = 0;        // compaction
  uint64_t write_bytes = 0;       // flush, compaction, table file
  uint64_t cpu_us = 0;            // compaction
  uint64_t elapsed_us = 0;        // compaction
  uint64_t entries = 0;           // table file
  uint64_t deletions = 0;         // table file
  uint64_t key_bytes = 0;         // table file, before compression
  uint64_t value_bytes = 0;       // table file, before compression
};

// Push() is lock-free, allocates nothing and may be called by any number of
// threads; Pop() and TakeDropped() by one thread at a time.
class EventRing {
 public:
  // Rounded up to a power of two, at least 2 and at most 65536.
  explicit EventRing(uint32_t capacity);

  // False, and counted, when the ring is full: the newest event is lost.
  bool Push(const Event& event);
  // False when there is none.
  bool Pop(Event* event);

  uint64_t TakeDropped();  // events lost since the previous call
  uint32_t capacity() const { return mask_ + 1; }

 private:
  struct Cell {
    std::atomic<uint64_t> turn{0};
    Event event;
  };

  const uint32_t mask_;
  const std::unique_ptr<Cell[]> cells_;
  alignas(64) std::atomic<uint64_t> head_{0};  // next to push
  alignas(64) uint64_t tail_ = 0;              // next to pop, the consumer's
  std::atomic<uint64_t> dropped_{0};
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_EVENT_RING_H_
