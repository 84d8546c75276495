// What RocksDB tells during one burst of tracing, in a buffer of fixed size.
#ifndef ROCKTUNE_HOOKS_TRACE_BUFFER_H_
#define ROCKTUNE_HOOKS_TRACE_BUFFER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "absl/types/span.h"

namespace rocktune {

// Thread-safe: RocksDB's threads add, one after the other; the rest is for the
// time after the trace, or for statistics. A Fact is numbers: it can hold no
// bytes of a key that would live elsewhere.
template <typename Fact>
class TraceBuffer {
 public:
  static_assert(std::is_trivially_copyable_v<Fact>);

  explicit TraceBuffer(size_t capacity) : facts_(capacity) {}

  // Drops and counts when the buffer is full. Under RocksDB's trace mutex.
  void Add(const Fact& fact) {
    const size_t size = size_.load(std::memory_order_relaxed);
    if (size == facts_.size()) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    facts_[size] = fact;
    size_.store(size + 1, std::memory_order_release);
  }
  // There was a record that nobody here can read.
  void AddUnknown() { unknown_.fetch_add(1, std::memory_order_relaxed); }

  // The writer is gone: RocksDB has ended the trace, whoever asked for it.
  void SetEnded() { ended_.store(true, std::memory_order_release); }
  bool ended() const { return ended_.load(std::memory_order_acquire); }

  absl::Span<const Fact> facts() const {
    return {facts_.data(), size_.load(std::memory_order_acquire)};
  }
  uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
  uint64_t unknown() const { return unknown_.load(std::memory_order_relaxed); }

 private:
  std::vector<Fact> facts_;
  std::atomic<size_t> size_{0};
  std::atomic<uint64_t> dropped_{0};
  std::atomic<uint64_t> unknown_{0};
  std::atomic<bool> ended_{false};
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_TRACE_BUFFER_H_
